#include "gateway/command_pages/completion.hpp"
#include "gateway/command_pages/manual.hpp"
#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/health.hpp"

namespace demat::ctl {
namespace {

std::string completion_of(const CLI::App& app, const std::string& shell) {
  const auto program = pages::describe(app, "dematctl");
  if (shell == "zsh") return pages::zsh_completion(program);
  return shell == "fish" ? pages::fish_completion(program) : pages::bash_completion(program);
}

}  // namespace

void CommandTree::add_health() {
  CLI::App* sub = nullptr;
  const auto nagios = command<bool>(
      app_, "health",
      "Santé : fin 0 bonne, 1 dégradée, 2 en panne, 3 inconnue / exit 0 ok, 1 degraded, 2 failed, 3 unknown",
      sub, [](Session& session, const bool& line) { return health(session, line); });
  sub->add_flag("--nagios", *nagios, "Une ligne pour la supervision / one line for monitoring");
  simple(app_, "alarms", "Ce qu'une personne doit regarder / what a person must look at", alarms);
}

void CommandTree::add_pages() {
  auto* completion = app_.add_subcommand(
      "completion", "Complètement pour un shell / shell completion: source <(dematctl completion bash)");
  const auto shell = std::make_shared<std::string>("bash");
  completion->add_option("SHELL", *shell, "bash, zsh, fish")->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([this, shell] { page = [this, shell] { return completion_of(app_, *shell); }; });
  app_.add_subcommand("man", "La page de manuel (troff) / the manual page")->callback([this] {
    page = [this] {
      return pages::manual(pages::describe(app_, "dematctl"), {.section = 1,
                                                               .version = DEMATD_VERSION,
                                                               .summary = "operate the dematd gateway",
                                                               .parts = {},
                                                               .see_also = {"dematd(8)", "dematd.toml(5)"}});
    };
  });
}

}  // namespace demat::ctl
