#include <algorithm>
#include <array>
#include <set>

#include "protocols/marche/decp_writer.hpp"
#include "protocols/rules/values.hpp"

/// marche of DECP.
namespace demat::marche {
namespace {

constexpr std::string_view purchase_orders = "03";  // natures
constexpr std::string_view framework = "04";
constexpr std::string_view subsequent = "05";

constexpr std::array<DecpWord, 6> natures{{{"01", "Marché"},
                                           {"02", "Marché de partenariat"},
                                           {"03", "Marché"},
                                           {"04", "Marché"},
                                           {"05", "Marché"},
                                           {"06", "Marché"}}};
constexpr std::array<DecpWord, 7> procedures{
    {{"01", "Procédure adaptée"},
     {"02", "Appel d'offres ouvert"},
     {"03", "Appel d'offres restreint"},
     {"04", "Procédure avec négociation"},
     {"05", "Procédure avec négociation"},
     {"06", "Marché passé sans publicité ni mise en concurrence préalable"},
     {"07", "Dialogue compétitif"}}};
constexpr std::array<DecpWord, 3> price_forms{{{"01", "Unitaire"}, {"02", "Forfaitaire"}, {"03", "Mixte"}}};
constexpr std::array<DecpWord, 4> price_types{{{"01", "Définitif ferme"},
                                               {"02", "Définitif actualisable"},
                                               {"03", "Définitif révisable"},
                                               {"04", "Provisoire"}}};
constexpr std::array<DecpWord, 3> variations{{{"01", "Ferme"}, {"02", "Actualisable"}, {"03", "Révisable"}}};
constexpr std::array<DecpWord, 3> sociales{
    {{"01", "Clause sociale"}, {"02", "Critère social"}, {"03", "Marché réservé"}}};
constexpr std::array<DecpWord, 2> environnementales{
    {{"01", "Clause environnementale"}, {"02", "Critère environnemental"}}};
constexpr std::array<DecpWord, 6> technique_words{{{"01", "Accord-cadre"},
                                                   {"02", "Concours"},
                                                   {"03", "Système de qualification"},
                                                   {"04", "Système d'acquisition dynamique"},
                                                   {"05", "Catalogue électronique"},
                                                   {"06", "Enchère électronique"}}};
constexpr std::array<DecpWord, 7> ccags{{{"01", "Travaux"},
                                         {"02", "Fournitures courantes et services"},
                                         {"03", "Marchés industriels"},
                                         {"04", "Prestations intellectuelles"},
                                         {"05", "Techniques de l'information et de la communication"},
                                         {"06", "Pas de CCAG"},
                                         {"07", "Maitrise d'œuvre"}}};
constexpr std::array<DecpWord, 3> groupings{
    {{"01", "Pas de groupement"}, {"02", "Solidaire"}, {"03", "Conjoint"}}};

void add(Values& values, std::string_view word) {
  if (std::find(values.begin(), values.end(), word) == values.end()) values.emplace_back(word);
}

/// Who buys: the PA; else whoever sends the flow (TMarche/PA).
std::optional<std::string> buyer(const Marche& m, std::string_view id_coll) {
  if (m.pa && m.pa->id.present()) return m.pa->id.text;
  if (!id_coll.empty()) return std::string(id_coll);
  return m.acheteurs.empty() ? std::nullopt : text_of(m.acheteurs.front().id);
}

/// The first modification, by date, that changes such a value: what it changed is the initial one.
const Modification* first_change(const Marche& m, Leaf Modification::*delta) {
  const Modification* first = nullptr;
  for (const auto& one : m.modifications) {
    if (one.element != "ModificationMontantDuree" || !(one.*delta).present()) continue;
    const bool earlier = first != nullptr && one.date_signature.text < first->date_signature.text;
    if (first == nullptr || earlier) first = &one;
  }
  return first;
}

std::optional<std::string> initial_duration(const Marche& m) {
  const auto* change = first_change(m, &Modification::delta_duree);
  if (change == nullptr) return count_of(m.duree);
  const auto after = change->duree.cents();
  const auto delta = change->delta_duree.cents();
  if (!after || !delta || *after - *delta < 100) return count_of(m.duree);
  return std::to_string((*after - *delta) / 100);
}

/// An agreement without a fixed amount counts with its estimate ("HT forfaitaire ou estimé maximum").
bool counts_estimate(const Marche& m) {
  return (m.nature.is(framework) || m.nature.is(purchase_orders)) && m.montant_estime.present();
}

std::optional<std::string> initial_amount(const Marche& m) {
  const bool estimated = counts_estimate(m);
  const auto* change =
      first_change(m, estimated ? &Modification::delta_montant_estime : &Modification::delta_montant_ht);
  const auto now = estimated ? m.montant_estime.cents() : m.montant_ht.cents();
  if (change == nullptr) return amount_of(now);
  const auto after = estimated ? change->montant_estime.cents() : change->montant_ht.cents();
  const auto delta = estimated ? change->delta_montant_estime.cents() : change->delta_montant_ht.cents();
  return amount_of(after && delta ? std::optional(*after - *delta) : now);
}

std::vector<Leaf> of_titulaires(const Marche& m, Leaf Conditions::*leaf) {
  std::vector<Leaf> out;
  if (!m.operateurs) return out;
  for (const auto& one : m.operateurs->titulaires)
    if (one.conditions) out.push_back(*one.conditions.*leaf);
  return out;
}

std::optional<std::string> price_form(const Marche& m) {
  const auto forms = words_of(price_forms, of_titulaires(m, &Conditions::forme_prix));
  if (forms.empty()) return std::nullopt;
  return forms.size() == 1 ? forms.front() : "Mixte";
}

/// The list of 5.30; else the flag of the packs before it.
Values considerations(const std::vector<Leaf>& listed, std::span<const DecpWord> words, const Leaf& clause,
                      std::string_view none) {
  auto out = words_of(words, listed);
  if (out.empty() && clause.present()) out.emplace_back(clause.yes() ? words.front().word : none);
  return out;
}

Values techniques(const Marche& m, const ConditionsMarche& c) {
  auto out = words_of(technique_words, c.techniques);
  if (m.nature.is(purchase_orders) || m.nature.is(framework) || m.nature.is(subsequent))
    add(out, "Accord-cadre");
  if (m.procedure.is("08")) add(out, "Concours");
  if (m.procedure.is("09")) add(out, "Système d'acquisition dynamique");
  return out;
}

Values modalities(const Marche& m, const ConditionsMarche& c) {
  Values out;
  if (c.modalite.is("03") || c.modalite.is("04")) add(out, "Tranches");
  if (c.modalite.is("02") || c.modalite.is("04") || m.nature.is(purchase_orders))
    add(out, "Bons de commande");
  if (m.nature.is(framework)) add(out, "Marchés subséquents");
  if (out.empty() && (c.modalite.is("01") || c.modalite.is("06"))) add(out, "Sans objet");
  return out;
}

/// The titulaire that leads; null without any.
const Operateur* leader(const Marche& m) {
  if (!m.operateurs || m.operateurs->titulaires.empty()) return nullptr;
  for (const auto& one : m.operateurs->titulaires)
    if (one.type.is("01")) return &one;
  return &m.operateurs->titulaires.front();
}

std::optional<std::string> advance(const Marche& m, const ConditionsMarche& c) {
  if (c.attribution_avance.present()) return yes_no_of(c.attribution_avance);
  const auto* lead = leader(m);
  if (lead == nullptr || !lead->conditions) return std::nullopt;
  const auto& kind = lead->conditions->regime_avance;
  if (kind.is("01") || kind.is("05")) return "non";
  return kind.is("02") || lead->conditions->montant_avance.present() ? std::optional<std::string>("oui")
                                                                     : std::nullopt;
}

/// A rate of the PES as a part of one; above one it can only be a percentage.
std::optional<std::string> part_of_one(const Leaf& rate, bool percent) {
  const auto hundredths = rate.cents();
  if (!hundredths || *hundredths < 0) return std::nullopt;
  if (!percent && *hundredths <= 100) return decimal(*hundredths);
  if (*hundredths > 10'000) return std::nullopt;
  const auto digits = std::to_string(10'000 + *hundredths).substr(1);  // four decimals
  return *hundredths == 10'000 ? "1" : "0." + digits;
}

std::optional<std::string> advance_rate(const Marche& m, const ConditionsMarche& c) {
  if (c.taux_avance.present()) return part_of_one(c.taux_avance, false);
  const auto* lead = leader(m);
  if (lead == nullptr || !lead->conditions) return std::nullopt;
  return part_of_one(lead->conditions->pourcentage_avance, true);
}

std::optional<std::string> grouping(const Marche& m, const ConditionsMarche& c) {
  if (c.type_groupement.present()) return word_of(groupings, c.type_groupement);
  const bool alone = m.operateurs && m.operateurs->titulaires.size() == 1;
  return alone ? std::optional<std::string>("Pas de groupement") : std::nullopt;
}

/// Sub-contractors that are paid directly prove some; their absence proves nothing.
std::optional<std::string> sub_contracting(const Marche& m, const ConditionsMarche& c) {
  if (c.sous_traitance_declaree.present()) return yes_no_of(c.sous_traitance_declaree);
  const bool some = m.operateurs && !m.operateurs->sous_traitants.empty();
  return some ? std::optional<std::string>("oui") : std::nullopt;
}

void write_titulaires(DecpContract& out, const std::string& path, const std::vector<Operateur>& titulaires) {
  out.xml.open("titulaires");
  std::size_t number = 0;
  for (const auto& one : titulaires) {
    out.xml.open("titulaire");
    out.party(path + "/" + std::to_string(++number), one);
    out.xml.close("titulaire");
  }
  out.xml.close("titulaires");
}

void write_conditions(DecpContract& out, const Marche& m) {
  const ConditionsMarche none;
  const auto& c = m.conditions ? *m.conditions : none;
  out.required_list(
      "considerationsSociales", "considerationSociale",
      considerations(c.considerations_sociales, sociales, c.clause_sociale, "Pas de considération sociale"),
      "Concession réservée");
  out.required_list("considerationsEnvironnementales", "considerationEnvironnementale",
                    considerations(c.considerations_environnementales, environnementales,
                                   c.clause_environnementale, "Pas de considération environnementale"));
  out.required_list("techniques", "technique", techniques(m, c));
  out.required_list("modalitesExecution", "modaliteExecution", modalities(m, c));
  if (m.nature.is(subsequent)) out.optional("idAccordCadre", text_of(c.id_accord_cadre));
  out.required_list("typesPrix", "typePrix",
                    words_of(price_types, of_titulaires(m, &Conditions::variation_prix)));
  out.required("marcheInnovant", yes_no_of(c.marche_innovant));
  out.required("ccag", word_of(ccags, c.ccag));
  out.required("offresRecues", count_of(c.propositions_recues));
  out.required("attributionAvance", advance(m, c));
  out.optional("tauxAvance", advance_rate(m, c));
  out.required("typeGroupementOperateurs", grouping(m, c));
  out.optional("origineUE", part_of_one(c.origine_ue, false));
  out.optional("origineFrance", part_of_one(c.origine_france, false));
  out.required("sousTraitanceDeclaree", sub_contracting(m, c));
}

constexpr std::string_view sub_publication = "datePublicationDonneesSousTraitance";

/// An act of sub-contracting is written when it was declared with all that the format asks for.
void write_acts(DecpContract& out, const Marche& m) {
  XmlText acts(3);
  bool some = false;
  for (const auto& one : m.modifications) {
    if (one.element != "DeclarationSousTraitancePaiementDirect" || !one.sous_traitant) continue;
    const auto path = "actesSousTraitance/" + one.numero_acte_sous_traitance.text;
    const auto id = count_of(one.numero_acte_sous_traitance);
    const auto months = count_of(one.duree);
    const auto date = date_of(one.date_signature);
    const auto amount = amount_of(one.montant_ht.cents());
    const auto variation = word_of(variations, one.variation_prix);
    const auto published = out.value(sub_publication, std::nullopt);
    const auto kind = one.sous_traitant->nature_id.is("01") ? "SIRET" : "";
    if (!id || !months || !date || !amount || !variation || !published || std::string_view(kind).empty()) {
      out.omitted(path,
                  {"durée, montant, variation du prix, SIRET ou date de publication manquent",
                   "duration, amount, variation of price, SIRET or date of publication is missing"},
                  sub_publication);
      continue;
    }
    some = true;
    acts.open("acteSousTraitance");
    acts.leaf("id", *id);
    acts.open("sousTraitant");
    acts.leaf("id", one.sous_traitant->id.text);
    acts.leaf("typeIdentifiant", kind);
    acts.close("sousTraitant");
    acts.leaf("dureeMois", *months);
    acts.leaf("dateNotification", *date);
    acts.leaf("montant", *amount);
    acts.leaf("variationPrix", *variation);
    acts.leaf("datePublicationDonnees", *published);
    acts.close("acteSousTraitance");
  }
  if (!some) return;
  out.xml.open("actesSousTraitance");
  out.xml.raw(acts.take());
  out.xml.close("actesSousTraitance");
}

/// What a sub-contractor has of the contract now: the sum of his parts; nothing when it is beyond 64 bits.
std::optional<Cents> part_of(const Marche& m, const Operateur& sub) {
  Cents sum = 0;
  bool some = false;
  bool readable = true;
  for (const auto& buyer_part : m.parts)
    for (const auto& titulaire : buyer_part.titulaires)
      for (const auto& part : titulaire.sous_traitants) {
        const auto cents = part.id.text == sub.id.text ? part.ht.cents() : std::nullopt;
        if (!cents) continue;
        some = true;
        readable = readable && rules::add(sum, *cents);
      }
  return some && readable ? std::optional(sum) : std::nullopt;
}

void write_changed_acts(DecpContract& out, const Marche& m) {
  XmlText acts(3);
  bool some = false;
  for (const auto& one : m.modifications) {
    if (one.element != "ModificationSousTraitancePaiementDirect" || !one.sous_traitant) continue;
    const auto id = count_of(one.numero_acte_sous_traitance);
    const auto date = date_of(one.date_signature);
    const auto published = out.value(sub_publication, std::nullopt);
    if (!id || !date || !published) {
      out.omitted("modificationsActesSousTraitance/" + one.numero_acte_sous_traitance.text,
                  {"la date de publication manque", "the date of publication is missing"}, sub_publication);
      continue;
    }
    some = true;
    acts.open("modificationActesSousTraitance");
    acts.leaf("id", *id);
    if (const auto months = count_of(one.duree)) acts.leaf("dureeMois", *months);
    acts.leaf("dateNotificationModificationSousTraitance", *date);
    if (const auto amount = amount_of(part_of(m, *one.sous_traitant))) acts.leaf("montant", *amount);
    acts.leaf("datePublicationDonnees", *published);
    acts.close("modificationActesSousTraitance");
  }
  if (!some) return;
  out.xml.open("modificationsActesSousTraitance");
  out.xml.raw(acts.take());
  out.xml.close("modificationsActesSousTraitance");
}

/// Blocks of one act number are one modification of the format.
void write_modification(DecpContract& out, const std::vector<const Modification*>& blocks, bool estimated) {
  const auto& act = blocks.front()->numero_acte;
  const auto id = count_of(act);
  const auto path = "modifications/" + id.value_or(act.text);
  out.xml.open("modification");
  out.required_within(path, "id", id);
  std::optional<std::string> date;
  std::optional<std::string> published;
  for (const auto* block : blocks) {
    if (!date) date = date_of(block->date_signature);
    if (!published) published = date_of(block->date_publication);
  }
  out.required_within(path, "dateNotificationModification", date);
  out.required_within(path, "datePublicationDonneesModification", published,
                      "datePublicationDonneesModification");
  bool titulaires = false;
  std::optional<std::string> months;
  std::optional<std::string> amount;
  for (const auto* block : blocks) {
    if (!block->titulaires.empty() && !titulaires) {
      write_titulaires(out, path + "/titulaires", block->titulaires);
      titulaires = true;
    }
    if (!months) months = count_of(block->duree);
    if (!amount) amount = amount_of((estimated ? block->montant_estime : block->montant_ht).cents());
  }
  if (months) out.xml.leaf("dureeMois", *months);
  if (amount) out.xml.leaf("montant", *amount);
  out.xml.close("modification");
}

void write_modifications(DecpContract& out, const Marche& m) {
  std::map<unsigned, std::vector<const Modification*>> by_number;
  for (const auto& one : m.modifications) {
    const bool of_contract =
        one.element == "ModificationMontantDuree" || one.element == "ModificationTitulaire";
    if (of_contract) by_number[one.numero_acte.number().value_or(0)].push_back(&one);
  }
  if (by_number.empty()) return;
  out.xml.open("modifications");
  for (const auto& [_, blocks] : by_number)
    write_modification(out, blocks, counts_estimate(m));
  out.xml.close("modifications");
}

}  // namespace

std::string decp_marche(const Marche& m, std::string_view id_coll, const DecpGiven& given, Decp& decp) {
  DecpContract out(m.identifiant.id_contrat.text, given, decp);
  out.whole(m);
  out.xml.open("marche");
  out.required("id", text_of(m.identifiant.id_contrat, longest_id));
  out.xml.open("acheteur");
  out.required_within("acheteur", "id", out.value("acheteur", buyer(m, id_coll)), "acheteur");
  out.xml.close("acheteur");
  out.required("nature", word_of(natures, m.nature));
  out.required("objet", text_of(m.objet, longest_subject));
  out.required("codeCPV", cpv_of(m.cpv));
  out.required("procedure", word_of(procedures, m.procedure));
  write_place(out, m);
  out.required("dureeMois", initial_duration(m));
  out.required("dateNotification", date_of(m.date_notification));
  out.required("datePublicationDonnees", date_of(m.date_publication));
  out.required("montant", initial_amount(m));
  out.required("formePrix", price_form(m));
  if (m.operateurs && !m.operateurs->titulaires.empty())
    write_titulaires(out, "titulaires", m.operateurs->titulaires);
  else
    out.missing("titulaires", {"le PES ne nomme aucun titulaire", "the PES names no titulaire"});
  write_conditions(out, m);
  write_acts(out, m);
  write_changed_acts(out, m);
  write_modifications(out, m);
  out.xml.close("marche");
  return out.xml.take();
}

}  // namespace demat::marche
