#include <boost/json/array.hpp>

#include "protocols/marche/labels.hpp"
#include "tools/dematctl/marche_text.hpp"

/// A contract as JSON: names in French as the sheet has them, codes with their labels, amounts and dates as
/// the PES writes them. What is absent in the PES is absent here.
namespace demat::ctl {
namespace {

namespace json = boost::json;
using marche::CodeList;
using marche::Leaf;

void put(json::object& to, std::string_view name, const Leaf& leaf) {
  if (leaf.present()) to[name] = leaf.text;
}

void put_flag(json::object& to, std::string_view name, const Leaf& leaf) {
  if (leaf.present()) to[name] = leaf.yes();
}

json::object coded(const std::string& code, std::string label) {
  return {{"code", code}, {"libelle", std::move(label)}};
}

void put_code(json::object& to, std::string_view name, CodeList list, const Leaf& leaf) {
  if (leaf.present()) to[name] = coded(leaf.text, marche::labelled(list, leaf.text));
}

void put_code(json::object& to, std::string_view name, pes::CodeList list, const Leaf& leaf) {
  if (!leaf.present()) return;
  const auto* label = pes::label_of(list, leaf.text);
  to[name] = coded(leaf.text, label == nullptr ? leaf.text : std::string(label->fr));
}

void put_codes(json::object& to, std::string_view name, CodeList list, const std::vector<Leaf>& leaves) {
  if (leaves.empty()) return;
  json::array out;
  for (const auto& leaf : leaves)
    out.push_back(coded(leaf.text, marche::labelled(list, leaf.text)));
  to[name] = std::move(out);
}

template <class T>
void put_all(json::object& to, std::string_view name, const std::vector<T>& items,
             json::object (*one)(const T&)) {
  if (items.empty()) return;
  json::array out;
  for (const auto& item : items)
    out.push_back(one(item));
  to[name] = std::move(out);
}

json::object terms(const marche::Conditions& c) {
  json::object out;
  put_flag(out, "autoliquidation_tva", c.autoliquidation);
  put_code(out, "regime_avance", CodeList::regime_avance, c.regime_avance);
  put(out, "montant_avance", c.montant_avance);
  put(out, "pourcentage_avance", c.pourcentage_avance);
  put_code(out, "garantie_avance", CodeList::type_garantie_avance, c.type_garantie_avance);
  put(out, "montant_garantie_avance", c.montant_garantie_avance);
  put_code(out, "forme_prix", CodeList::forme_prix, c.forme_prix);
  put_code(out, "variation_prix", CodeList::variation_prix, c.variation_prix);
  if (c.garantie) put_code(out, "garantie", CodeList::type_garantie, c.garantie->type);
  return out;
}

json::object party(const marche::Operateur& o) {
  json::object out;
  put_code(out, "role", CodeList::type_titulaire, o.type);
  put(out, "acte_sous_traitance", o.numero_acte);
  put_code(out, "nature_identifiant", pes::CodeList::nat_id_tiers, o.nature_id);
  put(out, "identifiant", o.id);
  put(out, "denomination", o.denomination);
  put(out, "montant_ht", o.montant_ht_notifie);
  if (o.adresse) {
    put(out, "code_postal", o.adresse->cp);
    put(out, "ville", o.adresse->ville);
  }
  if (o.conditions) out["conditions"] = terms(*o.conditions);
  return out;
}

json::object share(const marche::Part& p) {
  json::object out;
  put(out, "identifiant", p.id);
  put(out, "montant_ht", p.ht);
  put_flag(out, "estimatif", p.estimatif);
  put(out, "montant_tva", p.tva);
  put(out, "montant_ht_actualise", p.ht_actualise);
  put(out, "montant_tva_actualise", p.tva_actualise);
  return out;
}

json::object sub_share(const marche::PartSousTraitant& p) {
  auto out = share(p);
  put(out, "duree_mois", p.duree);
  if (p.conditions) out["conditions"] = terms(*p.conditions);
  return out;
}

json::object holder_share(const marche::PartTitulaire& p) {
  auto out = share(p);
  put_all(out, "sous_traitants", p.sous_traitants, sub_share);
  return out;
}

json::object period(const marche::Periode& p) {
  json::object out;
  put(out, "numero", p.numero);
  put(out, "debut", p.debut);
  put(out, "fin", p.fin);
  put(out, "montant_ht", p.montant_ht);
  put(out, "montant_tva", p.montant_tva);
  return out;
}

json::object tranche(const marche::Tranche& t) {
  json::object out;
  put(out, "numero", t.numero);
  put_code(out, "type", CodeList::type_tranche, t.type);
  put(out, "debut", t.debut);
  put(out, "fin", t.fin);
  put(out, "montant_ht", t.montant_ht);
  put(out, "montant_tva", t.montant_tva);
  return out;
}

json::object buyer_share(const marche::PartAcheteur& p) {
  auto out = share(p);
  put_all(out, "titulaires", p.titulaires, holder_share);
  put_all(out, "reconductions", p.periodes, period);
  put_all(out, "tranches", p.tranches, tranche);
  return out;
}

json::object modification(const marche::Modification& m) {
  json::object out{{"type", m.element}};
  put(out, "objet", m.objet);
  put(out, "numero_acte", m.numero_acte);
  put(out, "numero_acte_sous_traitance", m.numero_acte_sous_traitance);
  put(out, "date_signature", m.date_signature);
  put(out, "date_publication", m.date_publication);
  put(out, "duree_mois", m.duree);
  put(out, "delta_duree_mois", m.delta_duree);
  put(out, "montant_ht", m.montant_ht);
  put(out, "delta_montant_ht", m.delta_montant_ht);
  put(out, "montant_ht_estime", m.montant_estime);
  put(out, "delta_montant_ht_estime", m.delta_montant_estime);
  put(out, "valeur_globale", m.valeur_globale);
  put_code(out, "variation_prix", CodeList::variation_prix, m.variation_prix);
  put_code(out, "groupement", CodeList::type_groupement, m.type_groupement);
  put_all(out, "titulaires", m.titulaires, party);
  if (m.sous_traitant) out["sous_traitant"] = party(*m.sous_traitant);
  return out;
}

json::object buyer(const marche::Acheteur& a) {
  json::object out;
  put(out, "siret", a.id);
  put(out, "nom", a.nom);
  put(out, "montant_ht_estime", a.montant_ht_estime);
  return out;
}

json::object attachment(const marche::PjRef& p) {
  json::object out;
  put(out, "identifiant", p.id_unique);
  put(out, "nom", p.nom);
  put_code(out, "support", pes::CodeList::support_pj, p.support);
  return out;
}

json::object conditions(const marche::ConditionsMarche& c) {
  json::object out;
  put(out, "accord_cadre", c.id_accord_cadre);
  put(out, "siret_accord_cadre", c.siret_pa_accord_cadre);
  put_code(out, "modalite", CodeList::modalite_execution, c.modalite);
  put_flag(out, "multi_budget", c.multi_budget);
  put(out, "propositions_recues", c.propositions_recues);
  put(out, "propositions_dematerialisees", c.propositions_demat);
  put_flag(out, "carte_achat", c.carte_achat);
  put_flag(out, "clause_sociale", c.clause_sociale);
  put_flag(out, "clause_environnementale", c.clause_environnementale);
  put_code(out, "groupement", CodeList::type_groupement, c.type_groupement);
  put(out, "nombre_entreprises", c.nb_entreprises);
  put_code(out, "ccag", CodeList::ccag, c.ccag);
  put_codes(out, "techniques", CodeList::technique_achat, c.techniques);
  put_codes(out, "considerations_sociales", CodeList::consideration_sociale, c.considerations_sociales);
  put_codes(out, "considerations_environnementales", CodeList::consideration_environnementale,
            c.considerations_environnementales);
  put_flag(out, "marche_innovant", c.marche_innovant);
  put_flag(out, "sous_traitance_declaree", c.sous_traitance_declaree);
  put_flag(out, "attribution_avance", c.attribution_avance);
  put(out, "taux_avance", c.taux_avance);
  put(out, "origine_ue", c.origine_ue);
  put(out, "origine_france", c.origine_france);
  return out;
}

json::object common(const marche::Contrat& c, std::string_view kind) {
  json::object out{{"type", kind}};
  put(out, "contrat", c.identifiant.id_contrat);
  put(out, "numero_ordre_modification", c.identifiant.numero_ordre);
  put(out, "sequence_envoi", c.identifiant.sequence);
  put_flag(out, "correctif", c.identifiant.correctif);
  put(out, "objet", c.objet);
  put(out, "url_profil_acheteur", c.url_profil);
  put(out, "duree_mois", c.duree);
  put(out, "date_signature", c.date_signature);
  put(out, "date_debut_execution", c.date_debut_execution);
  put(out, "date_publication", c.date_publication);
  if (c.dropped > 0) out["elements_non_lus"] = c.dropped;
  if (c.lieu) {
    json::object lieu;
    put(lieu, "code", c.lieu->code);
    put_code(lieu, "type", CodeList::type_lieu, c.lieu->type);
    put(lieu, "nom", c.lieu->nom);
    out["lieu_execution"] = std::move(lieu);
  }
  put_all(out, "modifications", c.modifications, modification);
  return out;
}

json::object year(const marche::DonneeAnnuelle& d) {
  json::object out;
  put(out, "date_publication", d.date_publication);
  put(out, "depenses_investissement", d.depenses);
  put_all(
      out, "tarifs", d.tarifs, +[](const marche::Tarif& t) {
        json::object one;
        put(one, "intitule", t.intitule);
        put(one, "montant", t.montant);
        return one;
      });
  return out;
}

}  // namespace

json::object json_of(const marche::Marche& m) {
  auto out = common(m, "marche");
  put_code(out, "nature", pes::CodeList::nature_marche, m.nature);
  put_code(out, "procedure", CodeList::procedure_marche, m.procedure);
  put(out, "cpv", m.cpv);
  put(out, "duree_mois_maximum", m.duree_maximum);
  put(out, "montant_ht", m.montant_ht);
  put_flag(out, "estimatif", m.estimatif);
  put(out, "montant_tva", m.montant_tva);
  put(out, "montant_ht_estime", m.montant_estime);
  put(out, "montant_ht_actualise", m.montant_ht_actualise);
  put(out, "montant_tva_actualise", m.montant_tva_actualise);
  put(out, "date_notification", m.date_notification);
  put(out, "date_debut", m.date_debut);
  put_code(out, "reconduction", CodeList::reconductibilite, m.reconductibilite);
  put_flag(out, "penalites", m.penalite);
  put(out, "delai_garantie_mois", m.delai_garantie);
  if (m.pa) out["pouvoir_adjudicateur"] = buyer(*m.pa);
  put_all(out, "acheteurs", m.acheteurs, buyer);
  if (m.operateurs) {
    put_all(out, "titulaires", m.operateurs->titulaires, party);
    put_all(out, "sous_traitants", m.operateurs->sous_traitants, party);
  }
  if (m.conditions) out["conditions"] = conditions(*m.conditions);
  put_all(out, "pieces", m.pj, attachment);
  put_all(out, "ventilation", m.parts, buyer_share);
  return out;
}

json::object json_of(const marche::Concession& c) {
  auto out = common(c, "concession");
  put_code(out, "nature", pes::CodeList::nature_concession, c.nature);
  put_code(out, "procedure", CodeList::procedure_concession, c.procedure);
  put(out, "valeur_globale", c.valeur_globale);
  put(out, "subvention_publique", c.subvention);
  put_all(out, "concessionnaires", c.concessionnaires, party);
  put_all(out, "donnees_execution", c.donnees_annuelles, year);
  return out;
}

}  // namespace demat::ctl
