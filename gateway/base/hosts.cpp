#include "gateway/base/hosts.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace demat {
namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

struct Network {
  std::uint32_t address;
  int bits;
};
constexpr std::array private_networks = {
    Network{0x00000000, 8},  Network{0x0A000000, 8},  Network{0x64400000, 10}, Network{0x7F000000, 8},
    Network{0xA9FE0000, 16}, Network{0xAC100000, 12}, Network{0xC0000000, 24}, Network{0xC0A80000, 16},
    Network{0xC6120000, 15}, Network{0xE0000000, 3},  // multicast, reserved, broadcast
};

bool is_private(std::uint32_t v4) {
  return std::any_of(private_networks.begin(), private_networks.end(), [&](const Network& network) {
    return (v4 >> (32 - network.bits)) == (network.address >> (32 - network.bits));
  });
}

std::uint32_t last_four(const in6_addr& address) {
  std::uint32_t v4 = 0;
  std::memcpy(&v4, address.s6_addr + 12, sizeof v4);
  return ntohl(v4);
}

/// Only 2000::/3 is public, and in it neither tunnels (2002::/16, 2001::/32) nor documentation.
bool is_private(const in6_addr& address) {
  const auto* bytes = address.s6_addr;
  const bool mapped = std::all_of(bytes, bytes + 10, [](std::uint8_t byte) { return byte == 0; }) &&
                      bytes[10] == 0xFF && bytes[11] == 0xFF;
  if (mapped) return is_private(last_four(address));
  if ((bytes[0] & 0xE0U) != 0x20U) return true;
  const bool tunnel = (bytes[0] == 0x20 && bytes[1] == 0x02) ||
                      (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0);
  return tunnel || (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0D && bytes[3] == 0xB8);
}

}  // namespace

bool host_named(std::string_view host, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return lower_case(pattern) == host; });
}

bool host_listed(std::string_view host, const std::vector<std::string>& patterns) {
  if (host_named(host, patterns)) return true;
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    if (!pattern.starts_with("*.")) return false;
    const auto tail = lower_case(std::string_view(pattern).substr(1));
    return host.size() > tail.size() && host.ends_with(tail);
  });
}

bool is_private_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_private(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    return is_private(v6.sin6_addr);
  }
  return true;
}

}  // namespace demat
