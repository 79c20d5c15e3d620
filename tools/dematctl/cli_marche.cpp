#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_marche.hpp"

namespace demat::ctl {

void CommandTree::add_marche() {
  CLI::App* sub = nullptr;
  CLI::App& marche = group("marche", "Marchés et concessions d'un fichier PES / contracts of a PES file");
  const auto shown =
      command<MarcheOptions>(marche, "show", "Fiche de contrat / contract sheet", sub,
                             [](Session& s, const MarcheOptions& o) { return marche_show(s.out, o); });
  sub->add_option("FILE", shown->files)->required();
  sub->add_option("--contract", shown->contract, "Ce contrat seul / this one only: IdContrat");
  const auto derived =
      command<MarcheOptions>(marche, "decp", "Données essentielles (DECP XML 2.0.2) / essential data", sub,
                             [](Session& s, const MarcheOptions& o) { return marche_decp(s.out, o); });
  sub->add_option("FILE", derived->files)->required()->expected(1);
  sub->add_option("--contract", derived->contract, "Ce contrat seul / this one only: IdContrat");
  sub->add_option("--set", derived->given,
                  "Donnée que le PES ne porte pas / item that the PES does not carry: offresRecues=3")
      ->allow_extra_args(false);
}

}  // namespace demat::ctl
