#pragma once

#include <string_view>

#include "protocols/base/error.hpp"

/// The errors of transport. All wait, except unsafe_name: a destination that is down or badly configured
/// never makes a flow refused (design §1.4, R6). `destination` is its configured name; `detail` is for
/// operators.
namespace demat::transport {

enum class Fault {
  unreachable,    ///< name unknown, connection refused, no route
  timeout,        ///< no answer within the time given
  login,          ///< the peer refused user, password or key
  identity,       ///< certificate or host key not the expected one, or no TLS where it is required
  refused,        ///< the peer answered no; its reply is in `detail`
  full,           ///< no space at the peer
  interrupted,    ///< the connection broke in the middle
  bad_parameter,  ///< configuration gives a name or parameter that must not leave; nothing was sent
  unsafe_name,    ///< a listed name that must not be used as it is; permanent for that file
  absent,         ///< the file is not (or no longer) at the peer
  unavailable,    ///< the peer's service is down behind a server that answers (HTTP 5xx)
  unexpected,     ///< an answer that is neither yes nor no: the peer may have taken the file
};

[[nodiscard]] Error make_error(Fault fault, std::string_view destination, std::string_view detail);

/// Text of a peer made safe for logs, transcripts and JSON: always valid UTF-8. What is not UTF-8 is taken
/// for Latin-1, the encoding of the State; control characters are replaced. About 300 bytes at most; applying
/// it twice changes nothing.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace demat::transport
