#pragma once

#include <string>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/xml/source.hpp"

namespace demat::pes {

/// One anomaly at its place; codes unknown to us are kept as they came (decisions, Checks).
struct Anomaly {
  std::string num_ano_ack;      ///< ERREUR_..., may be empty
  std::string libelle_ano_ack;  ///< free text of the State
  std::string business_code;    ///< "1971" of "1971 - ...", when it parses (helios 4.5)
};

struct AcquitLigne {
  std::string num_ligne;
  std::vector<Anomaly> anomalies;
};

struct AcquitPiece {
  std::string num_piece;
  std::vector<Anomaly> anomalies;
  std::vector<AcquitLigne> lignes;
};

/// One ElementACQUIT: its domain, its verdict, what it is about, what went wrong where.
struct AcquitElement {
  std::string domaine_ack;  ///< "5"; see label of domaine_ack
  bool ok = false;          ///< EtatAck, true/1 (helios 1.4); V1: no NumAnoAck
  std::string num_bord;
  std::string exercice_bord;
  std::string id_marche;
  std::string id_unique;
  std::vector<Anomaly> anomalies;
  std::vector<AcquitPiece> pieces;
};

enum class AcquitVerdict { acknowledged, partly_rejected, rejected };
[[nodiscard]] const char* to_string(AcquitVerdict verdict);

/// Elements kept of one acquit; those beyond still count for the verdict.
inline constexpr std::size_t max_acquit_elements = 100'000;

struct Acquit {
  Header header;
  std::vector<AcquitElement> elements;
  AcquitVerdict verdict = AcquitVerdict::rejected;
  std::size_t elements_left_out = 0;  ///< beyond max_acquit_elements
};

/// Decodes PES_ACQUIT V1, V2 and PES_NonAcquit tolerantly: what a schema would refuse (box-1 acquits,
/// helios 1.4) is still decoded. Only a document that is not XML, or not an acquit, is an error
/// (`acquit.unreadable`). No element at all: acknowledged for PES_ACQUIT (old form, helios 7.1 status 4);
/// PES_NonAcquit is always rejected. Some elements ok and some not: partly_rejected, unless a KO element is
/// flow-wide (DomaineAck 0, 1, 2 or 99), which rejects all. The root's local name decides, so that an acquit
/// in a namespace of tomorrow is not lost: its header.kind is then Kind::unknown. An anomaly outside any
/// ElementACQUIT makes a KO element of its own.
[[nodiscard]] Result<Acquit> decode_acquit(const xml::ByteSource& source);

/// French label of a DomaineAck value ("5" -> "dépense"; helios 1.4); empty when unknown.
[[nodiscard]] std::string_view domaine_ack_label(std::string_view domaine);
/// The same in English ("5" -> "expense").
[[nodiscard]] std::string_view domaine_ack_label_en(std::string_view domaine);

/// The business code that begins a LibelleAnoAck, "1971" of "1971 - ..." (3 to 5 digits; helios 4.5); else
/// empty.
[[nodiscard]] std::string business_code_of(std::string_view libelle);

}  // namespace demat::pes
