#pragma once

#include <string_view>

#include "gateway/flow/state.hpp"
#include "protocols/base/error.hpp"
#include "protocols/xades/instant.hpp"

namespace demat::pipeline {

[[nodiscard]] Error no_signer(std::string_view name);          ///< signing.no_signer, waiting
[[nodiscard]] Error not_its_authority(std::string_view name);  ///< signing.authority, waiting
/// `signature.not_waiting`: the flow stands elsewhere, or its signature is not an agent's.
[[nodiscard]] Error not_waiting_for_agent(flow::State state);
[[nodiscard]] Error unknown_request();                           ///< signature.unknown_request
[[nodiscard]] Error request_expired();                           ///< signature.expired
[[nodiscard]] Error request_done();                              ///< signature.done
[[nodiscard]] Error values_incomplete(std::string_view detail);  ///< signature.incomplete
/// What signing::check_leaf says of a key of the gateway, in words for the agent at his card:
/// the agent: `signature.certificate`, `.certificate_authority`, `.certificate_usage`, `.certificate_weak`.
[[nodiscard]] Error unfit_card(const Error& found);
[[nodiscard]] Error card_out_of_date(xades::Instant end);  ///< signature.certificate_period
/// `signature.refused`, with the words of the first finding.
[[nodiscard]] Error signed_form_refused(std::string_view fr, std::string_view en);
/// `trust.untrusted`, with the words of the first finding.
[[nodiscard]] Error signer_untrusted(std::string_view fr, std::string_view en);

}  // namespace demat::pipeline
