#include <array>

#include "protocols/marche/decp_writer.hpp"

/// contrat-concession of DECP.
namespace demat::marche {
namespace {

constexpr std::array<DecpWord, 4> natures{{{"01", "Concession de travaux"},
                                           {"02", "Concession de service"},
                                           {"03", "Concession de service public"},
                                           {"04", "Délégation de service public"}}};
constexpr std::array<DecpWord, 4> procedures{{{"01", "Procédure négociée ouverte"},
                                              {"02", "Procédure non négociée ouverte"},
                                              {"03", "Procédure négociée restreinte"},
                                              {"04", "Procédure non négociée restreinte"}}};

void execution(DecpContract& out, const Concession& c) {
  if (c.donnees_annuelles.empty()) return;
  out.xml.open("donneesExecution");
  std::size_t number = 0;
  for (const auto& year : c.donnees_annuelles) {
    const auto path = "donneesExecution/" + std::to_string(++number);
    out.xml.open("donneesAnnuelles");
    out.required_within(path, "datePublicationDonneesExecution", date_of(year.date_publication),
                        "datePublicationDonneesExecution");
    const auto spent = year.depenses.cents();
    out.required_within(path, "depensesInvestissement",
                        spent ? std::optional(decimal(*spent)) : std::nullopt);
    out.xml.open("tarifs");
    std::size_t row = 0;
    for (const auto& tarif : year.tarifs) {
      const auto at = path + "/tarifs/" + std::to_string(++row);
      const auto price = tarif.montant.cents();
      out.xml.open("tarif");
      out.required_within(at, "intituleTarif", text_of(tarif.intitule));
      out.required_within(at, "tarif", price ? std::optional(decimal(*price)) : std::nullopt);
      out.xml.close("tarif");
    }
    out.xml.close("tarifs");
    out.xml.close("donneesAnnuelles");
  }
  out.xml.close("donneesExecution");
}

/// The PES numbers the sending, not each modification: the last one has the number of the sending.
void modifications(DecpContract& out, const Concession& c) {
  if (c.modifications.empty()) return;
  const auto count = static_cast<unsigned>(c.modifications.size());
  const auto last = std::max(c.identifiant.numero_ordre.number().value_or(0), count);
  out.xml.open("modifications");
  unsigned number = last - count;
  for (const auto& one : c.modifications) {
    const auto id = std::to_string(++number);
    const auto path = "modifications/" + id;
    out.xml.open("modification");
    out.xml.leaf("id", id);
    out.required_within(path, "dateSignatureModification", date_of(one.date_signature));
    out.required_within(path, "datePublicationDonneesModification", date_of(one.date_publication),
                        "datePublicationDonneesModification");
    if (const auto months = count_of(one.duree)) out.xml.leaf("dureeMois", *months);
    if (const auto value = amount_of(one.valeur_globale.cents())) out.xml.leaf("valeurGlobale", *value);
    out.xml.close("modification");
  }
  out.xml.close("modifications");
}

void parties(DecpContract& out, const Concession& c) {
  out.xml.open("concessionnaires");
  std::size_t number = 0;
  for (const auto& one : c.concessionnaires) {
    out.xml.open("concessionnaire");
    out.party("concessionnaires/" + std::to_string(++number), one);
    out.xml.close("concessionnaire");
  }
  out.xml.close("concessionnaires");
}

}  // namespace

std::string decp_concession(const Concession& c, std::string_view id_coll, const DecpGiven& given,
                            Decp& decp) {
  DecpContract out(c.identifiant.id_contrat.text, given, decp);
  out.whole(c);
  out.xml.open("contrat-concession");
  out.required("id", text_of(c.identifiant.id_contrat, longest_id));
  out.xml.open("autoriteConcedante");
  const auto authority =
      out.value("autoriteConcedante", id_coll.empty() ? std::nullopt : std::optional(std::string(id_coll)));
  out.required_within("autoriteConcedante", "id", authority, "autoriteConcedante");
  out.xml.close("autoriteConcedante");
  out.required("nature", word_of(natures, c.nature));
  out.required("objet", text_of(c.objet, longest_subject));
  out.required("procedure", word_of(procedures, c.procedure));
  out.required("dureeMois", count_of(c.duree));
  out.required("dateSignature", date_of(c.date_signature));
  out.required("datePublicationDonnees", date_of(c.date_publication));
  out.required("dateDebutExecution", date_of(c.date_debut_execution));
  out.required("valeurGlobale", amount_of(c.valeur_globale.cents()));
  const auto subsidy = c.subvention.cents();
  out.required("montantSubventionPublique", subsidy ? std::optional(decimal(*subsidy)) : std::nullopt);
  execution(out, c);
  parties(out, c);
  out.required_list("considerationsSociales", "considerationSociale", {}, "Marché réservé");
  out.required_list("considerationsEnvironnementales", "considerationEnvironnementale", {});
  modifications(out, c);
  out.xml.close("contrat-concession");
  return out.xml.take();
}

}  // namespace demat::marche
