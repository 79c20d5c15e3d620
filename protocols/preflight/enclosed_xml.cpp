#include "protocols/preflight/enclosed_xml.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "protocols/pes/pj_source.hpp"
#include "protocols/preflight/enclosed_facture.hpp"
#include "protocols/preflight/pj.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::preflight {
namespace {

/// Where the root, and the domain after its header, must have shown.
constexpr std::size_t head_bytes = 8'192;
constexpr std::string_view invoices_domain = "PES_Facture";
constexpr std::string_view budget_root = "DocumentBudgetaire";
constexpr auto type = "TypePJ"_f;

/// A PES_Facture without its PES_Aller has no schema of its own: that of PES_Aller says so.
constexpr std::array kinds{EnclosedXml::Kind{"PES_Aller", "PES_Aller"},
                           EnclosedXml::Kind{invoices_domain, "PES_Aller"},
                           EnclosedXml::Kind{budget_root, budget_root}};

constexpr std::string_view blanks = " \t\r\n";

/// What a reader of bytes sees: without byte-order mark, blanks, and the NUL that UTF-16 puts between letters
/// (such a document is refused, but for what it is).
std::string plain(std::string_view head) {
  for (const std::string_view mark : {"\xEF\xBB\xBF", "\xFE\xFF", "\xFF\xFE"})
    if (head.starts_with(mark)) head.remove_prefix(mark.size());
  std::string out(head);
  if (head.substr(0, 4).find('\0') != std::string_view::npos)
    out.erase(std::remove(out.begin(), out.end(), '\0'), out.end());
  out.erase(0, std::min(out.find_first_not_of(blanks), out.size()));
  return out;
}

/// Size of the instruction, comment or DOCTYPE that `text` begins with; 0 where it is none, all of it where
/// it does not end.
std::size_t prologue_of(std::string_view text) {
  const auto upto = [&](std::string_view closing, std::size_t from) {
    const auto at = text.find(closing, from);
    return at == std::string_view::npos ? text.size() : at + closing.size();
  };
  if (text.starts_with("<?")) return upto("?>", 0);
  if (text.starts_with("<!--")) return upto("-->", 0);
  if (!text.starts_with("<!")) return 0;
  const bool subset = text.find('[') < text.find('>');
  return upto(">", subset ? upto("]", 0) : 0);
}

/// Local name of the first element; empty when none shows.
std::string_view root_of(std::string_view text) {
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    const auto size = prologue_of(text);
    if (size == 0) break;
    text.remove_prefix(size);
  }
  if (!text.starts_with('<')) return {};
  const auto name = text.substr(1, text.find_first_of(" \t\r\n/>") - 1);
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

const EnclosedXml::Kind* kind_of(std::string_view root) {
  const auto* found = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const EnclosedXml::Kind& kind) { return kind.root == root; });
  return found == kinds.end() ? nullptr : found;
}

/// A pack made by somebody else may not describe every kind.
bool describes(const xml::SchemaPack* pack, const EnclosedXml::Kind* kind) {
  if (pack == nullptr || kind == nullptr) return false;
  const auto& entries = pack->info().entries;
  return std::any_of(entries.begin(), entries.end(),
                     [&](const xml::PackEntry& entry) { return entry.root == kind->entry; });
}

constexpr RuleInfo schema_rule{
    .code = "pes.pj.schema",
    .name = "pes.pj.schema",
    .level = Level::pj,
    .source = "PES_Aller/PES_Facture (encapsulé dans une PJ); DocumentBudgetaire; TPES_PJ/TypePJ",
    .title_fr = "Le document XML joint (PES_Facture, document budgétaire) est conforme à son schéma",
    .title_en = "The XML document attached (PES_Facture, budget document) conforms to its schema",
    .fr = "Le document XML de la pièce jointe n'est pas conforme à son schéma : {detail}",
    .en = "The XML document of the attachment does not conform to its schema: {detail}",
    .remedy_fr =
        "Corriger la donnée et refaire le document dans le logiciel dont il vient ; si cela "
        "revient, l'éditeur du logiciel doit corriger.",
    .remedy_en =
        "Correct the data and make the document again in the software it comes from; if it comes "
        "back, the publisher of the software must mend it."};

constexpr RuleInfo unreadable_rule{
    .code = "pes.pj.xml_illisible",
    .name = "pes.pj.xml_illisible",
    .level = Level::pj,
    .source = "DocumentBudgetaire; PES_Aller; TPES_PJ/TypePJ",
    .title_fr = "Le document XML joint (PES, document budgétaire) est lisible",
    .title_en = "The XML document attached (PES, budget document) can be read",
    .fr = "Le document XML de la pièce jointe est illisible ({value}) : {detail}",
    .en = "The XML document of the attachment cannot be read ({value}): {detail}",
    .remedy_fr = "Refaire le document dans le logiciel dont il vient, et le joindre de nouveau.",
    .remedy_en = "Make the document again in the software it comes from, and attach it again."};

constexpr RuleInfo type_rule{
    .code = "pes.pj.type_contenu",
    .name = "pes.pj.type_contenu",
    .level = Level::pj,
    .source = "déduit de TPES_PJ/TypePJ (001, 006, 007, 010) et de la racine du document joint",
    .title_fr = "Un document budgétaire ou un PES_Facture joint porte le type qui est le sien",
    .title_en = "A budget document or a PES_Facture attached has the type that is its own",
    .fr = "La pièce jointe a {value} ; attendu : {expected}.",
    .en = "The attachment has {value}; expected: {expected}.",
    .remedy_fr = "Donner à la pièce jointe son vrai type, ou joindre le bon document.",
    .remedy_en = "Give the attachment its real type, or attach the right document."};

Words at_line(const Place& place, const std::string& fr, const std::string& en) {
  if (place.line == 0) return {fr, en};
  const auto number = std::to_string(place.line);
  return {"ligne " + number + " du document, " + fr, "line " + number + " of the document, " + en};
}

}  // namespace

void EnclosedXml::keep(std::string_view gzip) {
  if (too_large_ || (settled_ && kind_ == nullptr && !facture_)) return;
  too_large_ = gzip_.size() + gzip.size() > most_;
  if (too_large_) return gzip_.clear();
  gzip_.append(gzip);
}

void EnclosedXml::take(std::string_view content) {
  if (settled_) return;
  head_.append(content.substr(0, head_bytes - head_.size()));
  if (head_.size() >= head_bytes) settle();
}

void EnclosedXml::settle() {
  if (settled_) return;
  settled_ = true;
  const auto text = plain(head_);
  if (text.starts_with('<')) {
    kind_ = kind_of(root_of(text));
    facture_ = text.find(invoices_domain) != std::string::npos;
  }
  head_.clear();
  if (kind_ == nullptr && !facture_) gzip_.clear();
}

bool EnclosedXml::facture() {
  settle();
  return facture_;
}

std::string_view EnclosedXml::name() const {
  return facture_ ? invoices_domain : kind_->root;
}

void EnclosedXml::judge_type(const Unit& pj, Verdicts& out) {
  if (pj[type].empty()) return;
  const bool budget = kind_ != nullptr && kind_->root == budget_root;
  const bool fits =
      budget ? pj[type] == "001" : pj[type] == "006" || pj[type] == "007" || pj[type] == "010" || !facture_;
  if (fits) return;
  hit(out, type_rule, pj, type, "TypePJ " + std::string(pj[type]) + ", " + std::string(name()),
      same(budget ? "TypePJ 001" : "TypePJ 006"));
}

void EnclosedXml::judge(const Unit& pj, std::size_t size, std::span<const PjReference> references,
                        Verdicts& out) {
  settle();
  if (kind_ == nullptr && !facture_) return;
  const auto& options = out.memory<PjOptions>();
  if (kind_ != nullptr) judge_type(pj, out);
  const bool invoices = facture_ && pj[type] == "006";
  const bool asked = out.in_force(schema_rule) || out.in_force(unreadable_rule);
  const bool judges_schema = asked && describes(options.pack.get(), kind_);
  if (!invoices && !judges_schema) return;
  if (too_large_ || spent_ + size > options.enclosed_xml)
    return hit(out, not_checked_rule, pj, type, std::string(name()),
               {"8 Mio de gzip ; 256 Mio de XML pour tout le flux",
                "8 MiB of gzip; 256 MiB of XML for the whole flow"});
  spent_ += size;
  read(pj, size, judges_schema, invoices, references, out);
}

void EnclosedXml::read(const Unit& pj, std::size_t size, bool judges_schema, bool invoices,
                       std::span<const PjReference> references, Verdicts& out) {
  std::optional<EnclosedFacture> facture;
  std::vector<xml::Visitor*> visitors;
  if (invoices) visitors.push_back(&facture.emplace(pj, references, out).visitor());
  const pes::PjSource source(gzip_, size);
  Report found;
  const auto status = judges_schema
                          ? out.memory<PjOptions>().pack->validate_stream(source, {}, visitors, found)
                          : xml::stream(source, *visitors.front());
  if (!status) {
    if (invoices) return hit(out, EnclosedFacture::unreadable(), pj, type, status.error().code);
    return out.add(unreadable_rule,
                   {.place = {pj.place.line, enclosed_in(pj)},
                    .subject = pj.subject(),
                    .value = status.error().code,
                    .detail = at_line(status.error().place, status.error().fr, status.error().en)});
  }
  for (auto& one : found.findings)
    out.add(schema_rule, {.place = {pj.place.line, enclosed_in(pj) + one.place.path},
                          .subject = pj.subject(),
                          .value = std::move(one.value),
                          .expected = std::move(one.expected),
                          .detail = at_line(one.place, one.fr, one.en)});
}

void EnclosedXml::restart() {
  constexpr std::size_t worth_keeping = 131'072;
  gzip_.clear();
  if (gzip_.capacity() > worth_keeping) gzip_.shrink_to_fit();
  head_.clear();
  kind_ = nullptr;
  settled_ = facture_ = too_large_ = false;
}

std::vector<const RuleInfo*> EnclosedXml::rules() {
  return {&schema_rule, &unreadable_rule, &type_rule};
}

}  // namespace demat::preflight
