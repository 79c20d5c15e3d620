#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "gateway/api/services.hpp"
#include "gateway/flow/access.hpp"
#include "gateway/flow/acte.hpp"
#include "gateway/http/router.hpp"

namespace demat::api {

/// What a route wants before its handler runs; checked in one place (guard.cpp).
enum class Needs {
  nothing,   ///< probes
  identity,  ///< any registered certificate
  platform,  ///< the action on the platform as a whole
  anywhere,  ///< the action for some authority, or the platform
  flow,      ///< {id} is a flow the caller may read (else 404); the action on its authority (else 403)
  received,  ///< {id} is a return the caller may read (else 404); the action on its authority (else 403)
  orphan,    ///< the action on the platform, and {id} is an orphan
  letter,    ///< {id} is a letter the caller may read (else 404); the action on its authority (else 403)
};

/// A call that passed the guard: what its handler sees.
struct Context {
  const Services& services;
  const http::Request& request;
  const std::string& body;
  flow::Identity identity;
  flow::Flow flow;       ///< with Needs::flow
  flow::Return inbound;  ///< with Needs::received and Needs::orphan
  flow::Letter letter;   ///< with Needs::letter
};

using Call = http::Response (*)(const Context&);

/// One line of the table of routes.
struct Row {
  const char* method;
  const char* pattern;
  Needs needs;
  flow::Action action;  ///< ignored with Needs::nothing and Needs::identity
  Call call;
  std::uint64_t most = 0;  ///< bytes of the body, when they are not http::limits::small_body
};

/// Who the certificate belongs to, narrowed by the bearer token if there is one. Errors:
/// `access.no_certificate`, `access.unknown_certificate`, `access.bad_token`.
[[nodiscard]] Result<flow::Identity> identify(const Services& services, const http::Request& request);

/// The header Demat-Authority or the query parameter `authority`; empty when neither is given. Two different
/// ones are an error (`api.parameter`).
[[nodiscard]] Result<std::string> named_authority(const http::Request& request);

/// Checks what the row needs, then calls its handler.
[[nodiscard]] http::Response guarded(const Services& services, const Row& row, const http::Request& request,
                                     const std::string& body);

/// The body as a JSON object without unknown members: a misspelt one must not be taken for its default.
[[nodiscard]] Result<boost::json::object> json_body(const Context& context,
                                                    std::initializer_list<std::string_view> members);
/// Errors: `api.field`. A missing member gives `fallback`, or the error when there is none.
[[nodiscard]] Result<std::string> text_member(const boost::json::object& object, std::string_view name,
                                              const std::optional<std::string>& fallback = std::nullopt);
[[nodiscard]] Result<bool> bool_member(const boost::json::object& object, std::string_view name,
                                       std::optional<bool> fallback = std::nullopt);

/// A moment as a parameter; empty when it is not given. Error: `api.parameter`.
[[nodiscard]] Result<std::optional<Instant>> instant_parameter(const http::Request& request,
                                                               const std::string& name);

/// Page parameters of a list.
struct Paging {
  std::size_t limit = limits::default_page;
  std::string cursor;
};
[[nodiscard]] Result<Paging> paging(const http::Request& request);
/// The path of the next page with the same filters.
[[nodiscard]] std::string next_url(const http::Request& request, const std::string& cursor);

/// The authority a list is about: the one named, the only one the caller may read, or nothing for a platform
/// operator who names none.
[[nodiscard]] Result<std::optional<AuthorityId>> listed_authority(const Context& context);

}  // namespace demat::api
