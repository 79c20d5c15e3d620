#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands.hpp"

namespace demat::ctl {

void CommandTree::add_platform() {
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

}  // namespace demat::ctl
