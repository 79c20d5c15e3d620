#include "protocols/pes/retour.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "protocols/pes/retour_fields.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::pes {
namespace {

constexpr std::size_t max_states = 64;   // distinct codes counted apart; the schema knows less than ten
constexpr std::size_t max_domains = 16;  // four domains exist

class Decoder final : public xml::Visitor {
 public:
  Decoder(RetourSink& sink, const RetourBounds& bounds) : sink_(sink), bounds_(bounds) {}

  void start(const xml::StartElement& element, std::string_view /*path*/) override {
    header_.start(element);
    if (element.depth == 1) foreign_ = element.name != "PES_Retour";
    if (element.depth == 2) domain(element.name);
    if (!in_domain_) return envelope(element);
    if (opens(element)) return;
    if (element.has_attribute("V")) value(element.name, retour_fields::clipped(element.attribute("V")));
  }

  void end(std::string_view name, std::string_view /*path*/) override {
    header_.end(name);
    if (name == "Recepteur") in_recepteur_ = false;
    if (!in_domain_) return;
    if (name == "PaiementEmargement" || name == "EncaissementEmargement") close_paiement();
    if (name == "LigneDePiece") close_ligne();
    if (name == "Piece" || name == "BordereauORMCGlobal") close_piece();
    if (name == "Client") close_client();
    if (name == "Asap") close_asap();
    if (name == "Bordereau") bordereau_ = {};
  }

  [[nodiscard]] bool wants_more() const override { return !foreign_ && sink_.wants_more(); }
  [[nodiscard]] bool foreign() const { return foreign_ || header_.header().root.empty(); }

  [[nodiscard]] Retour finish() {
    retour_.header = header_.header();
    return std::move(retour_);
  }

 private:
  void domain(std::string_view name) {
    in_domain_ = name != "Enveloppe" && name != "EnTetePES";
    if (!in_domain_) return;
    domain_name_ = retour_fields::clipped(name);
    bordereau_ = {};
    if (retour_.domaines.size() < max_domains) retour_.domaines.push_back(domain_name_);
  }

  void envelope(const xml::StartElement& element) {
    if (element.name == "Recepteur" && element.depth == 3) in_recepteur_ = true;
    if (!in_recepteur_) return;
    if (element.name == "Sigle") retour_.recepteur_sigle = retour_fields::clipped(element.attribute("V"));
    if (element.name == "Adresse") retour_.recepteur_adresse = retour_fields::clipped(element.attribute("V"));
  }

  /// Elements that begin something; true when it was one of them.
  bool opens(const xml::StartElement& element) {
    const std::string_view name = element.name;
    if (name == "Piece" || name == "BordereauORMCGlobal")
      open_piece(name != "Piece");
    else if (name == "LigneDePiece" && piece_)
      ligne_.emplace();
    else if ((name == "PaiementEmargement" || name == "EncaissementEmargement") && ligne_)
      paiement_.emplace();
    else if (name == "Client" && element.depth == 3)
      client_.emplace();
    else if (name == "ResteARecouvrer" && client_)
      open_reste();
    else if (name == "Asap" && element.depth == 3)
      asap_.emplace();
    else
      return false;
    return true;
  }

  void open_piece(bool global) {
    piece_.emplace(bordereau_);
    piece_->global = global;
    piece_->domaine = domaine_of(domain_name_);
  }

  void open_reste() {
    ++client_->restes_total;
    if (client_->restes.size() < bounds_.paiements) client_->restes.emplace_back();
  }

  void value(std::string_view name, std::string text) {
    using namespace retour_fields;
    if (paiement_) return put(*paiement_, paiement, name, std::move(text));
    if (ligne_) return put(*ligne_, ligne, name, std::move(text));
    if (piece_) return put(*piece_, piece, name, std::move(text));
    if (asap_) return put(*asap_, asap, name, std::move(text));
    if (client_) return client_value(name, std::move(text));
    if (name == "TypRestit") return restitution(std::move(text));
    put(bordereau_, bordereau, name, std::move(text));
  }

  void client_value(std::string_view name, std::string text) {
    if (name == "RefTiers")
      client_->ref_tiers = std::move(text);
    else if (client_->restes_total > 0 && client_->restes_total == client_->restes.size())
      retour_fields::put(client_->restes.back(), retour_fields::reste, name, std::move(text));
  }

  void restitution(std::string text) {
    if (retour_.typ_restit.empty()) retour_.typ_restit = text;
    if (retour_.restitutions.size() < max_domains)
      retour_.restitutions.emplace(domain_name_, std::move(text));
  }

  void close_paiement() {
    if (!paiement_ || !ligne_) return;
    ++ligne_->paiements_total;
    if (ligne_->paiements.size() < bounds_.paiements) ligne_->paiements.push_back(std::move(*paiement_));
    paiement_.reset();
  }

  /// The line's reason stands for the piece's when that has none.
  void close_ligne() {
    if (!ligne_ || !piece_) return;
    if (piece_->motif.empty()) piece_->motif = ligne_->motif;
    if (piece_->commentaire.empty()) piece_->commentaire = ligne_->commentaire;
    const bool wanted = piece_->lignes_total >= bounds_.first_ligne && piece_->lignes.size() < bounds_.lignes;
    ++piece_->lignes_total;
    ++retour_.lignes_total;
    if (wanted) piece_->lignes.push_back(std::move(*ligne_));
    ligne_.reset();
  }

  void close_piece() {
    if (!piece_) return;
    if (!piece_->global) count(*piece_);
    sink_.piece(std::move(*piece_));
    piece_.reset();
  }

  void count(const RetourPiece& piece) {
    ++retour_.pieces_total;
    const auto add = [](auto& counts, auto key) {
      if (counts.contains(key) || counts.size() < max_states) ++counts[std::move(key)];
    };
    add(retour_.par_etat, piece.etat);
    add(retour_.par_domaine_et_etat, Retour::Etat(piece.domaine, piece.etat));
  }

  void close_client() {
    if (!client_) return;
    ++retour_.clients;
    sink_.client(std::move(*client_));
    client_.reset();
  }

  void close_asap() {
    if (!asap_) return;
    ++retour_.asaps;
    sink_.asap(std::move(*asap_));
    asap_.reset();
  }

  RetourSink& sink_;
  RetourBounds bounds_;
  HeaderCollector header_;
  Retour retour_;
  RetourPiece bordereau_;  ///< what its pieces inherit
  std::optional<RetourPiece> piece_;
  std::optional<RetourLigne> ligne_;
  std::optional<RetourPaiement> paiement_;
  std::optional<RetourClient> client_;
  std::optional<RetourAsap> asap_;
  std::string domain_name_;
  bool in_domain_ = false;
  bool in_recepteur_ = false;
  bool foreign_ = false;
};

class Collector final : public RetourSink {
 public:
  void piece(RetourPiece piece) override {
    if (pieces_.size() < max_retour_pieces) pieces_.push_back(std::move(piece));
  }
  [[nodiscard]] std::vector<RetourPiece> take() { return std::move(pieces_); }

 private:
  std::vector<RetourPiece> pieces_;
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

struct DomainRow {
  std::string_view name;
  std::string_view word;
};
constexpr std::array domains{DomainRow{"PES_DepenseRetour", "depense"},
                             DomainRow{"PES_RecetteRetour", "recette"},
                             DomainRow{"PES_ClientRetour", "client"}, DomainRow{"PES_AsapRetour", "asap"}};

}  // namespace

std::string_view domaine_of(std::string_view name) {
  const auto* row =
      std::find_if(domains.begin(), domains.end(), [&](const auto& d) { return d.name == name; });
  return row == domains.end() ? name : row->word;
}

Result<Retour> read_retour(const xml::ByteSource& source, RetourSink& sink, const RetourBounds& bounds) {
  auto encoding = declared_encoding_of(source);
  if (!encoding) return failure(encoding.error());
  Decoder decoder(sink, bounds);
  const auto status = xml::stream(source, decoder);
  if (!status && status.error().outlook == Outlook::waiting) return failure(status.error());
  if (!status)
    return failure(unreadable(status.error().code + ": " + status.error().detail, status.error().place));
  if (decoder.foreign()) return failure(unreadable("root is not PES_Retour", {}));
  auto retour = decoder.finish();
  retour.header.encoding = std::move(*encoding);
  return retour;
}

Result<Retour> decode_retour(const xml::ByteSource& source) {
  Collector collector;
  auto retour = read_retour(source, collector, {.lignes = 0, .paiements = 0});
  if (retour) retour->pieces = collector.take();
  return retour;
}

}  // namespace demat::pes
