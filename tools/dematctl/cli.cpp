#include "tools/dematctl/cli.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <thread>

#include "gateway/config/nearest.hpp"
#include "tools/dematctl/command_tree.hpp"

namespace demat::ctl {
namespace {

constexpr const char* footer = R"(
Connexion / connection: --url --cert --key --ca --authority; sinon / else DEMATCTL_URL, DEMATCTL_CERT,
  DEMATCTL_KEY, DEMATCTL_CA, DEMATCTL_AUTHORITY; sinon / else ~/.config/dematctl.toml (url, cert, key, ca,
  authority).
Codes de fin / exit codes:
  0 fait / done                        4 certificat inconnu ou droit absent / denied
  1 refusé / refused                   5 doublon ou état contraire / duplicate or conflict
  2 ligne de commande / usage          6 passerelle occupée, réessayer / unavailable, try again
  3 inexistant ou pas à vous / unknown 7 réseau ou TLS / network or TLS)";

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

CommandTree::CommandTree()
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
  add_checks();
  add_reading();
  add_verbs();
  add_actes();
  add_letters();
  add_returns();
  add_schemas();
  add_authorities();
  add_identities();
  add_platform();
  add_care();
  add_marche();
  add_mails();
  add_push();
  add_steering();
  add_tickets();
  add_show();
  add_sign();
  add_trust();
  add_marches();
  add_health();
  add_pages();
}

int run(int argc, char** argv) {
  CommandTree line;
  try {
    line.app().parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    if (wrong.get_exit_code() != 0 && line.app().get_subcommands().empty()) name_unknown_command(line.app());
    return line.app().exit(wrong) == 0 ? static_cast<int>(Exit::ok) : static_cast<int>(Exit::usage);
  }
  if (line.page) {
    std::cout << line.page();
    return static_cast<int>(Exit::ok);
  }
  const auto width = terminal_width();
  const bool colour = width != 0 && config::process_environment()("NO_COLOR").empty();
  Output out(std::cout, std::cerr, line.json, width, colour);
  const auto settings = complete(line.connection, line.config, config::process_environment());
  if (!settings) return static_cast<int>(out.failed(settings.error()));
  const auto client = make_curl_client(*settings);
  Api api(*client);
  Session session{api, out, [](std::chrono::milliseconds wait) { std::this_thread::sleep_for(wait); }};
  return static_cast<int>(line.action(session));
}

}  // namespace demat::ctl
