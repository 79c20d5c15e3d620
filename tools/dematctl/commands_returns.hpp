#pragma once

#include <string>
#include <vector>

#include "tools/dematctl/commands.hpp"

/// Commands about what the State sends back; declared apart from commands.hpp for its length.
namespace demat::ctl {

// returns.cpp
/// What a pièce of a return is found by; empty: not asked.
struct PieceOptions {
  std::string domaine;
  std::string exercice;
  std::string bordereau;
  std::string piece;
  std::string etat;
};
struct ReturnOptions {
  std::string kind;
  bool unread = false;
  std::vector<std::string> states;
  std::string from;
  std::string to;
  std::string siret;
  std::string cod_col;
  std::string cod_bud;
  std::string typ_restit;
  PieceOptions of{};
  std::size_t limit = 50;  ///< 0: all
};
[[nodiscard]] Exit returns_list(Session& session, const ReturnOptions& options);
[[nodiscard]] Exit returns_show(Session& session, const std::string& id);
struct LineOptions {
  std::string id;
  PieceOptions of{};
  std::string ref_tiers;
  std::size_t limit = 50;  ///< pièces, clients or ASAP; 0: all
};
/// Each pièce to its lines.
[[nodiscard]] Exit returns_lines(Session& session, const LineOptions& options);
/// Has the PES_ACQUIT_RETOUR of each made and sent.
[[nodiscard]] Exit returns_acquit(Session& session, const Ids& ids);
struct OrphanOptions {
  std::string rule;
  std::string siret;
  std::size_t limit = 50;
};
[[nodiscard]] Exit orphans_list(Session& session, const OrphanOptions& options);

// sirets.cpp
struct SiretOptions {
  std::string siren;
  bool blocked = false;
  std::size_t limit = 0;  ///< 0: all
};
[[nodiscard]] Exit siret_list(Session& session, const SiretOptions& options);
/// Returns without owner by SIRET, and whose they may be.
[[nodiscard]] Exit siret_unassigned(Session& session);
struct BlockOptions {
  std::string siret;
  std::string reason;
};
[[nodiscard]] Exit siret_block(Session& session, const BlockOptions& options);
[[nodiscard]] Exit siret_unblock(Session& session, const BlockOptions& options);
struct AcquitOptions {
  std::string siren;
  std::string mode;  ///< empty: only told
};
[[nodiscard]] Exit authority_returns(Session& session, const AcquitOptions& options);

}  // namespace demat::ctl
