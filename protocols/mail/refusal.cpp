#include "protocols/mail/refusal.hpp"

#include <array>
#include <utility>

namespace demat::mail::detail {
namespace {

template <class Key>
struct Text {
  Key key;
  const char* code;
  const char* fr;
  const char* en;
};

constexpr std::array refusals{
    Text<Reason>{Reason::too_large, "mail.too_large", "Le message dépasse la taille admise.",
                 "The mail is larger than allowed."},
    Text<Reason>{Reason::decoded_too_large, "mail.decoded_too_large",
                 "Les pièces décodées du message dépassent la taille admise.",
                 "The decoded parts of the mail are larger than allowed."},
    Text<Reason>{Reason::headers_too_large, "mail.headers_too_large",
                 "L'en-tête du message dépasse la taille admise.",
                 "The header of the mail is larger than allowed."},
    Text<Reason>{Reason::not_a_message, "mail.not_a_message", "Ce fichier n'est pas un message électronique.",
                 "This file is not a mail."},
    Text<Reason>{Reason::too_deep, "mail.too_deep", "Le message contient trop de niveaux imbriqués.",
                 "The mail holds too many levels inside each other."},
    Text<Reason>{Reason::too_many_parts, "mail.too_many_parts", "Le message contient trop de parties.",
                 "The mail holds too many parts."},
};

constexpr std::array remarks{
    Text<Remark>{
        Remark::base64, "mail.base64",
        "Une pièce du message est tronquée ou altérée (base64) ; seul ce qui a pu être décodé est gardé.",
        "A part of the mail is truncated or damaged (base64); only what could be decoded is kept."},
    Text<Remark>{Remark::charset, "mail.charset",
                 "Un texte du message n'est pas dans le jeu de caractères annoncé.",
                 "A text of the mail is not in the character set it names."},
    Text<Remark>{Remark::encoding, "mail.encoding",
                 "Une pièce du message a un encodage inconnu ; elle est gardée telle quelle.",
                 "A part of the mail has an unknown transfer encoding; it is kept as it is."},
    Text<Remark>{Remark::no_date, "mail.no_date", "Le message n'a pas de date lisible.",
                 "The mail has no readable date."},
    Text<Remark>{Remark::no_message_id, "mail.no_message_id", "Le message n'a pas de Message-ID.",
                 "The mail has no Message-ID."},
    Text<Remark>{Remark::quoted_printable, "mail.quoted_printable",
                 "Une pièce du message est altérée (quoted-printable).",
                 "A part of the mail is damaged (quoted-printable)."},
    Text<Remark>{
        Remark::structure, "mail.structure",
        "La structure du message est altérée (séparateurs manquants ou incohérents) : des pièces peuvent "
        "manquer.",
        "The structure of the mail is damaged (boundaries missing or at odds): parts may be missing."},
};

template <class Table>
constexpr bool in_order(const Table& table) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].key) != i) return false;
  return true;
}
static_assert(in_order(refusals) && in_order(remarks));

}  // namespace

Error refusal(Reason reason) {
  const auto& text = refusals.at(static_cast<std::size_t>(reason));
  return permanent_error(text.code, text.fr, text.en);
}

Finding remark(Remark remark, std::string part) {
  const auto& text = remarks.at(static_cast<std::size_t>(remark));
  return Finding{.code = text.code,
                 .severity = Severity::warning,
                 .place = {.line = 0, .path = std::move(part)},
                 .fr = text.fr,
                 .en = text.en};
}

Error unreadable() {
  return waiting_error("mail.source", "Le message n'a pu être relu en entier.",
                       "The mail could not be read again as a whole.");
}

}  // namespace demat::mail::detail
