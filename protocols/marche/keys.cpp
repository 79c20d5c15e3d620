#include "protocols/marche/keys.hpp"

#include "protocols/marche/leaf.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::marche {
namespace {

// PES_Aller / PES_Marche / Marches / Marche / IdentifiantMarche / IdContrat
constexpr std::size_t domain_depth = 2;
constexpr std::size_t contract_depth = 4;
constexpr std::size_t part_depth = 5;
constexpr std::size_t identifier_depth = 6;

unsigned sequence_of(std::string_view text) {
  const auto out = rules::count(text);
  return out && *out <= 999 ? static_cast<unsigned>(*out) : 0;
}

}  // namespace

void KeysVisitor::leaf(const xml::StartElement& element) {
  auto& key = keys_.left_out > 0 ? overflow_ : keys_.contrats.back();
  const auto value = trimmed(element.attribute("V"));
  const bool nature = element.name == "NatureMarche" || element.name == "NatureConcession";
  if (depth_ == part_depth && nature) key.nature = value;
  if (depth_ != identifier_depth || !in_identifiant_) return;
  if (element.name == "IdContrat") key.id_contrat = value;
  if (element.name == "NumeroOrdreModification") key.numero_ordre = value;
  if (element.name == "SequenceEnvoi") key.sequence = sequence_of(value);
  if (element.name == "CaractereCorrectifEnregistrement") key.correctif = value == "1" || value == "true";
}

void KeysVisitor::start(const xml::StartElement& element, std::string_view /*path*/) {
  ++depth_;
  if (depth_ == domain_depth) in_marche_ = element.name == "PES_Marche";
  if (!in_marche_) return;
  if (depth_ == contract_depth) in_contrat_ = element.name == "Marche" || element.name == "Concession";
  if (depth_ == contract_depth && in_contrat_) {
    if (keys_.contrats.size() < max_contrats) {
      keys_.contrats.emplace_back();
      keys_.contrats.back().concession = element.name == "Concession";
      keys_.contrats.back().line = element.line;
    } else {
      ++keys_.left_out;
    }
  }
  if (!in_contrat_ || depth_ < part_depth) return;
  if (depth_ == part_depth)
    in_identifiant_ = element.name == "IdentifiantMarche" || element.name == "IdentifiantConcession";
  leaf(element);
}

void KeysVisitor::end(std::string_view /*name*/, std::string_view /*path*/) {
  if (depth_ == domain_depth && in_marche_) ended_ = true;
  if (depth_ == contract_depth) in_contrat_ = false;
  if (depth_ == part_depth) in_identifiant_ = false;
  if (depth_ > 0) --depth_;
}

Result<Keys> read_keys(const xml::ByteSource& source) {
  KeysVisitor visitor;
  const auto status = xml::stream(source, visitor);
  if (!status) return failure(status.error());
  return visitor.take();
}

}  // namespace demat::marche
