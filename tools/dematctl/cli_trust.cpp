#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_trust.hpp"

namespace demat::ctl {

void CommandTree::add_trust() {
  constexpr const char* in_english = "En anglais / in English";
  CLI::App* sub = nullptr;
  const auto asked = command<SignaturesOptions>(
      app_, "signatures", "Qui a signé un flux, et faut-il le croire / who signed a flow, and is it so", sub,
      signatures);
  sub->add_option("ID", asked->id)->required();
  sub->add_flag("--english", asked->english, in_english);
  sub->add_option("--evidence", asked->evidence,
                  "Dossier pour les listes et réponses OCSP / folder for lists and OCSP responses");
  const auto file = command<VerifyFileOptions>(
      app_, "verify", "Vérifier les signatures d'un fichier / verify the signatures of a file", sub,
      verify_file);
  sub->add_option("FILE", file->file)->required();
  sub->add_flag("--english", file->english, in_english);
  CLI::App& certs = group("certs", "Les profils de confiance / the trust profiles");
  simple(certs, "ls", "Autorités et listes de révocation / authorities and revocation lists", certs_list);
  simple(certs, "check", "Ce qui manque ou périme / what is missing or stale", certs_check);
  simple(certs, "fetch", "Aller chercher les listes maintenant / fetch the lists now", certs_fetch);
  const auto explained = command<ExplainOptions>(
      certs, "explain", "Ce qu'un profil pense d'un certificat / what a profile says of a certificate", sub,
      certs_explain);
  sub->add_option("FILE", explained->file, "Certificat / certificate (PEM, DER)")->required();
  sub->add_option("--profile", explained->profile, "Profil / profile")->required();
  sub->add_option("--at", explained->at, "À cette date / at this time: 2026-01-15T10:30:00Z");
  sub->add_flag("--client", explained->client, "Pour entrer, non pour signer / to come in, not to sign");
  sub->add_flag("--english", explained->english, in_english);
}

}  // namespace demat::ctl
