#include "protocols/pes/acquit_retour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "protocols/base/utf8.hpp"

namespace demat::pes {
namespace {

constexpr std::string_view ns = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller/ack";

struct DomainRow {
  std::string_view name;
  std::string_view ack;  ///< DomaineAckRetour
};
constexpr std::array domains{DomainRow{"PES_DepenseRetour", "13"}, DomainRow{"PES_RecetteRetour", "14"}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

/// 02A or 02B and 3 or 4 digits, or 6 or 7 digits (helios 2.2).
bool is_codique(std::string_view text) {
  const bool corsican = text.starts_with("02A") || text.starts_with("02B");
  return (text.size() == 6 || text.size() == 7) && all_digits(corsican ? text.substr(3) : text);
}
bool is_cod_col(std::string_view text) {
  return text.size() == 3 && all_digits(text) && text != "000";
}
bool is_cod_bud(std::string_view text) {
  return text.size() == 2 && (is_digit(text[0]) || (text[0] >= 'A' && text[0] <= 'Z')) && is_digit(text[1]);
}
bool is_siret(std::string_view text) {
  return text.size() <= 14 && all_digits(text);
}
bool is_restitution(std::string_view text) {
  return text == "01" || text == "02" || text == "03";
}

/// What the text types of the header refuse: nothing, zeros alone, a lone blank or dot, "nc".
bool is_text(std::string_view text) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (text.find_first_not_of('0') == std::string_view::npos || text == " " || text == ".") return false;
  return text.size() != 2 || lower(text[0]) != 'n' || lower(text[1]) != 'c';
}

/// Printable, at most `longest` characters, blanks at neither end.
std::string shortened(std::string_view text, std::size_t longest) {
  std::string out;
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U && count++ == longest) break;
    out += byte < 0x20 ? ' ' : c;
  }
  const auto end = out.find_last_not_of(' ');
  out.erase(end == std::string::npos ? 0 : end + 1);
  out.erase(0, out.find_first_not_of(' '));
  return out;
}

/// An attribute value in ISO-8859-1: markup escaped, characters without a byte of their own as references.
std::string value_of(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k)
      code = (code << 6U) | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
    i += length;
    if (code == '&' || code == '<' || code == '>' || code == '"' || code < 0x20 || code > 0xFF)
      out += fmt::format("&#{};", code);
    else
      out += static_cast<char>(code);
  }
  return out;
}

std::string leaf(std::string_view name, std::string_view value) {
  return fmt::format("<{} V=\"{}\"/>", name, value_of(value));
}

Error no_acquit() {
  return permanent_error(
      "return.no_acquit",
      "Hélios n'attend d'acquit que pour un retour dépense ou recette : celui-ci n'en a pas.",
      "Hélios takes an acquit of a dépense or recette return only: there is none of this one.");
}

Error impossible(std::string_view element, std::string_view value) {
  return permanent_error(
      "return.acquit_impossible",
      fmt::format(
          "Ce retour porte une valeur que l'acquit ne peut pas reprendre ({} « {} ») : le comptable doit le "
          "réémettre.",
          element, value),
      fmt::format(
          "This return has a value that its acquit cannot repeat ({} '{}'): the accountant must issue it "
          "again.",
          element, value),
      element);
}

Status check(const Retour& retour, const AcquitRetourParts& parts) {
  struct Row {
    std::string_view element;
    std::string_view value;
    bool good;
  };
  const auto& header = retour.header;
  const auto longest = std::size_t{100};
  for (const auto& row :
       {Row{"IdPost", header.id_post, is_codique(header.id_post)},
        Row{"IdColl", header.id_coll, is_siret(header.id_coll)},
        Row{"CodColl", header.cod_col, is_cod_col(header.cod_col)},
        Row{"CodBud", header.cod_bud, is_cod_bud(header.cod_bud)},
        Row{"NomFic", parts.retour, is_text(parts.retour) && utf8_characters(parts.retour) <= longest}})
    if (!row.good) return failure(impossible(row.element, shortened(row.value, longest)));
  for (const auto& domain : domains)
    if (const auto found = retour.restitutions.find(std::string(domain.name));
        found != retour.restitutions.end() && !is_restitution(found->second))
      return failure(impossible("TypRestit", shortened(found->second, longest)));
  return {};
}

std::string elements_of(const Retour& retour, const AcquitRetourParts& parts) {
  std::string out;
  for (const auto& domain : domains)
    if (const auto found = retour.restitutions.find(std::string(domain.name));
        found != retour.restitutions.end())
      out += "\n<ElementACQUIT_RETOUR>" + leaf("DomaineAckRetour", domain.ack) +
             leaf("NomFichierRetour", parts.retour) + leaf("TypRestit", found->second) +
             leaf("DateAcquit", parts.day) + "</ElementACQUIT_RETOUR>";
  return out;
}

}  // namespace

bool has_acquit(const Retour& retour) {
  return std::any_of(domains.begin(), domains.end(), [&](const DomainRow& domain) {
    return retour.restitutions.contains(std::string(domain.name));
  });
}

Result<std::string> write_acquit_retour(const Retour& retour, const AcquitRetourParts& parts) {
  if (!has_acquit(retour)) return failure(no_acquit());
  if (auto status = check(retour, parts); !status) return failure(std::move(status.error()));
  const auto& header = retour.header;
  // What the schema bounds to 32 and 38 characters.
  const auto card = [](std::string_view wanted, std::string_view otherwise, std::size_t longest) {
    auto text = shortened(wanted, longest);
    return is_text(text) ? text : shortened(otherwise, longest);
  };
  const std::string siren = "SIREN " + header.id_coll.substr(0, 9);
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<n:PES_ACQUIT_RETOUR xmlns:n=\"{}\">", ns);
  out += "\n<Enveloppe><Parametres>" + leaf("Version", "2") + leaf("TypFic", "PES_ACQUIT_RETOUR") +
         leaf("NomFic", parts.nom_fic) + "</Parametres><Emetteur>" +
         leaf("Sigle", card(parts.emetteur, siren, 32)) + leaf("Adresse", card(parts.adresse, siren, 38)) +
         "</Emetteur><Recepteur>" + leaf("Sigle", "HELIOS") + "</Recepteur></Enveloppe>";
  out += "\n<EnTetePES>" + leaf("DteStr", parts.day) + leaf("IdPost", header.id_post) +
         leaf("IdColl", header.id_coll) + leaf("CodCol", header.cod_col) + leaf("CodBud", header.cod_bud) +
         "</EnTetePES>";
  out += "\n<ACQUIT_RETOUR><EnTeteAcquit_Retour>" + leaf("IdVer", "2") + "</EnTeteAcquit_Retour>" +
         elements_of(retour, parts) + "\n</ACQUIT_RETOUR>\n</n:PES_ACQUIT_RETOUR>\n";
  return out;
}

}  // namespace demat::pes
