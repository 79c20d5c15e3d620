#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_sign.hpp"

namespace demat::ctl {

void CommandTree::add_sign() {
  CLI::App* sub = nullptr;
  const auto asked = command<SignOptions>(
      app_, "sign", "Signer des flux avec sa carte / sign flows with one's card", sub, sign);
  sub->add_option("ID", asked->ids);
  sub->add_flag("--list", asked->list,
                "Les flux qui attendent une signature / flows waiting for a signature");
  sub->add_flag("--yes", asked->yes, "Ne pas demander confirmation / ask no question");
  sub->add_option("--module", asked->module, "Bibliothèque PKCS#11 de la carte / the card's PKCS#11 library");
  sub->add_option("--token", asked->token, "Étiquette de la carte / label of the card");
  sub->add_option("--token-serial", asked->token_serial, "Ou son numéro de série / or its serial number");
  sub->add_option("--label", asked->label, "Étiquette de la clé / label of the key");
  sub->add_option("--key-id", asked->key_id, "Ou son identifiant, hexadécimal / or its id");
  sub->add_option("--key", asked->key, "Clé dans un fichier / key in a file (.pem, .p12)");
  sub->add_option("--certificate", asked->certificate,
                  "Certificat du signataire : refusé, s'il doit l'être, avant tout code PIN / the signer's "
                  "certificate: refused, if it must be, before any PIN");
  sub->add_option("--pin-file", asked->pin_file, "Fichier du code PIN / file of the PIN (0600)");
  sub->add_option("--role", asked->role, "Qualité du signataire / role of the signer");
  sub->add_option("--city", asked->city, "Lieu : commune / place: city");
  sub->add_option("--postal-code", asked->postal_code, "Lieu : code postal / place: postal code");
  sub->add_option("--country", asked->country, "Lieu : pays / place: country");
}

}  // namespace demat::ctl
