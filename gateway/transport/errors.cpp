#include "gateway/transport/errors.hpp"

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
constexpr std::array<Texts, 10> texts{{
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
}};

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
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return out;
}

}  // namespace demat::transport
