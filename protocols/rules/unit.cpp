#include "protocols/rules/unit.hpp"

#include <algorithm>

namespace demat::rules {
namespace {

std::string_view domaine_word(std::string_view element) {
  static constexpr std::array<std::array<std::string_view, 2>, 5> words{{{"PES_DepenseAller", "depense"},
                                                                         {"PES_RecetteAller", "recette"},
                                                                         {"PES_PJ", "pj"},
                                                                         {"PES_Facture", "facture"},
                                                                         {"PES_Marche", "marche"}}};
  const auto* found =
      std::find_if(words.begin(), words.end(), [&](const auto& w) { return w[0] == element; });
  return found == words.end() ? std::string_view{} : (*found)[1];
}

void number(const Unit& unit, Subject& subject) {
  switch (unit.kind) {
    case UnitKind::domaine:
      subject.domaine = domaine_word(unit.element);
      break;
    case UnitKind::bordereau:
      subject.bordereau = unit["BlocBordereau/IdBord"_f];
      subject.exercice = unit["BlocBordereau/Exer"_f];
      break;
    case UnitKind::piece:
      subject.piece = unit.has("BlocPiece/InfoPce/IdPce"_f) ? unit["BlocPiece/InfoPce/IdPce"_f]
                                                            : unit["BlocPiece/IdPce"_f];
      break;
    case UnitKind::ligne:
      subject.ligne = unit.has("BlocLignePiece/InfoLignePce/IdLigne"_f)
                          ? unit["BlocLignePiece/InfoLignePce/IdLigne"_f]
                          : unit["BlocLignePiece/InfoLignePiece/IdLigne"_f];
      break;
    case UnitKind::pj:
      subject.pj = unit["IdUnique"_f];
      break;
    case UnitKind::facture:
      subject.facture =
          unit.has("RefTitre/NumTitre"_f) ? unit["RefTitre/NumTitre"_f] : unit["NumeroFacture"_f];
      break;
    default:
      break;
  }
}

}  // namespace

std::size_t Unit::find(FieldName name, std::size_t from) const {
  const auto* const first = names_.data();
  const auto* const last = first + names_.size();
  return static_cast<std::size_t>(std::find(first + std::min(from, names_.size()), last, name) - first);
}

std::string_view Unit::operator[](FieldName name) const {
  const auto at = find(name, 0);
  return at < names_.size() ? value(fields_[at]) : std::string_view{};
}

bool Unit::has(FieldName name) const {
  return find(name, 0) < names_.size();
}

std::size_t Unit::count(FieldName name) const {
  return static_cast<std::size_t>(std::count(names_.begin(), names_.end(), name));
}

std::string_view Unit::value(const Field& field) const {
  return std::string_view(text_).substr(field.value_at, field.value_size);
}

std::string_view Unit::below(const Field& field) const {
  return std::string_view(text_).substr(field.path_at, field.path_size);
}

Place Unit::place_of(const Field& field) const {
  return {field.line, place.path + "/" + std::string(below(field))};
}

Place Unit::place_of(FieldName name) const {
  const auto at = find(name, 0);
  return at < names_.size() ? place_of(fields_[at]) : place;
}

const Unit* Unit::enclosing(UnitKind wanted) const {
  const Unit* at = this;
  while (at != nullptr && at->kind != wanted)
    at = at->parent;
  return at;
}

std::string_view Unit::domaine() const {
  const auto* found = enclosing(UnitKind::domaine);
  return found == nullptr ? std::string_view{} : std::string_view(found->element);
}

Subject Unit::subject() const {
  Subject out;
  for (const Unit* at = this; at != nullptr; at = at->parent)
    number(*at, out);
  return out;
}

void Unit::reset() {
  names_.clear();
  fields_.clear();
  text_.clear();
  element.clear();
  id.clear();
  place = {};
  index = 0;
  dropped = 0;
  tally = {};
  parent = nullptr;
}

void Unit::add(FieldName name, std::string_view found, std::string_view path_below, std::size_t line) {
  const bool fits = text_.size() + found.size() + path_below.size() <= max_text;
  if (fields_.size() >= max_fields || !fits) {
    ++dropped;
    return;
  }
  const auto at = static_cast<std::uint32_t>(text_.size());
  text_.append(found);
  text_.append(path_below);
  const auto size = static_cast<std::uint32_t>(found.size());
  names_.push_back(name);
  fields_.push_back({name, at, size, at + size, static_cast<std::uint32_t>(path_below.size()), line});
}

}  // namespace demat::rules
