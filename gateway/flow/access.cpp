#include "gateway/flow/access.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace demat::flow {
namespace {

struct Right {
  Role role;
  Action action;
};

/// Decisions, Identities. What is not here is denied.
constexpr std::array rights = {
    Right{Role::depositor, Action::deposit},
    Right{Role::depositor, Action::read},
    Right{Role::depositor, Action::collect},
    Right{Role::transmitter, Action::deposit},
    Right{Role::transmitter, Action::transmit},
    Right{Role::transmitter, Action::read},
    Right{Role::transmitter, Action::collect},
    Right{Role::reader, Action::read},
    Right{Role::reader, Action::collect},
    Right{Role::operator_, Action::read},
    Right{Role::operator_, Action::collect},
    Right{Role::operator_, Action::operate},
    Right{Role::operator_, Action::transmit},
    Right{Role::signatory, Action::read},
    Right{Role::signatory, Action::collect},
    Right{Role::signatory, Action::sign},
    Right{Role::auditor, Action::read},
    Right{Role::auditor, Action::audit},
    Right{Role::platform_operator, Action::read},
    Right{Role::platform_operator, Action::collect},
    Right{Role::platform_operator, Action::operate},
    Right{Role::platform_operator, Action::audit},
    Right{Role::platform_operator, Action::administer},
};

bool has_right(Role role, Action action) {
  return std::any_of(rights.begin(), rights.end(),
                     [&](const Right& right) { return right.role == role && right.action == action; });
}

}  // namespace

bool may(const Identity& identity, Action action, const AuthorityId& authority) {
  if (!identity.active) return false;
  return std::any_of(identity.grants.begin(), identity.grants.end(), [&](const Grant& grant) {
    if (!has_right(grant.role, action)) return false;
    if (grant.role == Role::platform_operator) return true;
    return !authority.empty() && grant.authority == authority;
  });
}

std::vector<AuthorityId> authorities_for(const Identity& identity, Action action) {
  std::vector<AuthorityId> out;
  if (!identity.active) return out;
  for (const auto& grant : identity.grants) {
    if (grant.authority.empty() || !has_right(grant.role, action)) continue;
    if (out.empty() || out.back() != grant.authority) out.push_back(grant.authority);
  }
  return out;
}

std::string_view to_string(Action action) {
  switch (action) {
    case Action::deposit:
      return "deposit";
    case Action::transmit:
      return "transmit";
    case Action::read:
      return "read";
    case Action::collect:
      return "collect";
    case Action::operate:
      return "operate";
    case Action::audit:
      return "audit";
    case Action::sign:
      return "sign";
    case Action::administer:
      return "administer";
  }
  throw std::logic_error("unknown action");
}

}  // namespace demat::flow
