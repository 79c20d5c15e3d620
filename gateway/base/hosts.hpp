#pragma once

#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

/// To whom the gateway may go by itself: lists of hosts, and what is no address of the public Internet.
namespace demat {

/// "hooks.example.fr" is itself; "*.example.fr" is every name below example.fr, not itself. Case is ignored.
[[nodiscard]] bool host_listed(std::string_view host, const std::vector<std::string>& patterns);
/// Listed by its very name: then it may also lie on a private network.
[[nodiscard]] bool host_named(std::string_view host, const std::vector<std::string>& patterns);

/// Not an address of the public Internet: loopback, private, link-local, shared, multicast, unspecified, and
/// what maps to one of these.
[[nodiscard]] bool is_private_address(const sockaddr& address);

}  // namespace demat
