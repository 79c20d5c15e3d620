#include "gateway/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>

#include "gateway/command_pages/completion.hpp"
#include "gateway/command_pages/manual.hpp"
#include "gateway/config/config.hpp"
#include "gateway/config/effective.hpp"
#include "gateway/daemon.hpp"
#include "gateway/first_start.hpp"
#include "gateway/store_commands.hpp"

namespace demat {
namespace {

constexpr const char* signals_text =
    "SIGTERM, SIGINT  finish what runs, then end; a second one ends at once\n"
    "SIGHUP           read configuration, certificates, keys and packs again";
constexpr const char* files_text =
    "/etc/dematd/dematd.toml   configuration, see dematd.toml(5)\n"
    "/var/lib/dematd           the store";

int exit_code(const Status& status) {
  if (status) return EXIT_SUCCESS;
  print_error(status.error());
  return EXIT_FAILURE;
}

/// The settings of a file; every problem is printed, not only the first.
std::optional<config::Settings> settings_of(const ConfigSource& source) {
  auto settings = config::read(source.file, source.environment);
  if (settings) return std::move(*settings);
  for (const auto& error : settings.error().errors)
    print_error(error);
  return std::nullopt;
}

/// What the lines of the program say.
struct Line {
  std::string file;
  std::string sample;
  std::string shell = "bash";
  bool show = false;
  FirstOperator first_operator;
  ServeOptions serve;
  store::RestoreOptions restore;
  store::BackupOptions backup;
  bool full = false;
};

void add_config(CLI::App& command, Line& line) {
  command.add_option("--config,-c", line.file, "fichier de configuration TOML / TOML configuration file")
      ->required();
}

/// What is done with a store while no daemon runs on it.
void add_store_commands(CLI::App& app, Line& line) {
  auto* restore = app.add_subcommand(
      "restore", "fait un magasin d'une sauvegarde / makes a store of a backup (--to: new data_folder)");
  restore->add_option("--from", line.restore.from, "la sauvegarde / the backup")->required();
  restore->add_option("--to", line.restore.to, "dossier vide ou absent / empty or absent folder")->required();
  restore->add_option("--journal-key", line.restore.journal_key,
                      "clé du journal, si elle est à part / journal key, when it is kept apart");
  auto* backup = app.add_subcommand("backup", "sauvegarde, dematd arrêté / backs up, dematd stopped");
  add_config(*backup, line);
  backup->add_option("--to", line.backup.folder, "dossier vide ou absent / empty or absent folder")
      ->required();
  backup->add_flag("--with-key", line.backup.with_key, "avec la clé du journal / with the journal key");
  auto* verify = app.add_subcommand("verify-store", "vérifie le magasin, dematd arrêté / verifies the store");
  add_config(*verify, line);
  verify->add_flag("--full", line.full, "relit chaque octet / reads every byte");
}

void add_commands(CLI::App& app, Line& line) {
  add_store_commands(app, line);
  auto* init = app.add_subcommand(
      "init", "crée le magasin et le premier exploitant / makes the store and the first platform operator");
  add_config(*init, line);
  init->add_option("--operator-certificate", line.first_operator.certificate,
                   "certificat PEM du premier exploitant / PEM certificate of the first operator")
      ->required();
  init->add_option("--operator-name", line.first_operator.name,
                   "son nom au journal / its name in the journal");
  auto* serve = app.add_subcommand("serve", "lance la passerelle / runs the gateway");
  add_config(*serve, line);
  serve->add_option_function<std::uint32_t>(
      "--drain", [&line](std::uint32_t seconds) { line.serve.drain = std::chrono::seconds(seconds); },
      "à l'arrêt, secondes laissées aux envois en cours / seconds left to running transfers at the end");
  auto* check = app.add_subcommand("check-config", "vérifie la configuration / checks the configuration");
  add_config(*check, line);
  check->add_flag(
      "--show", line.show,
      "montre chaque clé et sa valeur, secrets masqués / shows each key and its value, secrets masked");
  app.add_subcommand("completion", "complètement pour un shell / shell completion")
      ->add_option("SHELL", line.shell, "bash, zsh, fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app.add_subcommand("man", "la page de manuel (troff) / the manual page")
      ->add_option(
          "--file-page", line.sample,
          "la page de la configuration, de cet exemple / the page of the configuration, from this sample");
}

std::string completion_of(const pages::ProgramInfo& program, const std::string& shell) {
  if (shell == "zsh") return pages::zsh_completion(program);
  return shell == "fish" ? pages::fish_completion(program) : pages::bash_completion(program);
}

std::string manual_of(const pages::ProgramInfo& program, const std::string& sample) {
  pages::ManualText text{.section = 8,
                         .version = DEMATD_VERSION,
                         .summary = "relay of PES V2 flows to Helios",
                         .parts = {{"SIGNALS", signals_text}, {"FILES", files_text}},
                         .see_also = {"dematctl(1)", "dematd.toml(5)"}};
  if (sample.empty()) return pages::manual(program, text);
  std::ifstream in(sample);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  text.section = 5;
  text.summary = "configuration of dematd";
  text.parts.clear();
  text.see_also = {"dematd(8)"};
  return pages::file_manual("dematd.toml", content, text);
}

/// Texts that need no configuration.
std::optional<std::string> page_of(const CLI::App& app, const Line& line) {
  if (app.got_subcommand("completion")) return completion_of(pages::describe(app, "dematd"), line.shell);
  if (app.got_subcommand("man")) return manual_of(pages::describe(app, "dematd"), line.sample);
  return std::nullopt;
}

int check_config(const config::Settings& settings, bool show) {
  if (show) std::fputs(config::effective(settings).c_str(), stdout);
  return exit_code(check_configuration(settings));
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{
      "dematd : passerelle de télétransmission (PES V2 vers Hélios) / relay of PES V2 flows to Hélios"};
  app.require_subcommand(1);
  app.set_version_flag("--version", DEMATD_VERSION);
  Line line;
  add_commands(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : 2;
  }
  if (const auto page = page_of(app, line))
    return std::fputs(page->c_str(), stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
  if (app.got_subcommand("restore")) return run_restore(line.restore);
  const ConfigSource source{line.file, config::process_environment()};
  const auto settings = settings_of(source);
  if (!settings) return EXIT_FAILURE;
  if (app.got_subcommand("init")) return exit_code(first_start(*settings, line.first_operator));
  if (app.got_subcommand("backup")) {
    line.backup.actor = "dematd backup";
    return run_backup(*settings, line.backup);
  }
  if (app.got_subcommand("verify-store"))
    return run_verify(*settings, line.full ? store::Depth::full : store::Depth::quick);
  if (app.got_subcommand("check-config")) return check_config(*settings, line.show);
  return exit_code(serve_until_stopped(source, *settings, line.serve));
}

}  // namespace demat
