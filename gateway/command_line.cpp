#include "gateway/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "gateway/config/config.hpp"
#include "gateway/daemon.hpp"
#include "gateway/first_start.hpp"

namespace demat {
namespace {

void print(const Error& error) {
  std::fprintf(stderr, "dematd: [%s] %s\n        %s\n", error.code.c_str(), error.fr.c_str(),
               error.en.c_str());
  if (error.place.line > 0) std::fprintf(stderr, "        ligne %zu\n", error.place.line);
  if (!error.detail.empty()) std::fprintf(stderr, "        (%s)\n", error.detail.c_str());
}

int exit_code(const Status& status) {
  if (status) return EXIT_SUCCESS;
  print(status.error());
  return EXIT_FAILURE;
}

/// The settings of a file; every problem is printed, not only the first.
std::optional<config::Settings> settings_of(const ConfigSource& source) {
  auto settings = config::read(source.file, source.environment);
  if (settings) return std::move(*settings);
  for (const auto& error : settings.error().errors)
    print(error);
  return std::nullopt;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{
      "dematd : passerelle de télétransmission (PES V2 vers Hélios) / relay of PES V2 flows to Hélios"};
  app.require_subcommand(1);
  app.set_version_flag("--version", DEMATD_VERSION);
  std::string file;
  FirstOperator first_operator;
  auto add_config = [&file](CLI::App* command) {
    command->add_option("--config,-c", file, "fichier de configuration TOML / TOML configuration file")
        ->required();
  };
  CLI::App* init =
      app.add_subcommand("init",
                         "crée le magasin et le premier exploitant / makes the store and the first "
                         "platform operator");
  add_config(init);
  init->add_option("--operator-certificate", first_operator.certificate,
                   "certificat PEM du premier exploitant / PEM certificate of the first operator")
      ->required();
  init->add_option("--operator-name", first_operator.name, "son nom au journal / its name in the journal");
  CLI::App* serve = app.add_subcommand("serve", "lance la passerelle / runs the gateway");
  add_config(serve);
  ServeOptions options;
  serve->add_option_function<std::uint32_t>(
      "--drain", [&options](std::uint32_t seconds) { options.drain = std::chrono::seconds(seconds); },
      "à l'arrêt, secondes laissées aux envois en cours / seconds left to running transfers at the end");
  CLI::App* check = app.add_subcommand("check-config", "vérifie la configuration / checks the configuration");
  add_config(check);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : 2;
  }
  const ConfigSource source{file, config::process_environment()};
  const auto settings = settings_of(source);
  if (!settings) return EXIT_FAILURE;
  if (init->parsed()) return exit_code(first_start(*settings, first_operator));
  if (check->parsed()) return exit_code(check_configuration(*settings));
  return exit_code(serve_until_stopped(source, *settings, options));
}

}  // namespace demat
