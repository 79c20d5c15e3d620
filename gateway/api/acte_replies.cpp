#include "gateway/api/acte_replies.hpp"

#include "gateway/api/context.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/upload.hpp"

namespace demat::api {

Result<intake::Submission> actes_submission(const Services& services, const http::Request& request) {
  auto identity = identify(services, request);
  if (!identity) return failure(std::move(identity.error()));
  const auto named = named_authority(request);
  if (!named) return failure(named.error());
  auto authority = intake::choose_authority(*identity, flow::Action::deposit, *named);
  if (!authority) return failure(std::move(authority.error()));
  const auto priority = priority_of(request);
  if (!priority) return failure(priority.error());
  return intake::Submission{std::move(*identity), std::move(*authority), {}, request.request_id, *priority};
}

http::Response taken_reply(const actes_road::Taken& taken, const http::Request& request) {
  if (!taken) return problem(taken.error().error, taken.error().report.findings, request);
  if (const auto* receipt = std::get_if<store::DurableReceipt>(&*taken)) return accepted_reply(*receipt);
  if (const auto* same = std::get_if<store::SameBytes>(&*taken))
    return outcome_reply(store::AcceptedAs::same_bytes, same->existing, request);
  return outcome_reply(store::AcceptedAs::key_taken, std::get<store::KeyTaken>(*taken).existing, request);
}

}  // namespace demat::api
