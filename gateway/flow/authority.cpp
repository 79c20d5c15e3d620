#include "gateway/flow/authority.hpp"

#include <array>
#include <stdexcept>

namespace demat::flow {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::depositor:
      return "depositor";
    case Role::transmitter:
      return "transmitter";
    case Role::signatory:
      return "signatory";
    case Role::reader:
      return "reader";
    case Role::operator_:
      return "operator";
    case Role::auditor:
      return "auditor";
    case Role::platform_operator:
      return "platform_operator";
  }
  throw std::logic_error("unknown role");
}

std::optional<Role> role_from(std::string_view text) {
  using enum Role;
  for (const auto role :
       std::array{depositor, transmitter, signatory, reader, operator_, auditor, platform_operator})
    if (to_string(role) == text) return role;
  return std::nullopt;
}

}  // namespace demat::flow
