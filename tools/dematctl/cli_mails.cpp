#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_mails.hpp"

namespace demat::ctl {

void CommandTree::add_mails() {
  CLI::App* sub = nullptr;
  CLI::App& mail = group("mail", "Messages aux personnes / mails to people");
  const auto listing = command<MailListOptions>(mail, "list", "Lister / list", sub, mail_list);
  sub->add_option("--state", listing->state, "waiting, sent, failed")
      ->check(CLI::IsMember({"waiting", "sent", "failed"}));
  sub->add_option("--flow", listing->flow, "Sur ce flux / about this flow");
  sub->add_option("--limit", listing->limit, "Au plus / at most (50; 0: tous / all)");
  const auto again = command<Ids>(mail, "retry", "Envoyer maintenant / send now", sub, mail_retry);
  sub->add_option("ID", *again)->required();
}

}  // namespace demat::ctl
