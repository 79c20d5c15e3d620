#include "protocols/pes/retour.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "protocols/xml/parser.hpp"

namespace demat::pes {
namespace {

constexpr std::size_t max_states = 64;   // distinct codes counted apart; the schema knows less than ten
constexpr std::size_t max_domains = 16;  // four domains exist

struct EtatRow {
  std::string_view code;
  std::string_view fr;
  std::string_view en;
};

constexpr std::array etats{
    EtatRow{"01", "en instance", "pending"},
    EtatRow{"02", "prise en charge", "taken in charge"},
    EtatRow{"04", "rejetée", "rejected"},
    EtatRow{"05", "soldée", "settled"},
};

const EtatRow* etat_row(std::string_view code) {
  const auto* row =
      std::find_if(etats.begin(), etats.end(), [&](const EtatRow& e) { return e.code == code; });
  return row == etats.end() ? nullptr : row;
}

class Decoder final : public xml::Visitor {
 public:
  void start(const xml::StartElement& element, std::string_view /*path*/) override {
    header_.start(element);
    if (element.depth == 1) foreign_ = element.name != "PES_Retour";
    if (element.depth == 2) domain(element.name);
    if (!in_domain_) return;
    if (element.name == "Client" && element.depth == 3) ++retour_.clients;
    if (element.name == "Piece") piece_.emplace(RetourPiece{domain_, exercice_, bordereau_, {}, {}, {}, {}});
    if (element.has_attribute("V")) value(element.name, element.attribute("V"));
  }

  void end(std::string_view name, std::string_view /*path*/) override {
    header_.end(name);
    if (name == "Piece") close_piece();
    if (name == "Bordereau") exercice_.clear(), bordereau_.clear();
  }

  [[nodiscard]] bool wants_more() const override { return !foreign_; }
  [[nodiscard]] bool foreign() const { return foreign_ || header_.header().root.empty(); }

  [[nodiscard]] Retour finish() {
    retour_.header = header_.header();
    return std::move(retour_);
  }

 private:
  void domain(std::string_view name) {
    in_domain_ = name != "Enveloppe" && name != "EnTetePES";
    if (!in_domain_) return;
    domain_ = name == "PES_DepenseRetour"   ? "depense"
              : name == "PES_RecetteRetour" ? "recette"
                                            : std::string(name);
    if (retour_.domaines.size() < max_domains) retour_.domaines.emplace_back(name);
  }

  void value(std::string_view name, std::string_view v) {
    const auto is = [&](std::string_view wanted) { return name == wanted; };
    if (is("TypRestit") && retour_.typ_restit.empty()) retour_.typ_restit = v;
    if (!piece_) {
      if (is("Exer")) exercice_ = v;
      if (is("IdBord")) bordereau_ = v;
      return;
    }
    if (is("IdPce") && piece_->piece.empty()) piece_->piece = v;
    if (is("EtatPce") && piece_->etat.empty()) piece_->etat = v;
    if (is("ObsEtat") && piece_->motif.empty()) piece_->motif = v;
    if (is("Commentaire") && piece_->commentaire.empty()) piece_->commentaire = v;
  }

  void close_piece() {
    if (!piece_) return;
    ++retour_.pieces_total;
    auto& counts = retour_.par_etat;
    if (counts.contains(piece_->etat) || counts.size() < max_states) ++counts[piece_->etat];
    if (retour_.pieces.size() < max_retour_pieces) retour_.pieces.push_back(std::move(*piece_));
    piece_.reset();
  }

  HeaderCollector header_;
  Retour retour_;
  std::optional<RetourPiece> piece_;
  std::string domain_;
  std::string exercice_;
  std::string bordereau_;
  bool in_domain_ = false;
  bool foreign_ = false;
};

Error unreadable(std::string_view detail, const Place& place) {
  auto error = permanent_error("retour.unreadable",
                               "Le document reçu d'Hélios n'est pas un PES_Retour lisible. Il est conservé "
                               "tel quel : faites-le examiner par "
                               "l'exploitant de la passerelle.",
                               "The document received from Hélios is not a readable PES_Retour. It is kept "
                               "as it came: have the gateway's "
                               "operator look at it.",
                               detail);
  error.place = place;
  return error;
}

}  // namespace

Result<Retour> decode_retour(const xml::ByteSource& source) {
  auto encoding = declared_encoding_of(source);
  if (!encoding) return failure(encoding.error());
  Decoder decoder;
  const auto status = xml::stream(source, decoder);
  if (!status && status.error().outlook == Outlook::waiting) return failure(status.error());
  if (!status)
    return failure(unreadable(status.error().code + ": " + status.error().detail, status.error().place));
  if (decoder.foreign()) return failure(unreadable("root is not PES_Retour", {}));
  auto retour = decoder.finish();
  retour.header.encoding = std::move(*encoding);
  return retour;
}

std::string_view etat_piece_label(std::string_view etat) {
  const auto* row = etat_row(etat);
  return row == nullptr ? std::string_view{} : row->fr;
}

std::string_view etat_piece_label_en(std::string_view etat) {
  const auto* row = etat_row(etat);
  return row == nullptr ? std::string_view{} : row->en;
}

}  // namespace demat::pes
