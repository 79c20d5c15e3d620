#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/config/settings.hpp"
#include "protocols/base/result.hpp"

struct sockaddr;

namespace demat::push {

/// Where a webhook may go (peers 4-4): https, no user, a host of push.allowed_hosts. Errors: `push.off` (none
/// is allowed), `push.url`, `push.host`.
[[nodiscard]] Status check_url(const std::string& url, const config::Push& push);

/// "hooks.example.fr" is itself; "*.example.fr" is every name below example.fr, not itself. Case is ignored.
[[nodiscard]] bool host_listed(std::string_view host, const std::vector<std::string>& patterns);
/// Listed by its very name: then it may also lie on a private network.
[[nodiscard]] bool host_named(std::string_view host, const std::vector<std::string>& patterns);

/// Not an address of the public Internet: loopback, private, link-local, shared, multicast, unspecified, and
/// what maps to one of these.
[[nodiscard]] bool is_private_address(const sockaddr& address);

/// The host of an accepted URL, in lower case; empty when it has none.
[[nodiscard]] std::string host_of(const std::string& url);

}  // namespace demat::push
