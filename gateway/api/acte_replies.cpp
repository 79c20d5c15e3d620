#include "gateway/api/acte_replies.hpp"

#include "gateway/api/context.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/upload.hpp"

namespace demat::api {

http::Response taken_reply(const actes_road::Taken& taken, const http::Request& request) {
  if (!taken) return problem(taken.error().error, taken.error().report.findings, request);
  if (const auto* receipt = std::get_if<store::DurableReceipt>(&*taken)) return accepted_reply(*receipt);
  if (const auto* same = std::get_if<store::SameBytes>(&*taken))
    return outcome_reply(store::AcceptedAs::same_bytes, same->existing, request);
  return outcome_reply(store::AcceptedAs::key_taken, std::get<store::KeyTaken>(*taken).existing, request);
}

}  // namespace demat::api
