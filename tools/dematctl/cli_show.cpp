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
  const auto taken = command<ExtractOptions>(
      app_, "extract", "Prendre les pièces jointes / take the attachments out", sub, extract);
  sub->add_option("FILE|ID", taken->what, "Fichier ou flux / file or flow")->required();
  sub->add_flag_callback(
      "--pj", [] {}, "Les pièces jointes (par défaut) / the attachments (default)");
  sub->add_option("--to", taken->to, "Dossier, créé s'il le faut (.) / folder, made where it is missing");
  sub->add_flag("--list", taken->list, "Lister seulement / only list");
}

}  // namespace demat::ctl
