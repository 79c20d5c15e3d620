#include "gateway/pipeline/answer_summary.hpp"

#include <boost/json.hpp>

#include "protocols/pes/retour_codes.hpp"

namespace demat::pipeline {
namespace {

/// Adds the anomalies of one place to the list.
void add(std::vector<flow::AcquitAnomaly>& out, const flow::AcquitAnomaly& place,
         const std::vector<pes::Anomaly>& anomalies) {
  for (const auto& anomaly : anomalies) {
    flow::AcquitAnomaly line = place;
    line.num_ano_ack = anomaly.num_ano_ack;
    line.libelle_ano_ack = anomaly.libelle_ano_ack;
    out.push_back(std::move(line));
  }
}

boost::json::object element_json(const pes::AcquitElement& element) {
  boost::json::object out{{"domaine", element.domaine_ack},
                          {"libelle_domaine", pes::domaine_ack_label(element.domaine_ack)},
                          {"ok", element.ok}};
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  };
  put("exercice", element.exercice_bord);
  put("bordereau", element.num_bord);
  put("marche", element.id_marche);
  put("pj", element.id_unique);
  return out;
}

}  // namespace

std::string summary_of(const pes::Acquit& acquit) {
  boost::json::array elements;
  for (const auto& element : acquit.elements)
    elements.push_back(element_json(element));
  boost::json::array anomalies;
  for (const auto& a : anomalies_of(acquit))
    anomalies.push_back(boost::json::object{{"domaine", a.domaine},
                                            {"exercice", a.exercice},
                                            {"bordereau", a.bordereau},
                                            {"piece", a.piece},
                                            {"ligne", a.ligne},
                                            {"pj", a.id_unique},
                                            {"code", a.num_ano_ack},
                                            {"libelle", a.libelle_ano_ack}});
  return boost::json::serialize(boost::json::object{{"verdict", pes::to_string(acquit.verdict)},
                                                    {"elements", std::move(elements)},
                                                    {"anomalies", std::move(anomalies)}});
}

std::string summary_of(const pes::Retour& retour) {
  boost::json::object states;
  for (const auto& [state, count] : retour.par_etat)
    states[state] = count;
  boost::json::array domains;
  for (const auto& domain : retour.domaines)
    domains.emplace_back(domain);
  boost::json::array etats;
  for (const auto& [key, count] : retour.par_domaine_et_etat) {
    const auto words = pes::retour_words(pes::RetourTable::etat_piece, key.first, key.second);
    etats.push_back(boost::json::object{
        {"domaine", key.first}, {"etat", key.second}, {"fr", words.fr}, {"en", words.en}, {"pieces", count}});
  }
  return boost::json::serialize(boost::json::object{{"typ_fic", retour.header.typ_fic},
                                                    {"typ_restit", retour.typ_restit},
                                                    {"domaines", std::move(domains)},
                                                    {"pieces", retour.pieces_total},
                                                    {"lignes", retour.lignes_total},
                                                    {"clients", retour.clients},
                                                    {"asap", retour.asaps},
                                                    {"etats", std::move(etats)},
                                                    {"par_etat", std::move(states)}});
}

std::vector<flow::AcquitAnomaly> anomalies_of(const pes::Acquit& acquit) {
  std::vector<flow::AcquitAnomaly> out;
  for (const auto& element : acquit.elements) {
    flow::AcquitAnomaly place;
    place.domaine = element.domaine_ack;
    place.exercice = element.exercice_bord;
    place.bordereau = element.num_bord;
    place.id_unique = element.id_unique;
    add(out, place, element.anomalies);
    for (const auto& piece : element.pieces) {
      flow::AcquitAnomaly at_piece = place;
      at_piece.piece = piece.num_piece;
      add(out, at_piece, piece.anomalies);
      for (const auto& ligne : piece.lignes) {
        flow::AcquitAnomaly at_line = at_piece;
        at_line.ligne = ligne.num_ligne;
        add(out, at_line, ligne.anomalies);
      }
    }
  }
  return out;
}

std::vector<flow::AnsweredPart> parts_of(const pes::Acquit& acquit) {
  constexpr std::string_view depense = "5";
  constexpr std::string_view recette = "6";
  constexpr std::string_view marche = "11";
  std::vector<flow::AnsweredPart> out;
  for (const auto& element : acquit.elements) {
    flow::AnsweredPart part;
    part.ok = element.ok;
    if (element.domaine_ack == marche || !element.id_marche.empty()) {
      auto named = flow::read_id_marche(element.id_marche);
      part.kind = flow::NumberKind::marche;
      part.numero = std::move(named.contrat);
      part.sequence = named.sequence;
    } else if (element.ok) {
      continue;
    } else if (!element.id_unique.empty()) {
      part.kind = flow::NumberKind::pj;
      part.numero = element.id_unique;
    } else if (!element.num_bord.empty()) {
      if (element.domaine_ack == depense) part.domaine = "depense";
      if (element.domaine_ack == recette) part.domaine = "recette";
      part.exercice = element.exercice_bord;
      part.numero = element.num_bord;
    } else {
      continue;
    }
    out.push_back(std::move(part));
  }
  return out;
}

}  // namespace demat::pipeline
