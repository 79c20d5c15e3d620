#include <algorithm>

#include "protocols/marche/labels.hpp"
#include "protocols/rules/identifiers.hpp"
#include "tools/dematctl/marche_text.hpp"

/// A contract as a sheet for people, in French.
namespace demat::ctl {
namespace {

using marche::CodeList;
using marche::Leaf;

std::string with(std::string_view before, const std::string& text, std::string_view after = {}) {
  return text.empty() ? std::string() : std::string(before) + text + std::string(after);
}

/// The parts that are there, with commas between.
std::string listed(std::initializer_list<std::string> parts) {
  std::string out;
  for (const auto& part : parts)
    if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::string named(CodeList list, const Leaf& code) {
  return code.present() ? marche::labelled(list, code.text) : std::string();
}

std::string named(pes::CodeList list, const Leaf& code) {
  const auto* label = pes::label_of(list, code.text);
  return label == nullptr ? code.text : std::string(label->fr);
}

std::string named(CodeList list, const std::vector<Leaf>& codes) {
  std::string out;
  for (const auto& code : codes)
    out += (out.empty() ? "" : ", ") + named(list, code);
  return out;
}

std::string yes_no(const Leaf& leaf) {
  if (!leaf.present()) return {};
  return leaf.yes() ? "oui" : "non";
}

/// Names and values under each other; those without a value are left out.
class Lines {
 public:
  void add(std::string name, std::string value) {
    if (!value.empty()) rows_.emplace_back(std::move(name), std::move(value));
  }
  void print(Output& out) const {
    std::size_t width = 0;
    for (const auto& [name, value] : rows_)
      width = std::max(width, display_width(name));
    for (const auto& [name, value] : rows_)
      out.line("  " + name + std::string(width - display_width(name) + 2, ' ') + printable(value));
  }

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
};

void heading(Output& out, std::string_view title) {
  out.line("");
  out.line(title);
}

/// Amounts of a table end under each other.
void right_aligned(std::vector<std::vector<std::string>>& rows, std::size_t column) {
  std::size_t width = 0;
  for (const auto& row : rows)
    width = std::max(width, display_width(row[column]));
  for (auto& row : rows)
    row[column].insert(0, width - display_width(row[column]), ' ');
}

/// A table without the columns that are empty in every row.
void print_table(Output& out, std::vector<std::string> header, std::vector<std::vector<std::string>> rows,
                 std::initializer_list<std::size_t> amounts) {
  for (const auto column : amounts)
    right_aligned(rows, column);
  for (auto column = header.size(); column-- > 0;) {
    const bool used = std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
      return row[column].find_first_not_of(' ') != std::string::npos;
    });
    if (used) continue;
    const auto at = static_cast<std::ptrdiff_t>(column);
    header.erase(header.begin() + at);
    for (auto& row : rows)
      row.erase(row.begin() + at);
  }
  Table table(std::move(header));
  for (auto& row : rows)
    table.add(std::move(row));
  out.table(table);
}

std::string account(const marche::Operateur& o) {
  if (!o.compte) return {};
  const auto& c = *o.compte;
  const auto& number = c.iban.present()      ? c.iban.text
                       : c.id_cpte.present() ? c.id_cpte.text
                                             : c.numero_etranger.text;
  return rules::masked(number, 4, 3);
}

void print_parties(Output& out, std::string_view title, const std::vector<marche::Operateur>& parties) {
  if (parties.empty()) return;
  heading(out, title);
  std::vector<std::vector<std::string>> rows;
  for (const auto& o : parties)
    rows.push_back(
        {o.numero_acte.present() ? "acte " + o.numero_acte.text : named(CodeList::type_titulaire, o.type),
         o.denomination.text, named(pes::CodeList::nat_id_tiers, o.nature_id) + " " + o.id.text,
         o.adresse ? o.adresse->ville.text : std::string(), account(o)});
  print_table(out, {"rôle", "nom", "identifiant", "ville", "compte"}, std::move(rows), {});
}

std::string advance(const marche::Conditions& c) {
  return listed({named(CodeList::regime_avance, c.regime_avance), with("", euros(c.montant_avance)),
                 with("", c.pourcentage_avance.text, " %"),
                 c.type_garantie_avance.is("01")
                     ? "sans garantie"
                     : named(CodeList::type_garantie_avance, c.type_garantie_avance)});
}

void print_terms(Output& out, const std::vector<marche::Operateur>& titulaires) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& o : titulaires) {
    if (!o.conditions) continue;
    const auto& c = *o.conditions;
    rows.push_back({o.denomination.text,
                    listed({named(CodeList::forme_prix, c.forme_prix),
                            named(CodeList::variation_prix, c.variation_prix)}),
                    advance(c),
                    c.garantie ? named(CodeList::type_garantie, c.garantie->type) : std::string()});
  }
  if (rows.empty()) return;
  heading(out, "Conditions par titulaire");
  print_table(out, {"titulaire", "prix", "avance", "garantie"}, std::move(rows), {});
}

std::vector<std::string> part_row(const std::string& who, const marche::Part& p) {
  return {who, euros(p.ht), euros(p.tva), euros(p.ht_actualise), euros(p.tva_actualise)};
}

std::string name_of(const std::vector<marche::Operateur>& operators, const Leaf& id) {
  for (const auto& o : operators)
    if (o.id.text == id.text && o.denomination.present()) return o.denomination.text;
  return id.text;
}

void print_sharing(Output& out, const marche::Marche& m) {
  if (m.parts.empty()) return;
  const marche::Operateurs none;
  const auto& operators = m.operateurs ? *m.operateurs : none;
  std::vector<std::vector<std::string>> rows;
  for (const auto& buyer : m.parts) {
    std::string name = buyer.id.text;
    for (const auto& one : m.acheteurs)
      if (one.id.text == buyer.id.text && one.nom.present()) name = one.nom.text;
    rows.push_back(part_row(name, buyer));
    for (const auto& titulaire : buyer.titulaires) {
      rows.push_back(part_row("  " + name_of(operators.titulaires, titulaire.id), titulaire));
      for (const auto& sub : titulaire.sous_traitants)
        rows.push_back(
            part_row("    " + name_of(operators.sous_traitants, sub.id) + " (sous-traitant)", sub));
    }
  }
  heading(out, "Ventilation");
  print_table(out, {"acheteur / titulaire", "HT", "TVA", "HT actualisé", "TVA actualisée"}, std::move(rows),
              {1, 2, 3, 4});
}

void print_periods(Output& out, const marche::Marche& m) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& buyer : m.parts) {
    for (const auto& t : buyer.tranches)
      rows.push_back({"tranche " + t.numero.text, named(CodeList::type_tranche, t.type), day(t.debut),
                      day(t.fin), euros(t.montant_ht)});
    for (const auto& p : buyer.periodes)
      rows.push_back({"reconduction " + p.numero.text, "", day(p.debut), day(p.fin), euros(p.montant_ht)});
  }
  if (rows.empty()) return;
  heading(out, "Tranches et reconductions");
  print_table(out, {"", "type", "du", "au", "HT"}, std::move(rows), {4});
}

std::string kind_of(const marche::Modification& m) {
  const auto act = m.numero_acte_sous_traitance.text;
  if (m.element == "ModificationMontantDuree") return "montant ou durée, no " + m.numero_acte.text;
  if (m.element == "ModificationTitulaire") return "titulaires, no " + m.numero_acte.text;
  if (m.element == "DeclarationSousTraitancePaiementDirect") return "sous-traitance, acte " + act;
  if (m.element == "ModificationSousTraitancePaiementDirect")
    return "sous-traitance modifiée, acte " + act + ", no " + m.numero_acte.text;
  return "modification";
}

std::string signed_by_sign(const std::string& text) {
  return text.empty() || text.front() == '-' || text.front() == '+' ? text : "+" + text;
}

/// "30 mois (+6 mois)"
std::string changed(const std::string& after, const std::string& by) {
  const auto delta = with("(", signed_by_sign(by), ")");
  return after.empty() || delta.empty() ? after + delta : after + " " + delta;
}

std::string effect_of(const marche::Modification& m) {
  std::string parties;
  for (const auto& one : m.titulaires)
    parties += (parties.empty() ? "" : " ; ") + one.denomination.text;
  if (m.sous_traitant) parties = m.sous_traitant->denomination.text;
  return listed({parties, changed(with("", m.duree.text, " mois"), with("", m.delta_duree.text, " mois")),
                 with("HT ", changed(euros(m.montant_ht), euros(m.delta_montant_ht))),
                 with("HT estimé ", changed(euros(m.montant_estime), euros(m.delta_montant_estime))),
                 with("valeur ", euros(m.valeur_globale)),
                 named(CodeList::type_groupement, m.type_groupement)});
}

/// By date of signature, whatever the order in the document.
void print_modifications(Output& out, const marche::Contrat& c) {
  if (c.modifications.empty()) return;
  std::vector<const marche::Modification*> all;
  for (const auto& one : c.modifications)
    all.push_back(&one);
  std::stable_sort(all.begin(), all.end(), [](const auto* a, const auto* b) {
    return a->date_signature.text < b->date_signature.text;
  });
  std::vector<std::vector<std::string>> rows;
  for (const auto* one : all)
    rows.push_back({day(one->date_signature), kind_of(*one), one->objet.text, effect_of(*one)});
  heading(out, "Modifications");
  print_table(out, {"signée le", "nature", "objet", "effet"}, std::move(rows), {});
}

/// Title, and the lines that contracts of both kinds begin with.
Lines begun(Output& out, const marche::Contrat& c, std::string_view kind) {
  const auto& id = c.identifiant;
  out.line(std::string(kind) + " " + printable(id.id_contrat.text));
  out.line(printable(c.objet.text));
  Lines lines;
  lines.add("Envoi", listed({"séquence " + id.sequence.text, "modification " + id.numero_ordre.text,
                             id.correctif.yes() ? "CORRECTIF" : ""}));
  if (c.dropped > 0)
    lines.add("Attention", std::to_string(c.dropped) + " éléments au-delà des limites ne sont pas lus");
  return lines;
}

std::string place(const marche::Contrat& c) {
  if (!c.lieu) return {};
  return c.lieu->nom.text + " (" +
         listed({named(CodeList::type_lieu, c.lieu->type) + " " + c.lieu->code.text}) + ")";
}

std::string grouping(const marche::ConditionsMarche& c) {
  const auto count = c.nb_entreprises.number().value_or(0);
  return listed({named(CodeList::type_groupement, c.type_groupement),
                 count > 0 ? std::to_string(count) + " entreprises" : std::string()});
}

void add_conditions(Lines& lines, const marche::ConditionsMarche& c) {
  lines.add("Accord-cadre", listed({c.id_accord_cadre.text, with("SIRET ", c.siret_pa_accord_cadre.text)}));
  lines.add("Exécution", named(CodeList::modalite_execution, c.modalite));
  lines.add("Techniques d'achat", named(CodeList::technique_achat, c.techniques));
  lines.add("CCAG", named(CodeList::ccag, c.ccag));
  lines.add("Groupement", grouping(c));
  lines.add("Propositions reçues", listed({c.propositions_recues.text,
                                           with("dont ", c.propositions_demat.text, " dématérialisées")}));
  lines.add("Clause sociale", yes_no(c.clause_sociale));
  lines.add("Considérations sociales", named(CodeList::consideration_sociale, c.considerations_sociales));
  lines.add("Clause environnementale", yes_no(c.clause_environnementale));
  lines.add("Considérations environnementales",
            named(CodeList::consideration_environnementale, c.considerations_environnementales));
  lines.add("Marché innovant", yes_no(c.marche_innovant));
  lines.add("Sous-traitance déclarée", yes_no(c.sous_traitance_declaree));
  lines.add("Avance attribuée", listed({yes_no(c.attribution_avance), with("taux ", c.taux_avance.text)}));
  lines.add("Origine", listed({with("UE ", c.origine_ue.text), with("France ", c.origine_france.text)}));
  lines.add("Multi-budget", yes_no(c.multi_budget));
}

std::string second_codes(const marche::Marche& m) {
  std::string out;
  if (m.conditions)
    for (const auto& code : m.conditions->cpv_secondaires)
      out += (out.empty() ? "" : ", ") + code.text;
  return with(" (secondaires : ", out, ")");
}

void print_facts(Output& out, const marche::Marche& m) {
  auto lines = begun(out, m, "MARCHÉ");
  lines.add("Nature", named(pes::CodeList::nature_marche, m.nature));
  lines.add("Procédure", named(CodeList::procedure_marche, m.procedure));
  lines.add("CPV", m.cpv.text + second_codes(m));
  lines.add("Lieu d'exécution", place(m));
  lines.add("Durée", listed({with("", m.duree.text, " mois"), with("au plus ", m.duree_maximum.text, " mois"),
                             named(CodeList::reconductibilite, m.reconductibilite)}));
  lines.add("Signé le", listed({day(m.date_signature), with("par ", m.nom_signataire.text),
                                with("délégation ", m.ref_delegation.text)}));
  lines.add("Notifié le", day(m.date_notification));
  lines.add("Début", listed({day(m.date_debut), with("exécution ", day(m.date_debut_execution))}));
  lines.add("Publié le", day(m.date_publication));
  lines.add("Montant HT notifié", euros(m.montant_ht) + (m.estimatif.yes() ? " (estimatif)" : "") +
                                      with(", TVA ", euros(m.montant_tva)));
  lines.add("Montant HT estimé", euros(m.montant_estime));
  lines.add("Montant HT actualisé",
            euros(m.montant_ht_actualise) + with(", TVA ", euros(m.montant_tva_actualise)));
  lines.add("Pénalités", yes_no(m.penalite));
  lines.add("Délai de garantie", with("", m.delai_garantie.text, " mois"));
  if (m.conditions) add_conditions(lines, *m.conditions);
  lines.add("Profil d'acheteur", m.url_profil.text);
  lines.print(out);
}

void print_buyers(Output& out, const marche::Marche& m) {
  std::vector<std::vector<std::string>> rows;
  if (m.pa) rows.push_back({"pouvoir adjudicateur", m.pa->nom.text, m.pa->id.text, ""});
  for (const auto& one : m.acheteurs)
    rows.push_back({"acheteur", one.nom.text, one.id.text, euros(one.montant_ht_estime)});
  if (rows.empty()) return;
  heading(out, "Acheteurs");
  print_table(out, {"rôle", "nom", "SIRET", "HT estimé"}, std::move(rows), {3});
}

void print_attachments(Output& out, const marche::Marche& m) {
  if (m.pj.empty()) return;
  heading(out, "Pièces contractuelles");
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : m.pj)
    rows.push_back({one.nom.text, one.id_unique.text, named(pes::CodeList::support_pj, one.support)});
  print_table(out, {"nom", "identifiant", "support"}, std::move(rows), {});
}

}  // namespace

std::string euros(const Leaf& amount) {
  const auto cents = amount.cents();
  if (!cents) return amount.text;
  auto out = marche::decimal(*cents);
  const auto first = out.front() == '-' ? 1U : 0U;
  out[out.size() - 3] = ',';
  for (auto at = out.size() - 3; at > first + 3; at -= 3)
    out.insert(at - 3, " ");
  return out + " €";
}

std::string day(const Leaf& date) {
  if (!date.date()) return date.text;
  return date.text.substr(8, 2) + "/" + date.text.substr(5, 2) + "/" + date.text.substr(0, 4);
}

void print_sheet(Output& out, const marche::Marche& m) {
  print_facts(out, m);
  print_buyers(out, m);
  if (m.operateurs) {
    print_parties(out, "Titulaires", m.operateurs->titulaires);
    print_terms(out, m.operateurs->titulaires);
    print_parties(out, "Sous-traitants à paiement direct", m.operateurs->sous_traitants);
  }
  print_sharing(out, m);
  print_periods(out, m);
  print_attachments(out, m);
  print_modifications(out, m);
  out.line("");
}

void print_sheet(Output& out, const marche::Concession& c) {
  auto lines = begun(out, c, "CONCESSION");
  lines.add("Nature", named(pes::CodeList::nature_concession, c.nature));
  lines.add("Procédure", named(CodeList::procedure_concession, c.procedure));
  lines.add("Lieu d'exécution", place(c));
  lines.add("Durée initiale", with("", c.duree.text, " mois"));
  lines.add("Signée le", day(c.date_signature));
  lines.add("Début d'exécution", day(c.date_debut_execution));
  lines.add("Publiée le", day(c.date_publication));
  lines.add("Valeur globale", euros(c.valeur_globale));
  lines.add("Subvention publique", euros(c.subvention));
  lines.add("Profil d'acheteur", c.url_profil.text);
  lines.print(out);
  print_parties(out, "Concessionnaires", c.concessionnaires);
  std::vector<std::vector<std::string>> rows;
  for (const auto& year : c.donnees_annuelles) {
    rows.push_back({day(year.date_publication), "dépenses d'investissement", euros(year.depenses)});
    for (const auto& tarif : year.tarifs)
      rows.push_back({"", "tarif : " + tarif.intitule.text, euros(tarif.montant)});
  }
  if (!rows.empty()) {
    heading(out, "Données d'exécution");
    print_table(out, {"publiées le", "", "montant"}, std::move(rows), {2});
  }
  print_modifications(out, c);
  out.line("");
}

}  // namespace demat::ctl
