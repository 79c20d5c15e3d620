#include "protocols/pes/outline.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "protocols/base/utf8.hpp"
#include "protocols/pes/outline_tables.hpp"
#include "protocols/rules/values.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::pes {
namespace {

using detail::Domaine;

constexpr std::string_view dsig = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::size_t max_signature_text = 65'536;  // a certificate in base64 is some thousand bytes
constexpr std::string_view nir = "04";

/// A part that is being read.
struct Open {
  Part part;
  std::size_t depth = 0;  ///< of its element
  bool told = false;      ///< the sink has had open()
  std::string tiers;      ///< of a pièce: the first
  std::size_t other_tiers = 0;
  std::size_t tiers_seen = 0;  ///< of a ligne
  std::size_t infos_seen = 0;  ///< InfoTiers of a ligne
  std::string id_tiers;        ///< of a ligne: shown once it is known not to be a NIR
};

struct SignatureText {
  std::string_view element;
  std::string_view key;
};
constexpr std::array signature_texts{
    SignatureText{"SigningTime", "date"},
    SignatureText{"ClaimedRole", "role"},
    SignatureText{"City", "ville"},
    SignatureText{"X509Certificate", "certificat"},
};

/// At most max_part_value bytes, and no part of a character at the end.
std::string_view shortened(std::string_view value) {
  return utf8_first(value, max_part_value);
}

class Reader final : public xml::Visitor {
 public:
  Reader(OutlineSink& sink, const OutlineOptions& options);
  void start(const xml::StartElement& element, std::string_view path) override;
  void end(std::string_view name, std::string_view path) override;
  void text(std::string_view piece) override;
  [[nodiscard]] bool wants_more() const override { return sink_.wants_more(); }

 private:
  struct Reference {
    std::size_t count = 0;
    bool electronic = false;
  };

  void open(PartKind kind, const xml::StartElement& element);
  void tell_open();
  void leaf(const xml::StartElement& element);
  void put(Part& part, std::string_view key, std::string_view value);
  void begin_content(const xml::StartElement& element);
  void end_content();
  void close();
  void finish(Open& one);
  void finish_ligne(Open& one);
  void finish_piece(Open& one);
  void finish_pj(Part& part);
  void finish_document(Part& part);
  void refer(const Part& part);
  void hand_up(Open& one);
  void signature_start(const xml::StartElement& element);

  OutlineSink& sink_;
  OutlineOptions options_;
  PjContent content_;
  std::vector<Open> open_;
  std::vector<std::string> names_;  // of the open elements; those below are kept for their room
  std::size_t depth_ = 0;
  Domaine domaine_ = Domaine::other;
  std::unordered_map<std::string, Reference> references_;
  std::string_view signature_key_;  // of the text that is being read
  std::string signature_text_;
  bool in_content_ = false;
};

Reader::Reader(OutlineSink& sink, const OutlineOptions& options)
    : sink_(sink),
      options_(options),
      content_(options.limits, [this](std::string_view bytes) { return sink_.content(bytes); }) {}

/// Another part begins in the last one: what that one says of itself is known by now.
void Reader::tell_open() {
  for (auto& one : open_) {
    if (one.told || detail::is_inner(one.part.kind)) continue;
    one.told = true;
    sink_.open(one.part);
  }
}

void Reader::open(PartKind kind, const xml::StartElement& element) {
  if (!detail::is_inner(kind)) tell_open();
  Open one;
  one.part.kind = kind;
  one.part.element = element.name;
  one.part.line = element.line;
  one.depth = element.depth;
  open_.push_back(std::move(one));
}

void Reader::start(const xml::StartElement& element, std::string_view /*path*/) {
  depth_ = element.depth;
  if (names_.size() < depth_) names_.resize(depth_);
  names_[depth_ - 1] = element.name;
  if (element.depth == 1) {
    open(PartKind::document, element);
    return;
  }
  const PartKind inside = open_.back().part.kind;
  if (inside == PartKind::signature) return signature_start(element);
  const bool signed_part = inside == PartKind::bordereau || inside == PartKind::document;
  if (element.ns == dsig && element.name == "Signature" && signed_part)
    return open(PartKind::signature, element);
  if (element.depth == 2 && element.name != "Enveloppe" && element.name != "EnTetePES") {
    domaine_ = detail::domaine_of(element.name);
    return open(PartKind::domaine, element);
  }
  if (const auto kind = detail::opened_by(inside, element.name)) return open(*kind, element);
  if (inside == PartKind::pj && element.name == "Fichier") return begin_content(element);
  if (inside == PartKind::ligne && element.name == "Tiers") ++open_.back().tiers_seen;
  if (inside == PartKind::ligne && element.name == "InfoTiers") ++open_.back().infos_seen;
  if (element.has_attribute("V")) leaf(element);
}

void Reader::leaf(const xml::StartElement& element) {
  Open& one = open_.back();
  const std::string& parent = names_[depth_ - 2];
  // Of several tiers the first is told: the nature of another one says nothing of its identifier.
  if (one.infos_seen > 1 && parent == "InfoTiers") return;
  const auto key = detail::key_of(one.part.kind, parent, element.name);
  if (key == "id_tiers" && one.id_tiers.empty())
    one.id_tiers = shortened(element.attribute("V"));
  else if (!key.empty() && key != "id_tiers")
    put(one.part, key, element.attribute("V"));
  if (one.id_tiers.empty()) return;
  const auto nature = one.part["nature_id_tiers"];
  if (!nature.empty() && nature != nir) put(one.part, "id_tiers", one.id_tiers);
}

void Reader::put(Part& part, std::string_view key, std::string_view value) {
  if (value.empty() || part.field(key) != nullptr) return;
  PartField field{key, std::string(shortened(value))};
  auto list = detail::list_of(part.kind, domaine_, key);
  if (part.kind == PartKind::marche && key == "nature")
    list = part.element == "Concession" ? CodeList::nature_concession : CodeList::nature_marche;
  if (list) {
    if (const auto* label = label_of(*list, field.value)) {
      field.fr = label->fr;
      field.en = label->en;
    }
  }
  part.fields.push_back(std::move(field));
}

void Reader::signature_start(const xml::StartElement& element) {
  signature_text_.clear();
  signature_key_ = {};
  Part& part = open_.back().part;
  if (element.name == "SignatureMethod") return put(part, "algorithme", element.attribute("Algorithm"));
  const auto* at = std::find_if(signature_texts.begin(), signature_texts.end(),
                                [&](const SignatureText& one) { return one.element == element.name; });
  if (at != signature_texts.end()) signature_key_ = at->key;
}

void Reader::begin_content(const xml::StartElement& element) {
  put(open_.back().part, "mime", element.attribute("MIMEType"));
  if (!options_.read_content || in_content_) return;
  in_content_ = true;
  content_.restart();
  sink_.begin_content();
}

void Reader::text(std::string_view piece) {
  // An error stays in content_ until its end: the document goes on.
  if (in_content_) static_cast<void>(content_.add(piece));
  if (!signature_key_.empty() && signature_text_.size() < max_signature_text)
    signature_text_ += piece.substr(0, max_signature_text - signature_text_.size());
}

void Reader::end_content() {
  in_content_ = false;
  Part& part = open_.back().part;
  if (const auto whole = content_.finish(); !whole) part.broken = whole.error();
  part.content = content_.sizes();
}

void Reader::end(std::string_view name, std::string_view /*path*/) {
  if (in_content_ && name == "Fichier") end_content();
  if (!signature_key_.empty()) {
    Part& part = open_.back().part;
    if (part.field(signature_key_) == nullptr && !signature_text_.empty())
      part.fields.push_back({signature_key_, std::move(signature_text_)});
    signature_key_ = {};
    signature_text_.clear();
  }
  if (open_.back().depth == depth_) close();
  --depth_;
}

void Reader::close() {
  Open one = std::move(open_.back());
  open_.pop_back();
  const bool inner = detail::is_inner(one.part.kind);
  if (!inner) {
    open_.push_back(std::move(one));
    tell_open();
    one = std::move(open_.back());
    open_.pop_back();
  }
  finish(one);
  if (!inner) sink_.close(one.part);
  hand_up(one);
}

/// What a part knows of itself only now.
void Reader::finish(Open& one) {
  switch (one.part.kind) {
    case PartKind::ligne:
      return finish_ligne(one);
    case PartKind::piece:
      return finish_piece(one);
    case PartKind::pj:
      return finish_pj(one.part);
    case PartKind::pj_ref:
      return refer(one.part);
    case PartKind::document:
      return finish_document(one.part);
    default:
      return;
  }
}

void Reader::finish_ligne(Open& one) {
  Part& part = one.part;
  for (const auto& [key, sum] : {std::pair{"ht", &part.sums.ht}, std::pair{"tva", &part.sums.tva}}) {
    if (part[key].empty()) continue;
    const auto cents = rules::cents(part[key]);
    *sum = cents.value_or(0);
    part.sums.readable = part.sums.readable && cents.has_value();
  }
  part.sums.lignes = 1;
}

void Reader::finish_piece(Open& one) {
  one.part.sums.pieces = 1;
  if (one.tiers.empty()) return;
  one.part.fields.push_back({"tiers", one.tiers});
  if (one.other_tiers > 0) one.part.fields.push_back({"autres_tiers", std::to_string(one.other_tiers)});
}

void Reader::refer(const Part& part) {
  const std::string id(part["id_unique"]);
  if (id.empty()) return;
  const auto known = references_.find(id);
  if (known == references_.end() && references_.size() >= max_known_references) return;
  auto& reference = references_[id];
  ++reference.count;
  reference.electronic = reference.electronic || part["support"] == "01";
}

void Reader::finish_pj(Part& part) {
  part.sums.pj = 1;
  const auto known = references_.find(std::string(part["id_unique"]));
  if (known == references_.end()) return;
  part.references = known->second.count;
  known->second.electronic = false;  // it is here
}

void Reader::finish_document(Part& part) {
  const auto missing = std::count_if(references_.begin(), references_.end(),
                                     [](const auto& one) { return one.second.electronic; });
  if (missing == 0) return;
  const bool all = references_.size() < max_known_references;
  part.fields.push_back({"pj_absentes", std::to_string(missing) + (all ? "" : "+")});
}

/// Adds what a part counted to the one around it.
void Reader::hand_up(Open& one) {
  if (open_.empty()) return;
  Open& up = open_.back();
  const Part& part = one.part;
  if (detail::is_inner(part.kind)) {
    if (up.part.inner.size() < max_inner)
      up.part.inner.push_back(std::move(one.part));
    else
      ++up.part.inner_left_out;
    return;
  }
  PartSums& to = up.part.sums;
  const PartSums& from = part.sums;
  to.bordereaux += from.bordereaux + (part.kind == PartKind::bordereau ? 1U : 0U);
  to.pieces += from.pieces;
  to.lignes += from.lignes;
  to.pj += from.pj;
  to.factures += from.factures + (part.kind == PartKind::facture ? 1U : 0U);
  to.marches += from.marches + (part.kind == PartKind::marche ? 1U : 0U);
  to.signatures += from.signatures + (part.kind == PartKind::signature ? 1U : 0U);
  const bool other =
      part.kind == PartKind::client || part.kind == PartKind::asap || part.kind == PartKind::retour;
  to.others += from.others + (other ? 1U : 0U);
  // Files beyond what 64 bits of cents hold do not exist; hostile ones say that their sums mean nothing.
  to.readable = to.readable && from.readable && !__builtin_add_overflow(to.ht, from.ht, &to.ht) &&
                !__builtin_add_overflow(to.tva, from.tva, &to.tva);
  if (part.kind != PartKind::ligne || part["nom"].empty()) return;
  std::string name(part["nom"]);
  if (!part["prenom"].empty()) name += " " + std::string(part["prenom"]);
  const std::size_t more = one.tiers_seen > 1 ? one.tiers_seen - 1 : 0;
  if (up.tiers.empty())
    up.tiers = std::move(name);
  else if (up.tiers != name)
    ++up.other_tiers;
  up.other_tiers += more;
}

}  // namespace

std::string_view to_string(PartKind kind) {
  constexpr std::array<std::string_view, 16> names{
      "document", "domaine", "bordereau", "piece",     "ligne",  "pj",         "facture",  "marche",
      "client",   "asap",    "retour",    "signature", "pj_ref", "ref_compta", "paiement", "reste"};
  return names[static_cast<std::size_t>(kind)];
}

const PartField* Part::field(std::string_view key) const {
  const auto at =
      std::find_if(fields.begin(), fields.end(), [&](const PartField& one) { return one.key == key; });
  return at == fields.end() ? nullptr : &*at;
}

std::string_view Part::operator[](std::string_view key) const {
  const auto* found = field(key);
  return found == nullptr ? std::string_view{} : std::string_view(found->value);
}

Status read_outline(const xml::ByteSource& source, OutlineSink& sink, const OutlineOptions& options) {
  Reader reader(sink, options);
  return xml::stream(source, reader);
}

}  // namespace demat::pes
