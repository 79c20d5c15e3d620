#pragma once

#include <functional>
#include <string>

#include "gateway/config/settings.hpp"
#include "gateway/flow/authority.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/transport/peer.hpp"

namespace demat::pipeline {

/// What the peer must be told about a flow.
struct RemoteAddress {
  transport::Parameters parameters;
  std::string remote_name;
};

/// Gives the next number of a counter key, durably (Store::next_counter).
using CounterSource = std::function<Result<std::uint64_t>(const std::string& key)>;

/// The usual remote name of a mode (helios 3.2): PESALR2_<SIREN>_<yymmdd>_<NNN>.xml, or the parameters in the
/// name for Passtrans SFTP.
[[nodiscard]] std::string default_remote_name(config::LinkMode mode);

/// Fills the destination's templates for a flow. `sha1` is that of the bytes that leave. The counter runs per
/// authority and Paris day and goes on with four digits after 999 (decisions, Windows); it is only drawn when
/// the template uses {NNN}. A flow that already has a remote name keeps it. Errors: `naming.*`, the
/// counter's.
[[nodiscard]] Result<RemoteAddress> remote_address(const flow::Flow& flow, const flow::Route& route,
                                                   const config::Destination& destination, const Sha1& sha1,
                                                   Instant now, const CounterSource& counter);

}  // namespace demat::pipeline
