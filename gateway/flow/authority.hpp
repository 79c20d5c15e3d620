#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/flow/ids.hpp"

namespace demat::flow {

/// A body whose flows pass here.
struct Authority {
  AuthorityId siren;
  std::string name;
  std::vector<Siret> sirets;  ///< registered by a person; nothing is learnt from what is posted
  bool active = true;
};

/// Where an authority's flows of one protocol go, and what they need on the way.
struct Route {
  AuthorityId authority;
  std::string protocol = "pes";
  DestinationName destination;
  std::string p_dest;  ///< parameter P_DEST of the Gateway (helios 3.3)
  std::string signer;  ///< name of a [[signer]]; empty: the gateway does not sign
};

/// What an identity may do for one authority (decisions, Identities).
enum class Role { depositor, transmitter, signatory, reader, operator_, auditor, platform_operator };
[[nodiscard]] std::string_view to_string(Role role);
[[nodiscard]] std::optional<Role> role_from(std::string_view text);

struct Grant {
  AuthorityId authority;  ///< empty for platform_operator
  Role role = Role::reader;
  friend auto operator<=>(const Grant&, const Grant&) = default;
};

/// The holder of a client certificate.
struct Identity {
  IdentityId id;     ///< SHA-256 of the certificate's DER
  std::string name;  ///< for the journal; not personal data: "e.magnus Valjoie"
  std::set<Grant> grants;
  bool active = true;
};

}  // namespace demat::flow
