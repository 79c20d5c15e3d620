#include "protocols/pes/rules.hpp"

#include <algorithm>
#include <array>

#include "protocols/pes/observed.hpp"
#include "protocols/rules/values.hpp"

namespace demat::pes {
namespace {

constexpr std::string_view dsig = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::array<std::string_view, 8> header_fields{"Version", "TypFic", "NomFic",  "IdPost",
                                                        "IdColl",  "CodCol", "CodColl", "CodBud"};

constexpr std::array<std::string_view, 4> bordereau_fields{"NbrPce", "IdBord", "Exer", "TypBord"};
constexpr std::string_view ormc = "06";  ///< TypBord of a recette

using rules::trimmed;

/// Where the visit is; a Place is made of it only where one is kept.
struct Where {
  std::size_t line;
  std::string_view path;

  [[nodiscard]] Place place() const { return {line, std::string(path)}; }
};

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// An Id that a signature can point at: an NCName (helios 5.2). Letters outside ASCII are left to the schema.
bool is_usable_id(std::string_view id) {
  id = trimmed(id);
  if (id.empty() || !is_name_start(id.front())) return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

}  // namespace

struct StructuralRules::Impl {
  enum class Section { none, header, domain };

  Observed seen;
  Section section = Section::none;
  std::size_t depth = 0;
  std::size_t signature_depth = 0;  // of the ds:Signature we are in; 0 outside
  bool in_domain_header = false;
  bool in_bordereau = false;
  Place bordereau;
  Subject bordereau_subject;
  std::size_t bordereau_signatures = 0;
  std::size_t bordereau_pieces = 0;
  std::string announced_pieces;
  std::string bordereau_type;
  bool every_bordereau_has_id = true;
  DomainObserved overflow;  // stands for domains beyond max_domains

  DomainObserved& domain() {
    return seen.facts.domains.size() > max_domains ? overflow : seen.domains.back();
  }

  void root(const xml::StartElement& element, const Where& where) {
    seen.root = where.place();
    seen.facts.root_has_id = is_usable_id(element.attribute("Id"));
  }
  void second_level(const xml::StartElement& element, const Where& where);
  void in_header(const xml::StartElement& element, const Where& where);
  void third_level(const xml::StartElement& element, const Where& where);
  void deeper(const xml::StartElement& element, const Where& where);
  void signature(const xml::StartElement& element, const Where& where);
  void end_bordereau();
};

void StructuralRules::Impl::second_level(const xml::StartElement& element, const Where& where) {
  if (element.name == "Enveloppe" || element.name == "EnTetePES") {
    section = Section::header;
    seen.header_places.try_emplace(std::string(element.name), where.place());
    return;
  }
  section = Section::domain;
  auto& facts = seen.facts;
  if (facts.domains.size() <= max_domains) facts.domains.emplace_back(element.name);
  DomainObserved opened;
  opened.name = element.name;
  opened.place = where.place();
  opened.has_bordereaux_by_nature = element.name == "PES_DepenseAller" || element.name == "PES_RecetteAller";
  if (facts.domains.size() > max_domains)
    overflow = std::move(opened);
  else
    seen.domains.push_back(std::move(opened));
}

void StructuralRules::Impl::in_header(const xml::StartElement& element, const Where& where) {
  if (std::find(header_fields.begin(), header_fields.end(), element.name) == header_fields.end()) return;
  seen.header_places.try_emplace(element.name == "CodColl" ? "CodCol" : std::string(element.name),
                                 where.place());
}

void StructuralRules::Impl::third_level(const xml::StartElement& element, const Where& where) {
  in_domain_header = element.name.starts_with("EnTete");
  if (in_domain_header) return;
  auto& d = domain();
  ++d.content;
  if (element.name == "PJ" && d.name == "PES_PJ") ++seen.facts.pj;
  in_bordereau = element.name == "Bordereau" && d.has_bordereaux_by_nature;
  if (!in_bordereau) return;
  ++d.bordereaux;
  ++seen.facts.bordereaux;
  every_bordereau_has_id = every_bordereau_has_id && is_usable_id(element.attribute("Id"));
  bordereau = where.place();
  bordereau_subject = {.domaine = d.name == "PES_DepenseAller" ? "depense" : "recette"};
  bordereau_signatures = 0;
  bordereau_pieces = 0;
  announced_pieces.clear();
  bordereau_type.clear();
}

void StructuralRules::Impl::deeper(const xml::StartElement& element, const Where& where) {
  if (element.depth == 4 && in_domain_header) {
    auto& d = domain();
    if (element.name == "IdVer") {
      d.id_ver = trimmed(element.attribute("V"));
      d.id_ver_place = where.place();
    }
    const auto value = trimmed(element.attribute("V"));
    if (element.name == "InfoDematerialisee") d.dematerialisee = value == "1" || value == "true";
  }
  if (!in_bordereau) return;
  if (element.depth == 4 && element.name == "Piece") {
    ++bordereau_pieces;
    ++seen.facts.pieces;
  }
  if (element.depth != 5) return;
  const auto value = trimmed(element.attribute("V"));
  if (element.name == "NbrPce") announced_pieces = value;
  if (element.name == "TypBord") bordereau_type = value;
  if (element.name == "IdBord") bordereau_subject.bordereau = value;
  if (element.name == "Exer") bordereau_subject.exercice = value;
}

void StructuralRules::Impl::signature(const xml::StartElement& element, const Where& where) {
  signature_depth = element.depth;
  ++seen.facts.signatures;
  if (element.depth == 2) {
    if (++seen.root_signatures > 1) seen.repeated_signatures.add(where.place());
  } else if (element.depth == 4 && in_bordereau) {
    if (++bordereau_signatures > 1) seen.repeated_signatures.add(where.place());
  } else {
    seen.misplaced_signatures.add(where.place());
  }
}

void StructuralRules::Impl::end_bordereau() {
  in_bordereau = false;
  auto& d = domain();
  (bordereau_signatures > 0 ? d.signed_bordereaux : d.unsigned_bordereaux)
      .add(Hit{.place = bordereau, .subject = bordereau_subject});
  // The domain's own header, with InfoDematerialisee, stands before its bordereaux.
  const bool is_ormc = d.name == "PES_RecetteAller" && bordereau_type == ormc;
  if (d.dematerialisee || !is_ormc) seen.facts.to_be_signed = true;
  const auto announced = rules::count(announced_pieces);
  if (!announced || *announced == bordereau_pieces) return;
  const auto counted = std::to_string(bordereau_pieces);
  seen.wrong_counts.add(Hit{.place = bordereau,
                            .subject = bordereau_subject,
                            .value = announced_pieces,
                            .expected = {counted, counted}});
}

StructuralRules::StructuralRules(Header header, RuleOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->seen.header = std::move(header);
  impl_->seen.options = std::move(options);
}
StructuralRules::StructuralRules(RuleOptions options) : StructuralRules(Header{}, std::move(options)) {}
StructuralRules::~StructuralRules() = default;

void StructuralRules::start(const xml::StartElement& element, std::string_view path) {
  auto& me = *impl_;
  ++me.depth;
  if (me.signature_depth != 0) return;  // what a signature holds is of protocols/xades
  const bool of_bordereau = element.depth == 5 && std::find(bordereau_fields.begin(), bordereau_fields.end(),
                                                            element.name) != bordereau_fields.end();
  const bool interesting =
      element.depth <= 4 || of_bordereau || (element.name == "Signature" && element.ns == dsig);
  if (!interesting) return;
  const Where where{element.line, path};
  if (element.depth == 1) return me.root(element, where);
  if (element.name == "Signature" && element.ns == dsig) return me.signature(element, where);
  if (element.depth == 2) return me.second_level(element, where);
  if (me.section == Impl::Section::header) return me.in_header(element, where);
  if (element.depth == 3) return me.third_level(element, where);
  me.deeper(element, where);
}

void StructuralRules::end(std::string_view /*name*/, std::string_view /*path*/) {
  auto& me = *impl_;
  const auto closing = me.depth;
  if (me.depth > 0) --me.depth;
  if (me.signature_depth != 0) {
    if (closing == me.signature_depth) me.signature_depth = 0;
    return;
  }
  if (closing == 3 && me.in_bordereau) me.end_bordereau();
  if (closing == 3) me.in_domain_header = false;
  if (closing == 2) me.section = Impl::Section::none;
}

Report StructuralRules::finish(Header header) {
  impl_->seen.header = std::move(header);
  return finish();
}

Report StructuralRules::finish() {
  auto& seen = impl_->seen;
  auto& facts = seen.facts;
  facts.all_bordereaux_have_id = facts.bordereaux > 0 && impl_->every_bordereau_has_id;
  std::size_t to_dematerialise = 0;
  std::size_t dematerialised = 0;
  for (const auto& d : seen.domains) {
    if (!d.has_bordereaux_by_nature) continue;
    ++to_dematerialise;
    if (d.dematerialisee) ++dematerialised;
  }
  facts.dematerialisee = to_dematerialise > 0 && dematerialised == to_dematerialise;

  rules::Verdicts verdicts(seen.options.rules);
  for (const auto& rule : rule_table()) {
    auto hits = rule.check(seen);
    const auto unlisted = hits.total - hits.first.size();
    for (auto& hit : hits.first)
      verdicts.add(rule.info, std::move(hit));
    verdicts.add_unlisted(rule.info, unlisted);
  }
  return verdicts.take();
}

const FlowFacts& StructuralRules::facts() const {
  return impl_->seen.facts;
}

}  // namespace demat::pes
