#include "protocols/preflight/enclosed_facture.hpp"

#include <memory>

#include "protocols/preflight/banque.hpp"
#include "protocols/preflight/facture.hpp"
#include "protocols/preflight/pj.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::preflight {
namespace {

/// Where the root, and the domain after its header, must have shown.
constexpr std::size_t head_bytes = 8'192;
constexpr std::string_view domain = "PES_Facture";

/// Passes the enclosed document on as one that lies in the attachment: its line, its path as a prefix. A
/// document whose root is the domain itself gets the root that is missing.
class Within final : public xml::Visitor {
 public:
  Within(const Unit& pj, xml::Visitor& to)
      : line_(pj.place.line), prefix_(pj.place.path + "/Contenu/Fichier!"), to_(to) {}

  void start(const xml::StartElement& element, std::string_view path) override {
    auto moved = element;
    moved.line = line_;
    if (element.depth == 1 && element.name == domain) {
      bare_ = true;
      to_.start({.name = "PES_Aller", .ns = {}, .attributes = {}, .depth = 1, .line = line_}, prefix_);
    }
    to_.start(moved, at(path));
  }
  void end(std::string_view name, std::string_view path) override {
    to_.end(name, at(path));
    if (bare_ && path.rfind('/') == 0) to_.end("PES_Aller", prefix_);
  }

 private:
  std::string_view at(std::string_view path) {
    path_.assign(prefix_).append(path);
    return path_;
  }

  std::size_t line_;
  std::string prefix_;
  std::string path_;
  xml::Visitor& to_;
  bool bare_ = false;
};

constexpr RuleInfo unreadable_rule{
    .code = "pes.facture.illisible",
    .name = "pes.facture.illisible",
    .level = Level::facture,
    .source = "PES_Aller/PES_Facture; TPES_PJ/TypePJ",
    .title_fr = "Le PES_Facture joint est un document XML lisible",
    .title_en = "The PES_Facture attached is a readable XML document",
    .fr = "Le PES_Facture de cette pièce jointe est illisible ({value}).",
    .en = "The PES_Facture of this attachment cannot be read ({value}).",
    .remedy_fr = "Refaire l'édition des avis des sommes à payer dans le logiciel.",
    .remedy_en = "Make the invoices again in the software."};

}  // namespace

Status EnclosedFacture::take(std::string_view piece) {
  if (something_else_ || too_large_) return {};
  if (text_.size() + piece.size() > most) {
    too_large_ = true;
    return {};
  }
  const bool decided = text_.size() >= head_bytes;
  text_.append(piece);
  if (decided || text_.size() < head_bytes || found()) return {};
  something_else_ = true;
  text_.clear();
  return {};
}

bool EnclosedFacture::found() const {
  return std::string_view(text_).substr(0, head_bytes).find(domain) != std::string_view::npos;
}

void EnclosedFacture::judge(const Unit& pj, Verdicts& out) const {
  if (!found()) return;
  if (too_large_) return hit(out, not_checked_rule, pj, "TypePJ"_f, "PES_Facture", {"16 Mio", "16 MiB"});
  const auto invoices = facture_family();
  const auto accounts = banque_family();
  rules::UnitReader reader({accounts.get(), invoices.get()}, out, &pj);
  Within within(pj, reader);
  const MemorySource source(text_);
  if (const auto status = xml::stream(source, within); !status)
    hit(out, unreadable_rule, pj, "TypePJ"_f, status.error().code);
}

void EnclosedFacture::restart() {
  constexpr std::size_t worth_keeping = 65'536;
  text_.clear();
  if (text_.capacity() > worth_keeping) text_.shrink_to_fit();
  too_large_ = false;
  something_else_ = false;
}

const RuleInfo& EnclosedFacture::unreadable() {
  return unreadable_rule;
}

}  // namespace demat::preflight
