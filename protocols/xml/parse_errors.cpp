#include "protocols/xml/parse_errors.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace demat::xml::detail {
namespace {

struct Message {
  int code;
  const char* fr;
  const char* en;
};

constexpr std::array messages = {
    Message{XML_ERR_DOCUMENT_EMPTY, "Le fichier est vide ou n'est pas un document XML.",
            "The file is empty or is not an XML document."},
    Message{XML_ERR_DOCUMENT_END,
            "Le fichier contient autre chose après la fin du document (ou s'arrête trop tôt).",
            "The file holds something after the end of the document, or stops too early."},
    Message{XML_ERR_TAG_NAME_MISMATCH, "La balise de fin ne correspond pas à la balise ouverte.",
            "The end tag does not match the open tag."},
    Message{XML_ERR_TAG_NOT_FINISHED, "Le fichier s'arrête avant la fin d'une balise : il est tronqué.",
            "The file stops inside an element: it is truncated."},
    Message{XML_ERR_GT_REQUIRED, "Balise non terminée par « > » (fichier tronqué ?).",
            "A tag does not end with \">\" (truncated file?)."},
    Message{XML_ERR_LTSLASH_REQUIRED, "Balise de fin attendue.", "An end tag was expected."},
    Message{XML_ERR_UNDECLARED_ENTITY,
            "Entité inconnue : écrire le caractère lui-même ou son numéro (&#233;).",
            "Unknown entity: write the character itself or its number (&#233;)."},
    Message{XML_ERR_INVALID_CHAR, "Caractère interdit en XML.", "A character that XML forbids."},
    Message{XML_ERR_INVALID_CHARREF, "Référence de caractère interdite en XML.",
            "A character reference that XML forbids."},
    Message{XML_ERR_ATTRIBUTE_REDEFINED, "Le même attribut est écrit deux fois sur un élément.",
            "The same attribute is written twice on one element."},
    Message{
        XML_ERR_ENTITYREF_SEMICOL_MISSING,
        "Un « & » est écrit tel quel dans un texte (souvent un nom ou un libellé) : le logiciel doit écrire "
        "&amp;. En attendant, ôtez-le du texte.",
        "An \"&\" stands as it is in a text (often a name or a label): the software must write &amp;. "
        "Meanwhile, take it out of the text."},
    Message{
        XML_ERR_NAME_REQUIRED,
        "Un « & » ou un « < » est écrit tel quel dans un texte (souvent un nom ou un libellé) : le logiciel "
        "doit écrire &amp; ou &lt;. En attendant, ôtez-le du texte.",
        "An \"&\" or \"<\" stands as it is in a text (often a name or a label): the software must write "
        "&amp; "
        "or &lt;. Meanwhile, take it out of the text."},
    Message{XML_ERR_ATTRIBUTE_NOT_FINISHED, "Le fichier est tronqué : il s'arrête au milieu d'un élément.",
            "The file is truncated: it stops inside an element."},
    Message{XML_ERR_COMMENT_NOT_FINISHED, "Le fichier est tronqué : il s'arrête au milieu d'un élément.",
            "The file is truncated: it stops inside an element."},
    Message{XML_ERR_PI_NOT_FINISHED, "Le fichier est tronqué : il s'arrête au milieu d'un élément.",
            "The file is truncated: it stops inside an element."},
    Message{XML_ERR_CDATA_NOT_FINISHED, "Le fichier est tronqué : il s'arrête au milieu d'un élément.",
            "The file is truncated: it stops inside an element."},
    Message{XML_NS_ERR_UNDEFINED_NAMESPACE, "Préfixe d'espace de noms non déclaré.",
            "A namespace prefix is not declared."},
};

bool about_encoding(const xmlError& error) {
  static constexpr std::array codes = {XML_ERR_INVALID_ENCODING,     XML_ERR_UNKNOWN_ENCODING,
                                       XML_ERR_UNSUPPORTED_ENCODING, XML_I18N_CONV_FAILED,
                                       XML_I18N_NO_OUTPUT,           XML_ERR_ENCODING_NAME};
  return std::any_of(codes.begin(), codes.end(), [&](int code) { return code == error.code; }) ||
         error.domain == XML_FROM_I18N || (error.domain == XML_FROM_IO && error.code == XML_IO_ENCODER);
}

Error general() {
  return permanent_error("xml.malformed",
                         "Le fichier n'est pas un document XML bien formé : faites-le produire à nouveau.",
                         "The file is not a well-formed XML document: have it produced again.");
}

}  // namespace

void ParseErrors::add(const xmlError& error) {
  if (first_ || error.level < XML_ERR_ERROR) return;
  auto out = general();
  if (about_encoding(error)) {
    out = permanent_error(
        "xml.encoding",
        "Des octets ne sont pas dans l'encodage que le fichier déclare (sans déclaration : UTF-8). Faites "
        "produire à nouveau le fichier, dans l'encodage que dit sa première ligne.",
        "Some bytes are not in the encoding that the file declares (without a declaration: UTF-8). "
        "Have the file produced again, in the encoding that its first line says.");
  } else {
    const auto* found = std::find_if(messages.begin(), messages.end(),
                                     [&](const Message& message) { return message.code == error.code; });
    if (found != messages.end()) {
      out.fr = found->fr;
      out.en = found->en;
    }
  }
  out.place.line = error.line > 0 ? static_cast<std::size_t>(error.line) : 0;
  out.detail = "libxml2 error " + std::to_string(error.code);
  first_ = std::move(out);
}

Error ParseErrors::take() {
  return first_ ? std::move(*first_) : general();
}

}  // namespace demat::xml::detail
