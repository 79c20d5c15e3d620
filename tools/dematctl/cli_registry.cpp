#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands.hpp"

namespace demat::ctl {

void CommandTree::add_schemas() {
  struct Packs {
    std::filesystem::path pack;
    std::filesystem::path folder;
    std::filesystem::path config;
    std::string protocol;
    std::string version;
  };
  CLI::App* sub = nullptr;
  CLI::App& schemas = group("schemas", "Jeux de schémas / schema packs");
  auto packs = command<Packs>(schemas, "list", "En vigueur, ou d'un dossier / in force, or of a folder", sub,
                              [](Session& s, const Packs& p) { return schemas_list(s, p.folder); });
  sub->add_option("--folder", packs->folder, "Dossier local / local folder");
  packs = command<Packs>(schemas, "install", "Contrôler et copier / check and copy", sub,
                         [](Session& s, const Packs& p) { return schemas_install(s.out, p.pack, p.folder); });
  sub->add_option("PACK", packs->pack, "Dossier avec pack.toml / folder with a pack.toml")->required();
  sub->add_option("--folder", packs->folder, "schema_folder de dematd")->required();
  struct Pair {
    std::string before;
    std::string after;
    std::filesystem::path folder;
  };
  const auto pair = command<Pair>(
      schemas, "diff", "Ce qu'un jeu change / what a pack changes", sub,
      [](Session& s, const Pair& p) { return schemas_diff(s.out, p.before, p.after, p.folder); });
  sub->add_option("BEFORE", pair->before, "Jeu d'avant : dossier, ou pes/5.17 / pack before")->required();
  sub->add_option("AFTER", pair->after, "Jeu d'après / pack after")->required();
  sub->add_option("--folder", pair->folder, "schema_folder de dematd");
  packs = command<Packs>(
      schemas, "use", "Mettre en vigueur / put in force", sub,
      [](Session& s, const Packs& p) { return schemas_use(s.out, p.protocol, p.version, p.config); });
  sub->add_option("PROTOCOL", packs->protocol)->required();
  sub->add_option("VERSION", packs->version)->required();
  sub->add_option("--dematd-config", packs->config, "Configuration de dematd")->required();
}

void CommandTree::add_authorities() {
  CLI::App* sub = nullptr;
  CLI::App& authority = group("authority", "Collectivités / authorities");
  simple(authority, "list", "Lister / list", authority_list);
  auto options = command<AuthorityOptions>(authority, "add", "Enregistrer / register", sub, authority_add);
  sub->add_option("SIREN", options->siren)->required();
  sub->add_option("--name", options->name, "Nom / name")->required();
  sub->add_option("--siret", options->sirets, "SIRET")->delimiter(',');
  options = command<AuthorityOptions>(authority, "set", "Changer / change", sub, authority_set);
  sub->add_option("SIREN", options->siren)->required();
  sub->add_option("--name", options->name, "Nom / name");
  sub->add_option("--siret", options->sirets, "Tous les SIRET / all SIRETs")->delimiter(',');
  auto* active = sub->add_flag_callback("--active", [options] { options->active = 1; });
  active->excludes(sub->add_flag_callback("--inactive", [options] { options->active = 0; }));
  add_acte_settings(authority);
  add_return_settings(authority);
  CLI::App& siret = group("siret", "SIRET : à qui vont les retours / whom returns go to");
  add_sirets(siret);
  options = command<AuthorityOptions>(
      siret, "add", "Ajouter / add", sub,
      [](Session& s, const AuthorityOptions& o) { return siret_add(s, o.siren, o.sirets); });
  sub->add_option("SIREN", options->siren)->required();
  sub->add_option("SIRET", options->sirets)->required();
  CLI::App& route = group("route", "Où vont les flux / where flows go");
  const auto way = command<RouteOptions>(route, "set", "Fixer / set", sub, route_set);
  sub->add_option("SIREN", way->siren)->required();
  sub->add_option("--protocol", way->protocol, "pes, actes");
  sub->add_option("--destination", way->destination, "Nom dans la configuration / name in the configuration")
      ->required();
  sub->add_option("--p-dest", way->p_dest, "P_DEST");
  sub->add_option("--signer", way->signer, "Clé qui signe / key that signs");
}

void CommandTree::add_identities() {
  CLI::App* sub = nullptr;
  CLI::App& identity = group("identity", "Certificats des clients / client certificates");
  simple(identity, "list", "Lister / list", identity_list);
  const char* const who = "Certificat (fichier) ou empreinte / certificate file or fingerprint";
  const auto grants = [&sub](const std::shared_ptr<IdentityOptions>& options) {
    sub->add_option("--grant", options->grants,
                    "SIREN:rôle (depositor, transmitter, signatory, reader, operator, auditor)");
    sub->add_flag("--platform-operator", options->platform_operator, "Exploitant / platform operator");
  };
  auto options = command<IdentityOptions>(identity, "add", "Enregistrer / register", sub, identity_add);
  sub->add_option("CERTIFICATE", options->who, who)->required();
  sub->add_option("--name", options->name, "Nom / name")->required();
  grants(options);
  options =
      command<IdentityOptions>(identity, "grant", "Ajouter des droits / add grants", sub, identity_grant);
  sub->add_option("CERTIFICATE", options->who, who)->required();
  grants(options);
  options = command<IdentityOptions>(
      identity, "disable", "Fermer / close", sub,
      [](Session& s, const IdentityOptions& o) { return identity_disable(s, o.who, false); });
  sub->add_option("CERTIFICATE", options->who, who)->required();
  options = command<IdentityOptions>(
      identity, "enable", "Rouvrir / open again", sub,
      [](Session& s, const IdentityOptions& o) { return identity_disable(s, o.who, true); });
  sub->add_option("CERTIFICATE", options->who, who)->required();
}

}  // namespace demat::ctl
