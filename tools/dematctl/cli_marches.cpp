#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_marches.hpp"

namespace demat::ctl {

/// Beside what `marche` does with files.
void CommandTree::add_marches() {
  const auto found = app_.get_subcommands([](const CLI::App* one) { return one->check_name("marche"); });
  CLI::App& marche = found.empty() ? group("marche", "Marchés et concessions / contracts") : *found.front();
  CLI::App* sub = nullptr;
  const auto listing = command<MarchesListing>(
      marche, "ls", "Contrats envoyés et leur état / contracts sent and their state", sub, marches_list);
  sub->add_option("--contrat", listing->contrat, "Celui-ci seul / this one only: IdContrat");
  sub->add_option("--limit", listing->limit, "Au plus / at most (50; 0: tous / all)");
}

}  // namespace demat::ctl
