#include "protocols/rules/unit_reader.hpp"

#include <algorithm>

namespace demat::rules {
namespace {

constexpr std::string_view dsig = "http://www.w3.org/2000/09/xmldsig#";

constexpr std::array boundaries{
    Boundary{UnitKind::flux, "Enveloppe", UnitKind::entete},
    Boundary{UnitKind::flux, "EnTetePES", UnitKind::entete},
    Boundary{UnitKind::flux, "PES_DepenseAller", UnitKind::domaine},
    Boundary{UnitKind::flux, "PES_RecetteAller", UnitKind::domaine},
    Boundary{UnitKind::flux, "PES_PJ", UnitKind::domaine},
    Boundary{UnitKind::flux, "PES_Facture", UnitKind::domaine},
    Boundary{UnitKind::domaine, "Bordereau", UnitKind::bordereau},
    Boundary{UnitKind::bordereau, "Piece", UnitKind::piece},
    Boundary{UnitKind::piece, "LigneDePiece", UnitKind::ligne},
    Boundary{UnitKind::ligne, "Tiers", UnitKind::tiers},
    Boundary{UnitKind::ligne, "Recouvrement", UnitKind::recouvrement},
    Boundary{UnitKind::domaine, "PJ", UnitKind::pj},
    Boundary{UnitKind::pj, "RefCompta", UnitKind::ref_compta},
    Boundary{UnitKind::domaine, "Tiers", UnitKind::tiers},
    Boundary{UnitKind::domaine, "FactureIndiv", UnitKind::facture},
    Boundary{UnitKind::facture, "Tiers", UnitKind::tiers},
    Boundary{UnitKind::facture, "LigneFacture", UnitKind::ligne_facture},
    Boundary{UnitKind::facture, "LigneFacturePatient", UnitKind::ligne_facture},
};

const Boundary* boundary(UnitKind inside, std::string_view element) {
  const auto* found = std::find_if(boundaries.begin(), boundaries.end(), [&](const Boundary& b) {
    return b.inside == inside && b.element == element;
  });
  return found == boundaries.end() ? nullptr : found;
}

}  // namespace

struct UnitReader::Impl {
  struct Open {
    std::unique_ptr<Unit> unit;
    std::size_t depth;                                   ///< of its element
    std::vector<std::pair<UnitKind, std::size_t>> seen;  ///< units of each kind inside
  };

  std::vector<Family*> families;
  std::vector<Family*> readers;  ///< those that want text
  Verdicts* out;
  const Unit* inside;
  std::vector<Open> open;
  std::vector<std::unique_ptr<Unit>> spare;
  std::vector<FieldName> names;  ///< of the open elements below the innermost unit
  std::size_t depth = 0;
  std::size_t skipped_from = 0;  ///< depth of an element that is passed over whole

  std::size_t next_index(UnitKind kind) {
    if (open.empty()) return 1;
    auto& seen = open.back().seen;
    const auto found = std::find_if(seen.begin(), seen.end(), [&](const auto& s) { return s.first == kind; });
    if (found != seen.end()) return ++found->second;
    seen.emplace_back(kind, 1);
    return 1;
  }

  void open_unit(UnitKind kind, const xml::StartElement& element, std::string_view path) {
    const auto index = next_index(kind);
    auto unit = spare.empty() ? std::make_unique<Unit>() : std::move(spare.back());
    if (!spare.empty()) spare.pop_back();
    unit->reset();
    unit->kind = kind;
    unit->parent = open.empty() ? inside : open.back().unit.get();
    unit->element = element.name;
    unit->id = element.attribute("Id");
    unit->place = {element.line, std::string(path)};
    unit->index = index;
    open.push_back({std::move(unit), depth, {}});
    names.clear();
  }

  void close_unit() {
    auto closed = std::move(open.back());
    open.pop_back();
    for (auto* family : families)
      family->close(*closed.unit, *out);
    spare.push_back(std::move(closed.unit));
    names.clear();
  }

  void field(const xml::StartElement& element, std::string_view path) {
    auto& unit = *open.back().unit;
    const auto above = names.empty() ? field_basis : hashed("/", names.back());
    names.push_back(hashed(element.name, above));
    if (!element.has_attribute("V")) return;
    const auto prefix = unit.place.path.size() + 1;
    unit.add(names.back(), element.attribute("V"), path.substr(std::min(prefix, path.size())), element.line);
  }
};

UnitReader::UnitReader(std::vector<Family*> families, Verdicts& out, const Unit* inside)
    : impl_(std::make_unique<Impl>()) {
  for (auto* family : families)
    if (family->reads_text()) impl_->readers.push_back(family);
  impl_->families = std::move(families);
  impl_->out = &out;
  impl_->inside = inside;
}
UnitReader::~UnitReader() = default;

void UnitReader::start(const xml::StartElement& element, std::string_view path) {
  auto& me = *impl_;
  ++me.depth;
  if (me.skipped_from != 0) return;
  if (element.name == "Signature" && element.ns == dsig) {
    me.skipped_from = me.depth;
    return;
  }
  if (me.depth == 1) return me.open_unit(UnitKind::flux, element, path);
  const auto& innermost = me.open.back();
  const bool direct = me.depth == innermost.depth + 1;
  if (const auto* found = direct ? boundary(innermost.unit->kind, element.name) : nullptr)
    return me.open_unit(found->opens, element, path);
  if (innermost.unit->kind == UnitKind::flux) {
    me.skipped_from = me.depth;
    return;
  }
  me.field(element, path);
}

void UnitReader::end(std::string_view /*name*/, std::string_view /*path*/) {
  auto& me = *impl_;
  const auto closing = me.depth;
  if (me.depth > 0) --me.depth;
  if (me.skipped_from != 0) {
    if (closing == me.skipped_from) me.skipped_from = 0;
    return;
  }
  if (!me.open.empty() && me.open.back().depth == closing) {
    me.close_unit();
    if (closing == 1)
      for (auto* family : me.families)
        family->finish(*me.out);
    return;
  }
  if (!me.names.empty()) me.names.pop_back();
}

void UnitReader::text(std::string_view piece) {
  auto& me = *impl_;
  if (me.readers.empty() || me.names.empty() || me.skipped_from != 0) return;
  for (auto* family : me.readers)
    family->text(*me.open.back().unit, me.names.back(), piece);
}

}  // namespace demat::rules
