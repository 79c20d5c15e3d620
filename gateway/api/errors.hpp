#pragma once

#include <string>
#include <vector>

#include "gateway/http/message.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/finding.hpp"

namespace demat::api {

/// The HTTP status of an error: one table by code, 503 for whatever may pass by itself, 422 for the rest.
[[nodiscard]] int status_of(const Error& error);

/// The problem reply for an error; `flow` is the id of the flow concerned, if any.
[[nodiscard]] http::Response problem(const Error& error, const http::Request& request,
                                     const std::string& flow = {});

/// The same with what the rules found: the fields at fault.
[[nodiscard]] http::Response problem(const Error& error, std::vector<Finding> findings,
                                     const http::Request& request, const std::string& flow = {});

// The errors that the API itself makes.
[[nodiscard]] Error no_certificate();
[[nodiscard]] Error unknown_certificate();
[[nodiscard]] Error denied();
[[nodiscard]] Error unknown_flow();  ///< absent and not yours alike (design §1.6)
[[nodiscard]] Error unknown_return();
[[nodiscard]] Error unknown_letter();
[[nodiscard]] Error unknown(std::string_view fr, std::string_view en);
[[nodiscard]] Error unknown_authority();
[[nodiscard]] Error bad_parameter(const std::string& name);
[[nodiscard]] Error bad_json(std::string_view detail);
[[nodiscard]] Error bad_field(const std::string& name);
[[nodiscard]] Error unsupported_media(bool json_wanted);
[[nodiscard]] Error no_file();
[[nodiscard]] Error reserved_reason(std::string_view reason);
[[nodiscard]] Error key_taken(const std::string& existing);

}  // namespace demat::api
