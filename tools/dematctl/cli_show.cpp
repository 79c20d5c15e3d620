#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_show.hpp"

namespace demat::ctl {

void CommandTree::add_show() {
  CLI::App* sub = nullptr;
  const auto options = command<ShowOptions>(
      app_, "show", "Lire un PES, un acquit ou un retour / read a PES, an acquit or a return", sub, show);
  sub->add_option("FILE|ID", options->what, "Fichier, flux ou retour / file, flow or return")->required();
  sub->add_flag("--lignes", options->lignes, "Jusqu'aux lignes / down to the lines");
  auto* sent =
      sub->add_flag("--signed", options->signed_file, "Le fichier signé du flux / the flow's signed file");
  sub->add_flag("--acquit", options->acquit, "Son dernier acquit seulement / its last acquit only")
      ->excludes(sent);
}

}  // namespace demat::ctl
