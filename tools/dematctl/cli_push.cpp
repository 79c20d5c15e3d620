#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_tickets.hpp"

namespace demat::ctl {

void CommandTree::add_push() {
  CLI::App* sub = nullptr;
  CLI::App& webhook = group("webhook", "Être prévenu par HTTPS / be told over HTTPS");
  const auto url = command<std::string>(webhook, "add", "Ajouter / add", sub, webhook_add);
  sub->add_option("URL", *url, "https://…")->required();
  simple(webhook, "list", "Lister / list", webhook_list);
  const auto removed = command<Ids>(webhook, "remove", "Supprimer / remove", sub, webhook_remove);
  sub->add_option("ID", *removed)->required();
  struct Listing {
    std::string id;
    std::size_t limit = 50;
  };
  const auto listing =
      command<Listing>(webhook, "deliveries", "Livraisons / deliveries", sub,
                       [](Session& s, const Listing& l) { return webhook_deliveries(s, l.id, l.limit); });
  sub->add_option("ID", listing->id)->required();
  sub->add_option("--limit", listing->limit, "Au plus / at most (50; 0: toutes / all)");
  using Pair = std::pair<std::string, std::string>;
  const auto again =
      command<Pair>(webhook, "redeliver", "Livrer de nouveau / deliver again", sub,
                    [](Session& s, const Pair& p) { return webhook_redeliver(s, p.first, p.second); });
  sub->add_option("ID", again->first)->required();
  sub->add_option("DELIVERY", again->second)->required();
}

}  // namespace demat::ctl
