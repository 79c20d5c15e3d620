#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/flow/flow.hpp"

namespace demat::flow {

/// What an authority numbers once and for all, as far as a gateway can tell.
enum class NumberKind {
  pj,         ///< IdUnique of an attachment: over all domains, budgets and years (helios P11)
  bordereau,  ///< IdBord: within budget, exercice, type and domain (helios P24)
  signed_,    ///< digest of a signed bordereau, or of a flow signed as a whole (signature T50)
  marche,     ///< SequenceEnvoi of a contract (helios 9.3)
  retour,     ///< a domain of a PES_Retour that is acquitted (helios 1.6)
};
[[nodiscard]] std::string_view to_string(NumberKind kind);
[[nodiscard]] std::optional<NumberKind> number_kind_from(std::string_view text);

/// One number of a flow: what must be unique within its authority, and where it stands.
struct Number {
  NumberKind kind = NumberKind::pj;
  std::string key;  ///< made by one of the functions below
  Place place;
};

/// A bordereau as its people number it.
struct BordereauNumber {
  std::string domaine;  ///< "depense" or "recette"
  std::string exercice;
  std::string type;    ///< TypBord
  std::string numero;  ///< IdBord

  friend bool operator==(const BordereauNumber&, const BordereauNumber&) = default;
};

/// Keys of numbers. A bordereau's holds the budget of its flow.
[[nodiscard]] std::string bordereau_key(const BordereauNumber& number, const Flow& flow);
[[nodiscard]] std::string marche_key(std::string_view contrat, unsigned sequence);
/// By the bytes of the return: it is the same one, however often it came.
[[nodiscard]] std::string retour_key(std::string_view domaine, const Sha256& retour);
/// The bordereau, the contract and its sequence, or the domain of a return, that such a key was made from;
/// empty when it is no such key.
[[nodiscard]] BordereauNumber bordereau_of(std::string_view key);
struct ContratSequence {
  std::string contrat;
  unsigned sequence = 0;
};
[[nodiscard]] ContratSequence marche_of(std::string_view key);
[[nodiscard]] std::string retour_domaine_of(std::string_view key);
/// "0007" and "7" are one number to the State.
[[nodiscard]] std::string_view without_zeros(std::string_view number);

/// What became of a contract's record (decisions, Verbs).
enum class MarcheState {
  pending,   ///< on its way, or without an answer
  accepted,  ///< by the State
  rejected,  ///< by the State
  unnamed,   ///< its flow was answered in part, and the answer does not speak of it
};
[[nodiscard]] std::string_view to_string(MarcheState state);
[[nodiscard]] std::optional<MarcheState> marche_state_from(std::string_view text);

/// One record of a contract, as the State orders them (helios 9.2).
struct MarcheRecord {
  std::string contrat;    ///< IdContrat
  unsigned sequence = 0;  ///< SequenceEnvoi, from 1
  std::string ordre;      ///< NumeroOrdreModification: "00" for the initial one
  bool correctif = false;
  std::string nature;
  bool concession = false;
  MarcheState state = MarcheState::pending;

  friend bool operator==(const MarcheRecord&, const MarcheRecord&) = default;
};

/// What a PES_ACQUIT_RETOUR says it acquits; which return that is, the store knows.
struct AcquittedReturn {
  std::string domaine;  ///< "depense" or "recette"
  std::string nom_fic;  ///< NomFichierRetour
  Place place;
};

/// All that a flow numbers, kept when its checks have accepted it (helios B28).
struct Numbers {
  std::vector<Number> numbers;
  std::vector<MarcheRecord> marches;
  std::size_t left_out = 0;  ///< beyond max_numbers: neither kept nor looked up
  std::vector<AcquittedReturn> returns{};
};

/// Numbers kept of one flow.
inline constexpr std::size_t max_numbers = 50'000;

/// A number that an earlier flow of the authority carries, and that still counts.
struct NumberTaken {
  std::size_t index = 0;  ///< in Numbers::numbers
  FlowId flow;            ///< the earlier one
  NomFic nom_fic;
  State state = State::received;
  Instant created_at{};
};

/// What an acquit says of one part of its flow.
struct AnsweredPart {
  NumberKind kind = NumberKind::bordereau;
  bool ok = false;
  std::string domaine;    ///< of a bordereau: "depense", "recette"; empty when the acquit leaves it open
  std::string exercice;   ///< of a bordereau; empty likewise
  std::string numero;     ///< IdBord; IdUnique; IdContrat; empty: all of that kind in the flow
  unsigned sequence = 0;  ///< of a contract; 0: all
};

/// "2026ABC-002" of an acquit: contract and sequence (helios 1.4). Sequence 0 when it does not end so.
[[nodiscard]] ContratSequence read_id_marche(std::string_view id_marche);
/// Whether an acquit's contract is this one: the reference may come padded with blanks or zeros.
[[nodiscard]] bool same_contrat(std::string_view acquit, std::string_view contrat);

}  // namespace demat::flow
