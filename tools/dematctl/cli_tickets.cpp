#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_tickets.hpp"

namespace demat::ctl {

void CommandTree::add_tickets() {
  CLI::App* sub = nullptr;
  CLI::App& token =
      group("token", "Jetons qui restreignent le certificat / tokens that narrow the certificate");
  const auto made = command<TokenOptions>(token, "create", "Créer / create", sub, token_create);
  sub->add_option("--name", made->name, "Nom / name")->required();
  sub->add_option("--grant", made->grants, "SIREN:rôle")->required();
  sub->add_option("--days", made->days, "Durée en jours / lifetime in days (90, 400 au plus / at most)");
  simple(token, "list", "Lister / list", token_list);
  const auto revoked = command<Ids>(token, "revoke", "Révoquer / revoke", sub, token_revoke);
  sub->add_option("ID", *revoked)->required();
}

}  // namespace demat::ctl
