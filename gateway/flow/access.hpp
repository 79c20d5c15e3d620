#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "gateway/flow/authority.hpp"

namespace demat::flow {

/// What somebody wants to do. Routes and verbs name one of these; nothing else decides on rights.
enum class Action {
  deposit,     ///< submit a flow
  transmit,    ///< let a depositor's flow leave
  read,        ///< flows, documents, returns
  collect,     ///< mark returns read
  operate,     ///< hold, release, cancel, retry, resolve, replay
  audit,       ///< journal and trace register
  sign,        ///< have a flow signed with the authority's key
  administer,  ///< authorities, identities, routes, destinations, orphans
};
[[nodiscard]] std::string_view to_string(Action action);

/// The one authorisation point (design §1.6): deny by default, one table of role and action. A platform
/// operator may act on every authority; `authority` is ignored for administer. An inactive identity may do
/// nothing.
[[nodiscard]] bool may(const Identity& identity, Action action, const AuthorityId& authority);

/// The authorities for which the identity may do this; for the choice of one by the Demat-Authority header.
[[nodiscard]] std::vector<AuthorityId> authorities_for(const Identity& identity, Action action);

}  // namespace demat::flow
