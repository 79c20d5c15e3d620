#include "gateway/transport/errors.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace demat::transport {
namespace {

struct Texts {
  const char* code;
  const char* fr;
  const char* en;
};

/// In the order of Fault; each text is followed by the destination's name.
constexpr std::array<Texts, 12> texts{{
    {"transport.unreachable", "Le serveur de destination est injoignable ; l'envoi sera repris",
     "The destination cannot be reached; it will be tried again"},
    {"transport.timeout", "Le serveur de destination n'a pas répondu à temps ; l'envoi sera repris",
     "The destination did not answer in time; it will be tried again"},
    {"transport.login",
     "Le serveur de destination refuse l'identification ; l'exploitant doit vérifier les identifiants",
     "The destination refuses the login; the operator must check the credentials"},
    {"transport.identity",
     "L'identité du serveur de destination n'est pas celle attendue ; rien n'est envoyé tant que "
     "l'exploitant ne l'a pas vérifiée",
     "The destination's identity is not the expected one; nothing is sent until the operator has checked it"},
    {"transport.refused", "Le serveur de destination a refusé l'opération",
     "The destination refused the operation"},
    {"transport.full", "Le serveur de destination n'a plus de place ; l'envoi sera repris",
     "The destination has no space left; it will be tried again"},
    {"transport.interrupted", "La liaison avec le serveur de destination a été coupée",
     "The connection to the destination was cut"},
    {"transport.bad_parameter",
     "Un paramètre d'envoi contient un caractère interdit ; l'exploitant doit corriger la configuration",
     "A sending parameter holds a forbidden character; the operator must correct the configuration"},
    {"transport.unsafe_name", "Un fichier reçu porte un nom inutilisable ; il n'est pas relevé",
     "A returned file has an unusable name; it is not fetched"},
    {"transport.absent", "Le fichier n'est plus présent sur le serveur de destination",
     "The file is no longer at the destination"},
    {"transport.unavailable",
     "Le service de destination est en panne ; l'envoi sera repris, à moins qu'il ne soit peut-être arrivé",
     "The destination's service is out of order; it will be tried again unless it may have arrived"},
    {"transport.unexpected",
     "Le serveur de destination a répondu autrement que prévu ; l'envoi est peut-être arrivé, l'exploitant "
     "doit vérifier la configuration",
     "The destination answered something unforeseen; the file may have arrived, the operator must check the "
     "configuration"},
}};

/// Length of the well-formed UTF-8 character at the start of `text` (not empty), C1 controls apart; 0: none.
std::size_t utf8_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  const unsigned second = byte(1);
  const bool control = lead == 0xc2 && second < 0xa0;
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool outside = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
  return control || overlong || outside ? 0 : size;
}

}  // namespace

Error make_error(Fault fault, std::string_view destination, std::string_view detail) {
  const Texts& entry = texts.at(static_cast<std::size_t>(fault));
  const std::string suffix = " (" + std::string(destination) + ").";
  const auto make = fault == Fault::unsafe_name ? permanent_error : waiting_error;
  return make(entry.code, entry.fr + suffix, entry.en + suffix, printable(detail));
}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 300;
  std::string out;
  while (!text.empty() && out.size() < longest) {
    const auto byte = static_cast<unsigned char>(text.front());
    const std::size_t size = utf8_size(text);
    if (size > 1) {
      out += text.substr(0, size);
    } else if (byte >= 0xa0) {  // Latin-1: U+00A0 to U+00FF
      out += static_cast<char>(0xc0U | (byte >> 6U));
      out += static_cast<char>(0x80U | (byte & 0x3fU));
    } else {
      out += byte < 0x20 || byte >= 0x7f ? '?' : text.front();
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

}  // namespace demat::transport
