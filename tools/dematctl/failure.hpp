#pragma once

#include <boost/json/object.hpp>

#include "protocols/base/result.hpp"

namespace demat::ctl {

/// What the program ends with; scripts rely on these numbers.
enum class Exit {
  ok = 0,
  refused = 1,      ///< the file or the request is wrong, or the flow was refused
  usage = 2,        ///< wrong command line or configuration of dematctl
  not_found = 3,    ///< absent, or not yours
  denied = 4,       ///< certificate not known, or right missing
  conflict = 5,     ///< duplicate, or not possible in this state
  unavailable = 6,  ///< the gateway is busy or waiting: try again
  network = 7,      ///< no connection, or TLS refused
};

/// The exit that an HTTP status stands for.
[[nodiscard]] Exit exit_of_status(int status);

/// Why a command ends: what to print and what to end with.
struct Failure {
  Exit exit = Exit::refused;
  Error error;
  boost::json::object problem;  ///< the gateway's own problem, when it is what failed
};

template <class T>
using Answer = tl::expected<T, Failure>;

[[nodiscard]] inline tl::unexpected<Failure> fail(Failure failure) {
  return tl::unexpected<Failure>(std::move(failure));
}
[[nodiscard]] tl::unexpected<Failure> usage_failure(std::string_view code, std::string_view fr,
                                                    std::string_view en);

/// `ctl.damaged`: what came is not what was announced.
[[nodiscard]] Failure damaged();
/// `ctl.no_acquit`: of a flow that was not answered yet.
[[nodiscard]] Failure no_acquit();

/// A problem of the gateway (RFC 9457) as a Failure; one without the expected members still says its status.
[[nodiscard]] Failure from_problem(int status, const std::string& body);

}  // namespace demat::ctl
