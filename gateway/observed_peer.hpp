#pragma once

#include <memory>

#include "gateway/pipeline/recorder.hpp"
#include "gateway/transport/peer.hpp"

namespace demat {

/// The names under which a destination's two directions are known to observe::Vitals.
[[nodiscard]] std::string send_part(std::string_view destination);
[[nodiscard]] std::string poll_part(std::string_view destination);

/// A peer for the destination that notes in the recorder's vitals how each deposit and each look at the
/// returns went, whoever asked for it. `recorder` outlives it.
[[nodiscard]] std::unique_ptr<transport::Peer> make_observed_peer(const config::Destination& destination,
                                                                  pipeline::Recorder& recorder);

/// The same around a peer that is given.
[[nodiscard]] std::unique_ptr<transport::Peer> observe_peer(std::unique_ptr<transport::Peer> peer,
                                                            const std::string& destination,
                                                            pipeline::Recorder& recorder);

}  // namespace demat
