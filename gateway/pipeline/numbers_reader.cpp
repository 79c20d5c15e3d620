#include "gateway/pipeline/numbers_reader.hpp"

#include <set>

namespace demat::pipeline {
namespace {

constexpr std::size_t domain_depth = 2;
constexpr std::size_t item_depth = 3;
constexpr std::size_t bloc_depth = 4;  // and the fields of a PJ
constexpr std::size_t field_depth = 5;

/// Adds numbers that are not there yet, up to the bound.
class Gathered {
 public:
  void add(flow::NumberKind kind, std::string key, Place place) {
    if (key.empty() || !seen_.emplace(kind, key).second) return;
    if (out.numbers.size() >= flow::max_numbers)
      ++out.left_out;
    else
      out.numbers.push_back({kind, std::move(key), std::move(place)});
  }
  flow::Numbers out;

 private:
  std::set<std::pair<flow::NumberKind, std::string>> seen_;
};

/// What a sound signature covers, by its digest.
void add_signed(const xades::DocumentReport& signatures, Gathered& into) {
  for (const auto& one : signatures.signatures) {
    if (one.indication != xades::Indication::passed) continue;
    for (const auto& reference : one.references)
      if (reference.ok && reference.element != "SignedProperties")
        into.add(flow::NumberKind::signed_, reference.computed, {one.line, one.signed_element});
  }
}

flow::MarcheRecord record_of(const marche::Key& key) {
  flow::MarcheRecord out;
  out.contrat = key.id_contrat;
  out.sequence = key.sequence;
  out.ordre = key.numero_ordre;
  out.correctif = key.correctif;
  out.nature = key.nature;
  out.concession = key.concession;
  return out;
}

/// DomaineAckRetour (helios 1.6).
std::string domaine_of(std::string_view code) {
  if (code == "13") return "depense";
  if (code == "14") return "recette";
  return {};
}

}  // namespace

void NumbersReader::start(const xml::StartElement& element, std::string_view path) {
  ++depth_;
  if (domain_ == Domain::marche || depth_ < domain_depth) return keys_.start(element, path);
  if (depth_ == domain_depth) return open_domain(element, path);
  if (domain_ == Domain::none || depth_ > field_depth) return;
  if (depth_ == item_depth) return third(element, path);
  if (!kept_) return;
  if (depth_ == bloc_depth) return fourth(element);
  if (!in_bloc_) return;
  auto& number = read_.bordereaux.back().number;
  if (element.name == "Exer") number.exercice = element.attribute("V");
  if (element.name == "TypBord") number.type = element.attribute("V");
  if (element.name == "IdBord") number.numero = element.attribute("V");
}

void NumbersReader::open_domain(const xml::StartElement& element, std::string_view path) {
  if (element.name == "PES_DepenseAller") domain_ = Domain::depense;
  if (element.name == "PES_RecetteAller") domain_ = Domain::recette;
  if (element.name == "PES_PJ") domain_ = Domain::pj;
  if (element.name == "ACQUIT_RETOUR") domain_ = Domain::retour;
  if (element.name != "PES_Marche") return;
  domain_ = Domain::marche;
  keys_.start(element, path);
}

void NumbersReader::third(const xml::StartElement& element, std::string_view path) {
  const std::string_view item = domain_ == Domain::pj       ? "PJ"
                                : domain_ == Domain::retour ? "ElementACQUIT_RETOUR"
                                                            : "Bordereau";
  const bool wanted = element.name == item;
  kept_ = wanted && !full();
  if (wanted && !kept_) ++read_.left_out;
  if (!kept_) return;
  const Place place{element.line, std::string(path)};
  if (domain_ == Domain::pj)
    read_.pj.push_back({{}, place});
  else if (domain_ == Domain::retour)
    read_.returns.push_back({{}, {}, place});
  else
    read_.bordereaux.push_back({{domain_ == Domain::depense ? "depense" : "recette", {}, {}, {}}, place});
}

void NumbersReader::fourth(const xml::StartElement& element) {
  const auto value = element.attribute("V");
  if (domain_ == Domain::pj) {
    if (element.name == "IdUnique") read_.pj.back().id_unique = value;
  } else if (domain_ == Domain::retour) {
    if (element.name == "DomaineAckRetour") read_.returns.back().domaine = domaine_of(value);
    if (element.name == "NomFichierRetour") read_.returns.back().nom_fic = value;
  } else {
    in_bloc_ = element.name == "BlocBordereau";
  }
}

void NumbersReader::end(std::string_view name, std::string_view path) {
  if (domain_ == Domain::marche || depth_ < domain_depth) keys_.end(name, path);
  if (depth_ == item_depth) kept_ = in_bloc_ = false;
  if (depth_ == domain_depth) domain_ = Domain::none;
  if (depth_ > 0) --depth_;
}

NumbersRead NumbersReader::take() {
  read_.marches = keys_.take();
  return std::move(read_);
}

flow::Numbers numbers_of(const NumbersRead& read, const xades::DocumentReport* signatures,
                         const flow::Flow& flow) {
  Gathered gathered;
  for (const auto& one : read.pj)
    gathered.add(flow::NumberKind::pj, one.id_unique, one.place);
  for (const auto& one : read.bordereaux)
    if (!one.number.numero.empty())
      gathered.add(flow::NumberKind::bordereau, flow::bordereau_key(one.number, flow), one.place);
  if (signatures != nullptr) add_signed(*signatures, gathered);
  for (const auto& key : read.marches.contrats) {
    if (key.id_contrat.empty() || key.sequence == 0) continue;
    gathered.add(flow::NumberKind::marche, flow::marche_key(key.id_contrat, key.sequence), {key.line, {}});
    gathered.out.marches.push_back(record_of(key));
  }
  for (const auto& one : read.returns)
    if (!one.domaine.empty() && !one.nom_fic.empty()) gathered.out.returns.push_back(one);
  gathered.out.left_out += read.left_out + read.marches.left_out;
  return std::move(gathered.out);
}

}  // namespace demat::pipeline
