#pragma once

#include "gateway/flow/flow.hpp"
#include "protocols/pes/header.hpp"

namespace demat::intake {

/// A flow with what it takes over from its document, and nothing else: its protocol, its names and keys. What
/// earlier flows are compared with comes from here alone, for a deposit and for a check without one.
[[nodiscard]] flow::Flow described(const pes::Header& header);

}  // namespace demat::intake
