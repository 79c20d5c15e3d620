#include "protocols/pes/acquit.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "protocols/rules/values.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::pes {
namespace {

struct DomainRow {
  std::string_view value;
  std::string_view fr;
  std::string_view en;
  bool flow_wide;  ///< what it refuses, it refuses for the whole flow
};

constexpr std::array domains{
    DomainRow{"0", "technique", "technical", true},
    DomainRow{"1", "signature technique", "technical signature", true},
    DomainRow{"2", "signature globale", "global signature", true},
    DomainRow{"3", "signature de bordereau", "bordereau signature", false},
    DomainRow{"4", "pièce jointe", "attachment", false},
    DomainRow{"5", "dépense", "expense", false},
    DomainRow{"6", "recette", "revenue", false},
    DomainRow{"7", "rôle", "roll", false},
    DomainRow{"8", "budget", "budget", false},
    DomainRow{"9", "état de l'actif", "statement of assets", false},
    DomainRow{"10", "état du passif", "statement of liabilities", false},
    DomainRow{"11", "marché", "procurement contract", false},
    DomainRow{"12", "facture", "invoice", false},
    DomainRow{"99", "paramétrage", "settings", true},
};

const DomainRow* domain_row(std::string_view value) {
  const auto* row =
      std::find_if(domains.begin(), domains.end(), [&](const DomainRow& d) { return d.value == value; });
  return row == domains.end() ? nullptr : row;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

using rules::trimmed;

/// xs:boolean, as EtatAck is (helios 1.4).
bool is_true(std::string_view text) {
  const auto value = trimmed(text);
  return value == "1" || value == "true" || value == "TRUE";
}

/// Assembles elements out of V1 (flat) and V2 (nested) documents alike: what is open decides where a value
/// goes.
class Decoder final : public xml::Visitor {
 public:
  void start(const xml::StartElement& element, std::string_view /*path*/) override;
  void end(std::string_view name, std::string_view /*path*/) override;
  [[nodiscard]] bool wants_more() const override { return !foreign_; }

  [[nodiscard]] bool foreign() const { return foreign_; }
  [[nodiscard]] bool rooted() const { return !header_.header().root.empty(); }
  [[nodiscard]] Acquit finish();

 private:
  void open(std::string_view name);
  void value(std::string_view name, std::string_view v);
  void anomaly_value(std::string_view name, std::string_view v);
  AcquitElement& element();
  AcquitPiece& piece();
  AcquitLigne& ligne();
  void open_piece();
  std::vector<Anomaly>& anomalies();
  void close_anomaly();
  void close_element();

  HeaderCollector header_;
  Acquit acquit_;
  std::optional<AcquitElement> element_;
  std::optional<bool> etat_;
  std::optional<Anomaly> anomaly_;
  bool in_piece_ = false;    // inside DetailPiece
  bool in_ligne_ = false;    // inside DetailLigne
  bool flat_piece_ = false;  // V1: NumPiece directly in the element
  bool flat_ligne_ = false;  // V1: NumLigne directly in the element
  bool anomalous_ = false;   // the open element has an anomaly somewhere
  bool foreign_ = false;
  bool explicit_element_ = false;
  std::size_t ok_ = 0;
  std::size_t ko_ = 0;
  bool flow_wide_ko_ = false;
};

void Decoder::start(const xml::StartElement& element, std::string_view /*path*/) {
  header_.start(element);
  if (element.depth == 1) {
    foreign_ = element.name != "PES_ACQUIT" && element.name != "PES_NonAcquit";
    return;
  }
  open(element.name);
  if (element.has_attribute("V")) value(element.name, element.attribute("V"));
}

void Decoder::open(std::string_view name) {
  if (name == "ElementACQUIT") {
    close_element();
    element_.emplace();
    explicit_element_ = true;
  } else if (name == "DetailPiece") {
    open_piece();
    in_piece_ = true;
  } else if (name == "DetailLigne") {
    if (!in_piece_) open_piece();
    piece().lignes.emplace_back();
    in_ligne_ = true;
  } else if (name == "Erreur") {
    close_anomaly();
  }
}

void Decoder::value(std::string_view name, std::string_view v) {
  if (name == "NumAnoAck" || name == "LibelleAnoAck") return anomaly_value(name, v);
  if (!element_) return;
  const auto is = [&](std::string_view wanted) { return name == wanted; };
  auto& e = *element_;
  if (is("DomaineAck")) e.domaine_ack = trimmed(v);
  if (is("EtatAck")) etat_ = etat_.value_or(true) && is_true(v);
  if (is("NumBord")) e.num_bord = v;
  if (is("ExerciceBord")) e.exercice_bord = v;
  if (is("IdMarche")) e.id_marche = v;
  if (is("IdUnique")) e.id_unique = v;
  if (v.empty()) return;  // V1 writes empty NumPiece and NumLigne: no piece
  if (is("NumPiece")) {
    if (!in_piece_) {
      open_piece();
      flat_piece_ = true;
    }
    piece().num_piece = v;
  }
  if (is("NumLigne")) {
    if (!in_ligne_) {
      piece().lignes.emplace_back();
      flat_ligne_ = !in_piece_;
    }
    ligne().num_ligne = v;
  }
}

void Decoder::anomaly_value(std::string_view name, std::string_view v) {
  if (v.empty()) return;
  if (!element_) element_.emplace();  // an anomaly of no element still has to be shown
  if (!anomaly_) anomaly_.emplace();
  if (name == "NumAnoAck") {
    anomaly_->num_ano_ack = trimmed(v);
  } else {
    anomaly_->libelle_ano_ack = v;
    anomaly_->business_code = business_code_of(v);
  }
}

AcquitElement& Decoder::element() {
  if (!element_) element_.emplace();
  return *element_;
}

/// The last piece, whatever order a malformed acquit has its elements in.
AcquitPiece& Decoder::piece() {
  auto& pieces = element().pieces;
  if (pieces.empty()) pieces.emplace_back();
  return pieces.back();
}

AcquitLigne& Decoder::ligne() {
  auto& lignes = piece().lignes;
  if (lignes.empty()) lignes.emplace_back();
  return lignes.back();
}

/// A piece that has no line yet.
void Decoder::open_piece() {
  element().pieces.emplace_back();
  in_ligne_ = flat_ligne_ = false;
}

std::vector<Anomaly>& Decoder::anomalies() {
  if (in_ligne_ || (flat_ligne_ && !in_piece_)) return ligne().anomalies;
  if (in_piece_ || flat_piece_) return piece().anomalies;
  return element().anomalies;
}

void Decoder::close_anomaly() {
  if (!anomaly_) return;
  anomalies().push_back(std::move(*anomaly_));
  anomaly_.reset();
  anomalous_ = true;
}

void Decoder::end(std::string_view name, std::string_view /*path*/) {
  header_.end(name);
  if (name == "Erreur") close_anomaly();
  if (name == "DetailLigne") {
    close_anomaly();
    in_ligne_ = false;
  }
  if (name == "DetailPiece") {
    close_anomaly();
    in_piece_ = false;
  }
  if (name == "ElementACQUIT") close_element();
}

void Decoder::close_element() {
  if (!element_) return;
  close_anomaly();
  element_->ok = etat_ ? *etat_ : (explicit_element_ && !anomalous_);
  const auto* row = domain_row(element_->domaine_ack);
  if (!element_->ok && row != nullptr && row->flow_wide) flow_wide_ko_ = true;
  ++(element_->ok ? ok_ : ko_);
  if (acquit_.elements.size() < max_acquit_elements)
    acquit_.elements.push_back(std::move(*element_));
  else
    ++acquit_.elements_left_out;
  element_.reset();
  etat_.reset();
  in_piece_ = in_ligne_ = flat_piece_ = flat_ligne_ = anomalous_ = explicit_element_ = false;
}

Acquit Decoder::finish() {
  close_element();
  acquit_.header = header_.header();
  if (acquit_.header.root == "PES_NonAcquit" || flow_wide_ko_ || (ko_ > 0 && ok_ == 0))
    acquit_.verdict = AcquitVerdict::rejected;
  else
    acquit_.verdict = ko_ == 0 ? AcquitVerdict::acknowledged : AcquitVerdict::partly_rejected;
  return std::move(acquit_);
}

Error unreadable(std::string_view detail, const Place& place) {
  auto error = permanent_error(
      "acquit.unreadable",
      "Le document reçu d'Hélios n'est pas un acquit lisible. Il est conservé tel quel : faites-le examiner "
      "par "
      "l'exploitant de la passerelle.",
      "The document received from Hélios is not a readable acknowledgement. It is kept as it came: have the "
      "gateway's operator look at it.",
      detail);
  error.place = place;
  return error;
}

}  // namespace

const char* to_string(AcquitVerdict verdict) {
  switch (verdict) {
    case AcquitVerdict::acknowledged:
      return "acknowledged";
    case AcquitVerdict::partly_rejected:
      return "partly_rejected";
    case AcquitVerdict::rejected:
      return "rejected";
  }
  return "rejected";
}

Result<Acquit> decode_acquit(const xml::ByteSource& source) {
  auto encoding = declared_encoding_of(source);
  if (!encoding) return failure(encoding.error());
  Decoder decoder;
  const auto status = xml::stream(source, decoder);
  if (!status && status.error().outlook == Outlook::waiting) return failure(status.error());
  if (!status)
    return failure(unreadable(status.error().code + ": " + status.error().detail, status.error().place));
  if (decoder.foreign() || !decoder.rooted()) return failure(unreadable("root is not an acquit's", {}));
  auto acquit = decoder.finish();
  acquit.header.encoding = std::move(*encoding);
  return acquit;
}

std::string_view domaine_ack_label(std::string_view domaine) {
  const auto* row = domain_row(domaine);
  return row == nullptr ? std::string_view{} : row->fr;
}

std::string_view domaine_ack_label_en(std::string_view domaine) {
  const auto* row = domain_row(domaine);
  return row == nullptr ? std::string_view{} : row->en;
}

std::string business_code_of(std::string_view libelle) {
  const auto text = trimmed(libelle);
  const auto* end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto digits = static_cast<std::size_t>(end - text.begin());
  if (digits < 3 || digits > 5 || !text.substr(digits).starts_with(" - ")) return {};
  return std::string(text.substr(0, digits));
}

}  // namespace demat::pes
