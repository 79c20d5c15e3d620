#pragma once

#include "gateway/flow/acte.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/flow/state.hpp"

namespace demat::pipeline {

/// Whether the State answers what this flow carries: PES_ACQUIT_RETOUR asks for no answer (helios 1.2), nor
/// do some messages of ACTES (actes 1.2).
[[nodiscard]] inline bool is_answered(const flow::Flow& flow) {
  return flow.protocol == flow::actes_protocol ? flow::is_answered(flow.typ_fic)
                                               : flow.protocol != flow::acquit_retour_protocol;
}

/// What a send that ended well does to its flow.
[[nodiscard]] inline flow::Trigger delivered(const flow::Flow& flow) {
  return is_answered(flow) ? flow::Trigger::finish_send : flow::Trigger::finish_send_final;
}

/// What the news that it was delivered does to an uncertain flow: without an answer to wait for it is done.
[[nodiscard]] inline flow::Trigger found_delivered(const flow::Flow& flow) {
  return is_answered(flow) ? flow::Trigger::find_sent : flow::Trigger::finish_send_final;
}

}  // namespace demat::pipeline
