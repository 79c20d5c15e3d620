#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/error.hpp"

namespace demat::http {

/// A client's certificate as it came.
struct PeerChain {
  std::string sha256;          ///< of the DER, 64 lower-case hexadecimal digits
  Bytes der;                   ///< empty: none was shown
  std::vector<Bytes> offered;  ///< what else it sent; a resumed session brings none
};

/// Which alert of TLS a refusal is.
enum class PeerFault { none, unknown_authority, expired, unsupported, weak, revoked, other };

struct PeerVerdict {
  PeerFault fault = PeerFault::none;
  Error refusal;  ///< unless `none`
};

/// Judges a client's certificate in place of TLS's own check against client_ca; no value: that check counts.
/// Called on the I/O thread, at the handshake and at each request: must be quick, and thread-safe.
using PeerJudge = std::function<std::optional<PeerVerdict>(const PeerChain&)>;

}  // namespace demat::http
