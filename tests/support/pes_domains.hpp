#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/pes_samples.hpp"

/// Sample flows of the domains beside dépense and recette: facture (ASAP), marché, concession, and what goes
/// with returns. Valid under packs 5.17 and 5.30, and written to break no rule of the protocol.
namespace demat::samples {

/// A batch of avis des sommes à payer, one for each titre of a bordereau.
struct AsapShape {
  std::size_t titres = 2;
  std::size_t lignes = 2;  ///< of each invoice
  std::size_t bordereau = 1;
  std::size_t first_titre = 1;
  std::string exercice = "2026";
  std::string type = "09";  ///< TypeFact; 10 writes patient blocks
  std::uint64_t seed = 1;
};

/// A flow that holds one PES_Facture and nothing else.
[[nodiscard]] std::string facture(const SampleHeader& header = {}, const AsapShape& shape = {});
/// A recette flow whose titres each have their ASAP, the same amounts, as a PJ of type 006: a PES_Aller with
/// one PES_Facture, in gzip and base64. Set InfoDematerialisee and Ids as FlowShape does by default.
[[nodiscard]] std::string recette_with_asap(const SampleHeader& header = {}, const AsapShape& shape = {});

/// One sending of a contract. The initial one has modification 0 and sequence 1.
struct ContractShape {
  std::string id_contrat = "2026TRAVX01";
  unsigned modification = 0;  ///< NumeroOrdreModification; from 1 on, a block of modification is written
  unsigned sequence = 1;
  bool corrective = false;
  bool attachment = true;  ///< the contract itself, as a PJ of type 009 (marchés only)
  std::string nature = "01";
  std::uint64_t seed = 1;  ///< parties and amounts: the same for every sending of a contract
};

/// A PES_Marche with one marché: one buyer, two titulaires, a subcontractor paid directly.
[[nodiscard]] std::string marche(const SampleHeader& header = {}, const ContractShape& shape = {});
/// A PES_Marche with one concession.
[[nodiscard]] std::string concession(const SampleHeader& header = {}, const ContractShape& shape = {});

/// A PES_ACQUIT_RETOUR for the return `nom_fic_retour`. Domaine 13 dépense, 14 recette.
[[nodiscard]] std::string acquit_retour(const SampleHeader& header, const std::string& nom_fic_retour,
                                        const std::string& domaine = "13",
                                        const std::string& typ_restit = "02");

/// A PES_Retour that says of each PJ of a flow what became of the ASAP: posted, notified, rejected in turn.
/// 5.30 only. The titres are those of the flow's recette bordereaux.
[[nodiscard]] std::string asap_retour(const FlowOutline& flow, std::string nom_fic = {});
/// A PES_Retour with what clients of an authority still owe.
[[nodiscard]] std::string client_retour(const FlowOutline& flow, std::size_t clients = 3);

}  // namespace demat::samples
