#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/flow/ids.hpp"

namespace demat::flow {

/// What became of a file received from the State.
enum class ReturnState {
  imported,   ///< durable, not yet looked at
  matched,    ///< an acquit, attached to its flow
  available,  ///< a return of an authority, to be fetched
  orphan,     ///< belongs to nobody we know
  ignored,    ///< set aside: echo, OCRE, or by a person
};
[[nodiscard]] std::string_view to_string(ReturnState state);
[[nodiscard]] std::optional<ReturnState> return_state_from(std::string_view text);

/// A file received from the State (decisions: inbound documents are items with their own small table).
struct Return {
  ReturnId id;
  std::string kind;  ///< pes::to_string(), ocre, unknown, or actes_1-2, actes_mail...
  ReturnState state = ReturnState::imported;
  DestinationName destination;  ///< where it was fetched from
  std::string remote_name;
  AuthorityId authority;   ///< empty while unknown
  FlowId flow;             ///< of a matched acquit
  std::string match_rule;  ///< which step of the key matched (helios 8.1), or why none did
  NomFic nom_fic;
  std::string cod_col;
  std::string id_post;
  std::string cod_bud;
  std::string id_coll;
  Sha256 sha256;
  Sha1 sha1;
  std::uint64_t size = 0;
  Instant received_at{};
  std::string summary;                  ///< JSON: the decoded acquit or return
  bool read = false;                    ///< an explicit mark, never implied by a download
  std::vector<std::string> domaines{};  ///< of a return: "depense", "recette", "client", "asap"
  std::string typ_restit{};             ///< of a return: 01 rejets, 02 périodique, 03 stock
  std::string day{};                    ///< of a return: DteStr
  FlowId acquit{};                      ///< the flow that carries its PES_ACQUIT_RETOUR
  std::string acquit_note{};            ///< `acquit_due`, or the code of what stands in its way
};

/// Value of Return::acquit_note: its PES_ACQUIT_RETOUR is to be made by the gateway.
inline constexpr std::string_view acquit_due = "due";

/// When the gateway sends a PES_ACQUIT_RETOUR by itself; a person or a program may always ask for it.
enum class AcquitMode {
  never,
  on_read,     ///< once the return is marked read: the accounting program has it
  on_receipt,  ///< as soon as it is here
};
[[nodiscard]] std::string_view to_string(AcquitMode mode);
[[nodiscard]] std::optional<AcquitMode> acquit_mode_from(std::string_view text);

/// One anomaly of an acquit, at its place.
struct AcquitAnomaly {
  std::string domaine;
  std::string exercice;
  std::string bordereau;
  std::string piece;
  std::string ligne;
  std::string id_unique;
  std::string num_ano_ack;
  std::string libelle_ano_ack;
};

}  // namespace demat::flow
