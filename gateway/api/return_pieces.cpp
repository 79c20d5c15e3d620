#include "gateway/api/return_pieces.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "gateway/api/errors.hpp"
#include "protocols/pes/retour_codes.hpp"
#include "protocols/pes/retour_places.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;
using pes::RetourTable;

bool fits(const std::optional<std::string>& wanted, std::string_view value) {
  return !wanted || *wanted == value;
}

void put(json::object& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out[name] = value;
}

void put_words(json::object& out, const std::string& name, const Words& words) {
  if (!words.fr.empty()) out[name + "_fr"] = words.fr;
  if (!words.en.empty()) out[name + "_en"] = words.en;
}

/// A code with what it means.
void put_code(json::object& out, const std::string& name, RetourTable table, std::string_view domaine,
              const std::string& code) {
  if (code.empty()) return;
  out[name] = code;
  put_words(out, name, pes::retour_words(table, domaine, code));
}

void put_motif(json::object& out, std::string_view domaine, const std::string& motif) {
  if (motif.empty()) return;
  out["motif"] = motif;
  put_words(out, "motif", pes::motif_words(domaine, motif));
}

json::object ligne_json(std::string_view domaine, const pes::RetourLigne& ligne) {
  json::object out{{"ligne", ligne.ligne}};
  put_code(out, "etat", RetourTable::etat_ligne, domaine, ligne.etat);
  put_motif(out, domaine, ligne.motif);
  put(out, "commentaire", ligne.commentaire);
  put(out, "mt_ht", ligne.mt_ht);
  put(out, "mt_tva", ligne.mt_tva);
  put(out, "ref_tiers", ligne.ref_tiers);
  put(out, "id_marche", ligne.id_marche);
  put(out, "nombre_paiements", ligne.nombre_paiements);
  put(out, "total_paiements", ligne.total_paiements);
  put_code(out, "cession", RetourTable::cession, domaine, ligne.cession);
  put_code(out, "suspension", RetourTable::suspension, domaine, ligne.suspension);
  put(out, "date_suspension", ligne.date_suspension);
  put(out, "date_reprise", ligne.date_reprise);
  put_code(out, "etape", RetourTable::etape, domaine, ligne.etape);
  put(out, "date_etape", ligne.date_etape);
  put(out, "contentieux", ligne.contentieux);
  put(out, "reste_principal", ligne.reste_principal);
  put(out, "reste_frais", ligne.reste_frais);
  put(out, "echeances_restant", ligne.echeances_restant);
  json::array paiements;
  for (const auto& one : ligne.paiements) {
    json::object paid{{"date", one.date}, {"montant", one.montant}};
    put_code(paid, "origine", RetourTable::origine, domaine, one.origine);
    paiements.push_back(std::move(paid));
  }
  out["paiements"] = std::move(paiements);
  out["paiements_total"] = ligne.paiements_total;
  return out;
}

json::object to_json(const pes::RetourPiece& piece) {
  json::object out{{"domaine", piece.domaine}, {"exercice", piece.exercice}, {"bordereau", piece.bordereau}};
  put(out, "type_bordereau", piece.typ_bord);
  put(out, "piece", piece.piece);
  put(out, "type_piece", piece.typ_pce);
  put(out, "nature_piece", piece.nat_pce);
  put(out, "objet", piece.objet);
  put_code(out, "etat", RetourTable::etat_piece, piece.domaine, piece.etat);
  put_motif(out, piece.domaine, piece.motif);
  put(out, "commentaire", piece.commentaire);
  put(out, "date_prise_en_charge", piece.date_pec);
  put(out, "date_rejet", piece.date_rejet);
  put(out, "date_instance", piece.date_instance);
  put(out, "numero_dette", piece.numero_dette);
  put(out, "mt_ttc", piece.mt_ttc);
  if (piece.global) out["bordereau_entier"] = true;
  json::array lignes;
  for (const auto& ligne : piece.lignes)
    lignes.push_back(ligne_json(piece.domaine, ligne));
  out["lignes"] = std::move(lignes);
  out["lignes_total"] = piece.lignes_total;
  return out;
}

json::object to_json(const pes::RetourClient& client) {
  json::array restes;
  for (const auto& one : client.restes)
    restes.push_back(json::object{{"produit", one.produit}, {"reste", one.rar}, {"frais", one.frais}});
  return {{"domaine", "client"},
          {"ref_tiers", client.ref_tiers},
          {"restes", std::move(restes)},
          {"restes_total", client.restes_total}};
}

json::object to_json(const pes::RetourAsap& asap) {
  json::object out{{"domaine", "asap"}, {"exercice", asap.exercice}, {"bordereau", asap.bordereau}};
  put(out, "type_bordereau", asap.typ_bord);
  put(out, "piece", asap.piece);
  put(out, "type_piece", asap.typ_pce);
  put(out, "id_unique", asap.id_unique);
  put(out, "id_complement", asap.id_complement);
  put_code(out, "etat_complement", RetourTable::etat_complement, "asap", asap.etat_complement);
  put(out, "date_postalisation", asap.date_postalisation);
  put(out, "date_notification", asap.date_notification);
  put(out, "date_lecture", asap.date_lecture);
  put(out, "date_rejet", asap.date_rejet);
  put_code(out, "motif_postal", RetourTable::motif_postal, "asap", asap.motif_postal);
  put_code(out, "motif_mail", RetourTable::motif_mail, "asap", asap.motif_mail);
  put(out, "relance", asap.relance);
  return out;
}

/// Where a page begins: entries of the document before it, and the place of its first where that is known.
struct Beginning {
  std::size_t passed = 0;
  std::optional<pes::RetourPlace> place;
};

/// "4", or "4.120.812.840.840.990.1066": the count, then the bytes of the place.
std::string cursor_of(const Beginning& at) {
  auto out = std::to_string(at.passed);
  if (!at.place) return out;
  const auto& [root_end, domain, bordereau, entry] = *at.place;
  for (const auto number : {root_end, domain.begin, domain.end, bordereau.begin, bordereau.end, entry})
    out += "." + std::to_string(number);
  return out;
}

std::optional<Beginning> read_cursor(std::string_view text) {
  if (text.empty()) return Beginning{};
  std::array<std::size_t, 7> numbers{};
  std::size_t count = 0;
  for (const char *at = text.data(), *end = at + text.size();; ++at) {
    const auto parsed = std::from_chars(at, end, numbers[count++]);
    if (parsed.ec != std::errc{}) return std::nullopt;
    at = parsed.ptr;
    if (at == end) break;
    if (*at != '.' || count == numbers.size()) return std::nullopt;
  }
  if (count == 1) return Beginning{numbers[0], std::nullopt};
  if (count != numbers.size()) return std::nullopt;
  return Beginning{
      numbers[0],
      pes::RetourPlace{numbers[1], {numbers[2], numbers[3]}, {numbers[4], numbers[5]}, numbers[6]}};
}

/// Whether tags begin where the place says so; what is behind them, the reader judges.
Result<bool> is_place(const ByteSource& document, const pes::RetourPlace& place) {
  if (!pes::lies_within(place, document.size())) return false;
  const bool within = place.bordereau.end > 0;
  for (const auto offset :
       {place.domain.begin, within ? place.bordereau.begin : place.domain.begin, place.entry}) {
    std::array<char, 1> byte{};
    const auto got = document.read(offset, byte);
    if (!got) return failure(got.error());
    if (*got != 1 || byte[0] != '<') return false;
  }
  return true;
}

}  // namespace

Result<Pieces> read_pieces(const ByteSource& document, PieceFilter filter, std::string_view cursor,
                           std::size_t limit, std::size_t first_ligne) {
  const auto begins = read_cursor(cursor);
  if (!begins) return failure(bad_parameter("cursor"));
  const pes::RetourBounds bounds{.first_ligne = first_ligne};
  PiecePage page(std::move(filter), begins->place ? 0 : begins->passed, limit);
  if (begins->place) {
    const auto sound = is_place(document, *begins->place);
    if (!sound) return failure(sound.error());
    if (!*sound) return failure(bad_parameter("cursor"));
    const auto read = pes::read_retour(pes::RetourFrom(document, *begins->place), page, bounds);
    if (!read) return failure(read.error());
  } else if (const auto read = pes::read_retour(document, page, bounds); !read) {
    return failure(read.error());
  }
  Pieces out{page.take(), {}};
  const auto next = page.next();
  if (!next) return out;
  auto place = pes::place_of_entry(document, begins->place, *next);
  if (!place) return failure(std::move(place.error()));
  out.next = cursor_of({*next + (begins->place ? begins->passed : 0), std::move(*place)});
  return out;
}

bool PiecePage::takes(bool matches) {
  const auto place = passed_++;
  if (next_ || place < first_ || !matches) return false;
  if (items_.size() < limit_) return true;
  next_ = place;
  return false;
}

void PiecePage::piece(pes::RetourPiece piece) {
  const auto& f = filter_;
  if (takes(fits(f.domaine, piece.domaine) && fits(f.exercice, piece.exercice) &&
            fits(f.bordereau, piece.bordereau) && fits(f.piece, piece.piece) && fits(f.etat, piece.etat) &&
            !f.ref_tiers))
    items_.push_back(to_json(piece));
}

void PiecePage::client(pes::RetourClient client) {
  const auto& f = filter_;
  const bool of_pieces = f.exercice || f.bordereau || f.piece || f.etat;
  if (takes(fits(f.domaine, "client") && !of_pieces && fits(f.ref_tiers, client.ref_tiers)))
    items_.push_back(to_json(client));
}

void PiecePage::asap(pes::RetourAsap asap) {
  const auto& f = filter_;
  if (takes(fits(f.domaine, "asap") && fits(f.exercice, asap.exercice) && fits(f.bordereau, asap.bordereau) &&
            fits(f.piece, asap.piece) && !f.etat && !f.ref_tiers))
    items_.push_back(to_json(asap));
}

}  // namespace demat::api
