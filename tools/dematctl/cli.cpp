#include "tools/dematctl/cli.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <thread>

// The only file that sees CLI11: its header costs seconds of compilation.
#include <CLI/CLI.hpp>

#include "gateway/config/nearest.hpp"
#include "tools/dematctl/commands.hpp"

namespace demat::ctl {
namespace {

using Action = std::function<Exit(Session&)>;

constexpr const char* footer = R"(
Connexion / connection: --url --cert --key --ca --authority; sinon / else DEMATCTL_URL, DEMATCTL_CERT,
  DEMATCTL_KEY, DEMATCTL_CA, DEMATCTL_AUTHORITY; sinon / else ~/.config/dematctl.toml (url, cert, key, ca,
  authority).
Codes de fin / exit codes:
  0 fait / done                        4 certificat inconnu ou droit absent / denied
  1 refusé / refused                   5 doublon ou état contraire / duplicate or conflict
  2 ligne de commande / usage          6 passerelle occupée, réessayer / unavailable, try again
  3 inexistant ou pas à vous / unknown 7 réseau ou TLS / network or TLS)";

/// The tree of commands. Values are kept by shared pointers that the callbacks hold.
class CommandLine {
 public:
  CommandLine()
      : app_("dematctl : l'outil de la passerelle dematd / the tool of the dematd gateway", "dematctl") {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.footer(footer);
    app_.add_option("--url", connection.url, "Adresse / address: https://…");
    app_.add_option("--cert", connection.cert, "Certificat client / client certificate (PEM)");
    app_.add_option("--key", connection.key, "Sa clé / its key (PEM)");
    app_.add_option("--ca", connection.ca, "Autorité du serveur / server's authority (PEM)");
    app_.add_option("--authority", connection.authority, "Collectivité / authority: SIREN");
    app_.add_option("--config", config, "Fichier / file (~/.config/dematctl.toml)");
    app_.add_flag("--json", json, "Une ligne JSON par objet / one JSON line per object");
    add_flows();
    add_reading();
    add_verbs();
    add_returns();
    add_schemas();
    add_authorities();
    add_identities();
    add_platform();
  }

  CLI::App& app() { return app_; }

  ConnectionSettings connection;
  std::string config;
  bool json = false;
  Action action;

 private:
  /// A command whose options land in a fresh T.
  template <class T>
  std::shared_ptr<T> command(CLI::App& parent, const std::string& name, const std::string& what,
                             CLI::App*& sub, std::function<Exit(Session&, const T&)> run) {
    sub = parent.add_subcommand(name, what);
    auto values = std::make_shared<T>();
    sub->callback(
        [this, values, run] { action = [values, run](Session& session) { return run(session, *values); }; });
    return values;
  }
  void simple(CLI::App& parent, const std::string& name, const std::string& what, Exit (*run)(Session&)) {
    parent.add_subcommand(name, what)->callback([this, run] { action = run; });
  }
  CLI::App& group(const std::string& name, const std::string& what) {
    CLI::App* sub = app_.add_subcommand(name, what);
    sub->require_subcommand(1);
    return *sub;
  }

  void add_flows() {
    CLI::App* sub = nullptr;
    auto files = command<Files>(app_, "submit", "Déposer des fichiers / deposit files", sub, submit);
    sub->add_option("FILE", *files)->required();
    files = command<Files>(app_, "check", "Contrôler sans déposer / check without depositing", sub, check);
    sub->add_option("FILE", *files)->required();
    const auto options = command<ListOptions>(app_, "list", "Lister les flux / list flows", sub, list);
    sub->add_option("--state", options->states, "État(s) / state(s)")->delimiter(',');
    sub->add_option("--nomfic", options->nom_fic, "NomFic");
    sub->add_option("--from", options->from, "Déposés depuis / deposited since (2026-03-01)");
    sub->add_option("--to", options->to, "Déposés avant / deposited before");
    sub->add_option("--limit", options->limit, "Au plus / at most (50; 0: tous / all)");
    const auto watched =
        command<WatchOptions>(app_, "watch", "Suivre jusqu'à la fin / follow to the end", sub, watch);
    sub->add_option("ID", watched->ids, "Aucun : tous ceux en cours / none: all that are under way");
    sub->add_option_function<std::int64_t>(
        "--timeout", [watched](std::int64_t s) { watched->timeout = std::chrono::seconds(s); },
        "Secondes / seconds (0: sans fin / for ever)");
  }

  void add_reading() {
    CLI::App* sub = nullptr;
    auto id = command<std::string>(app_, "get", "Un flux / one flow", sub, get);
    sub->add_option("ID", *id)->required();
    id = command<std::string>(app_, "report", "Remarques et anomalies / findings and anomalies", sub, report);
    sub->add_option("ID", *id)->required();
    using Asked = std::pair<std::string, bool>;
    const auto asked =
        command<Asked>(app_, "history", "Événements et envois / events and transmissions", sub,
                       [](Session& session, const Asked& a) { return history(session, a.first, a.second); });
    sub->add_option("ID", asked->first)->required();
    sub->add_flag("--transcripts", asked->second, "Avec les dialogues / with the dialogues");
    const auto options =
        command<FetchOptions>(app_, "fetch", "Prendre un document / fetch a document", sub, fetch);
    sub->add_option("ID", options->id)->required();
    auto* number = sub->add_option("--document,-n", options->document, "Par son numéro / by its number");
    auto* acquit = sub->add_flag("--acquit", options->acquit, "Le dernier acquit / the last acquit");
    auto* listing = sub->add_flag("--list", options->list, "Quels documents / which documents");
    auto* payload = sub->add_flag("--payload", options->payload,
                                  "Le fichier déposé (par défaut) / the file deposited (default)");
    number->excludes(acquit)->excludes(listing)->excludes(payload);
    acquit->excludes(listing)->excludes(payload);
    sub->add_option("-o,--output", options->output, "Fichier / file (sinon / else: stdout)");
  }

  void add_verbs() {
    const std::vector<std::pair<std::string, std::string>> verbs{
        {"hold", "Retenir / park"},
        {"release", "Laisser repartir / let go on"},
        {"cancel", "Ne jamais envoyer / never send"},
        {"retry", "Réessayer tout de suite / attempt now"},
        {"resolve", "Dire ce qu'il est advenu / say what became of it"},
        {"replay", "Refaire un flux des mêmes octets / a new flow of the same bytes"}};
    for (const auto& [verb, what] : verbs) {
      CLI::App* sub = nullptr;
      const auto options = command<VerbOptions>(app_, verb, what, sub, apply_verb);
      options->verb = verb;
      sub->add_option("ID", options->ids)->required();
      sub->add_option("--reason", options->reason, "Pourquoi, gardé au journal / why, kept in the journal")
          ->required();
      if (verb == "resolve") {
        sub->add_option("--outcome", options->outcome, "sent | not-sent")
            ->required()
            ->check(CLI::IsMember({"sent", "not-sent"}));
      }
      if (verb == "replay") {
        sub->add_flag("--i-accept-a-duplicate", options->accept_duplicate,
                      "Même déjà envoyé / even though it was sent");
      }
    }
  }

  void add_returns() {
    struct Listing {
      std::string kind;
      bool unread = false;
      std::size_t limit = 50;
    };
    using Fetched = std::pair<std::string, std::filesystem::path>;
    CLI::App* sub = nullptr;
    CLI::App& returns = group("returns", "Ce que l'État a envoyé / what the State sent");
    auto listing = command<Listing>(returns, "list", "Lister / list", sub, [](Session& s, const Listing& l) {
      return returns_list(s, l.kind, l.unread, l.limit);
    });
    sub->add_option("--kind", listing->kind, "retour, acquit_v2…");
    sub->add_flag("--unread", listing->unread, "Non lus / unread ones");
    sub->add_option("--limit", listing->limit, "Au plus / at most (50; 0: tous / all)");
    auto fetched =
        command<Fetched>(returns, "fetch", "Prendre / fetch", sub,
                         [](Session& s, const Fetched& f) { return returns_fetch(s, f.first, f.second); });
    sub->add_option("ID", fetched->first)->required();
    sub->add_option("-o,--output", fetched->second, "Fichier / file (sinon / else: stdout)");
    struct Marked {
      Ids ids;
      bool unread = false;
    };
    const auto marked =
        command<Marked>(returns, "read", "Marquer lu / mark read", sub,
                        [](Session& s, const Marked& m) { return returns_read(s, m.ids, !m.unread); });
    sub->add_option("ID", marked->ids)->required();
    sub->add_flag("--unread", marked->unread, "Non lu / unread");
    CLI::App& orphans = group("orphans", "Réponses sans propriétaire / answers without owner");
    listing = command<Listing>(orphans, "list", "Lister / list", sub,
                               [](Session& s, const Listing& l) { return orphans_list(s, l.limit); });
    sub->add_option("--limit", listing->limit, "Au plus / at most");
    fetched = command<Fetched>(orphans, "fetch", "Prendre / fetch", sub, [](Session& s, const Fetched& f) {
      return orphans_fetch(s, f.first, f.second);
    });
    sub->add_option("ID", fetched->first)->required();
    sub->add_option("-o,--output", fetched->second, "Fichier / file (sinon / else: stdout)");
  }

  void add_schemas() {
    struct Packs {
      std::filesystem::path pack;
      std::filesystem::path folder;
      std::filesystem::path config;
      std::string protocol;
      std::string version;
    };
    CLI::App* sub = nullptr;
    CLI::App& schemas = group("schemas", "Jeux de schémas / schema packs");
    auto packs = command<Packs>(schemas, "list", "En vigueur, ou d'un dossier / in force, or of a folder",
                                sub, [](Session& s, const Packs& p) { return schemas_list(s, p.folder); });
    sub->add_option("--folder", packs->folder, "Dossier local / local folder");
    packs =
        command<Packs>(schemas, "install", "Contrôler et copier / check and copy", sub,
                       [](Session& s, const Packs& p) { return schemas_install(s.out, p.pack, p.folder); });
    sub->add_option("PACK", packs->pack, "Dossier avec pack.toml / folder with a pack.toml")->required();
    sub->add_option("--folder", packs->folder, "schema_folder de dematd")->required();
    packs = command<Packs>(
        schemas, "use", "Mettre en vigueur / put in force", sub,
        [](Session& s, const Packs& p) { return schemas_use(s.out, p.protocol, p.version, p.config); });
    sub->add_option("PROTOCOL", packs->protocol)->required();
    sub->add_option("VERSION", packs->version)->required();
    sub->add_option("--dematd-config", packs->config, "Configuration de dematd")->required();
  }

  void add_authorities() {
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
    CLI::App& siret = group("siret", "SIRET d'une collectivité / of an authority");
    options = command<AuthorityOptions>(
        siret, "add", "Ajouter / add", sub,
        [](Session& s, const AuthorityOptions& o) { return siret_add(s, o.siren, o.sirets); });
    sub->add_option("SIREN", options->siren)->required();
    sub->add_option("SIRET", options->sirets)->required();
    CLI::App& route = group("route", "Où vont les flux / where flows go");
    const auto way = command<RouteOptions>(route, "set", "Fixer / set", sub, route_set);
    sub->add_option("SIREN", way->siren)->required();
    sub->add_option("--protocol", way->protocol, "pes");
    sub->add_option("--destination", way->destination,
                    "Nom dans la configuration / name in the configuration")
        ->required();
    sub->add_option("--p-dest", way->p_dest, "P_DEST");
    sub->add_option("--signer", way->signer, "Clé qui signe / key that signs");
  }

  void add_identities() {
    CLI::App* sub = nullptr;
    CLI::App& identity = group("identity", "Certificats des clients / client certificates");
    simple(identity, "list", "Lister / list", identity_list);
    const char* const who = "Certificat (fichier) ou empreinte / certificate file or fingerprint";
    const auto grants = [&sub](const std::shared_ptr<IdentityOptions>& options) {
      sub->add_option("--grant", options->grants,
                      "SIREN:rôle (depositor, transmitter, reader, operator, auditor)");
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

  void add_platform() {
    CLI::App* sub = nullptr;
    simple(group("destinations", "Guichets de l'État / doors of the State"), "list", "Lister / list",
           destinations_list);
    const auto name =
        command<std::string>(app_, "probe", "Essayer une destination / try a destination", sub, probe);
    sub->add_option("NAME", *name)->required();
    simple(app_, "whoami", "Qui suis-je pour la passerelle / who the gateway takes me for", whoami);
    simple(app_, "status", "État de la passerelle / state of the gateway", status);
    simple(group("journal", "Le journal / the journal"), "verify", "Vérifier / verify", journal_verify);
  }

  CLI::App app_;
};

std::size_t terminal_width() {
  winsize size{};
  return isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// CLI11 only says that a command is missing when one is misspelt.
void name_unknown_command(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::vector<std::string> extras = app.remaining();
  if (extras.empty() || extras.front().starts_with('-')) return;
  const std::string meant = config::nearest(extras.front(), known);
  std::cerr << "Commande inconnue / unknown command: " << printable(extras.front())
            << (meant.empty() ? "" : " (" + meant + " ?)") << '\n';
}

}  // namespace

int run(int argc, char** argv) {
  CommandLine line;
  try {
    line.app().parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    if (wrong.get_exit_code() != 0 && line.app().get_subcommands().empty()) name_unknown_command(line.app());
    return line.app().exit(wrong) == 0 ? static_cast<int>(Exit::ok) : static_cast<int>(Exit::usage);
  }
  Output out(std::cout, std::cerr, line.json, terminal_width());
  const auto settings = complete(line.connection, line.config, config::process_environment());
  if (!settings) return static_cast<int>(out.failed(settings.error()));
  const auto client = make_curl_client(*settings);
  Api api(*client);
  Session session{api, out, [](std::chrono::milliseconds wait) { std::this_thread::sleep_for(wait); }};
  return static_cast<int>(line.action(session));
}

}  // namespace demat::ctl
