#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/commands_tickets.hpp"

namespace demat::ctl {

void CommandTree::add_returns() {
  struct Listing {
    std::string kind;
    bool unread = false;
    std::size_t limit = 50;
  };
  using Fetched = std::pair<std::string, std::filesystem::path>;
  CLI::App* sub = nullptr;
  CLI::App& returns = group("returns", "Ce que l'État a envoyé / what the State sent");
  auto listing = command<Listing>(returns, "list", "Lister / list", sub, [](Session& s, const Listing& l) {
    return returns_list(s, l.kind, l.unread, l.limit);
  });
  sub->add_option("--kind", listing->kind, "retour, acquit_v2…");
  sub->add_flag("--unread", listing->unread, "Non lus / unread ones");
  sub->add_option("--limit", listing->limit, "Au plus / at most (50; 0: tous / all)");
  auto fetched = command<Fetched>(returns, "fetch", "Prendre / fetch", sub, [](Session& s, const Fetched& f) {
    return returns_fetch(s, f.first, f.second);
  });
  sub->add_option("ID", fetched->first)->required();
  sub->add_option("-o,--output", fetched->second, "Fichier / file (sinon / else: stdout)");
  struct Marked {
    Ids ids;
    bool unread = false;
  };
  const auto marked =
      command<Marked>(returns, "read", "Marquer lu / mark read", sub,
                      [](Session& s, const Marked& m) { return returns_read(s, m.ids, !m.unread); });
  sub->add_option("ID", marked->ids)->required();
  sub->add_flag("--unread", marked->unread, "Non lu / unread");
  CLI::App& orphans = group("orphans", "Réponses sans propriétaire / answers without owner");
  listing = command<Listing>(orphans, "list", "Lister / list", sub,
                             [](Session& s, const Listing& l) { return orphans_list(s, l.limit); });
  sub->add_option("--limit", listing->limit, "Au plus / at most");
  fetched = command<Fetched>(orphans, "fetch", "Prendre / fetch", sub, [](Session& s, const Fetched& f) {
    return orphans_fetch(s, f.first, f.second);
  });
  sub->add_option("ID", fetched->first)->required();
  sub->add_option("-o,--output", fetched->second, "Fichier / file (sinon / else: stdout)");
  const auto attached = command<AttachOptions>(orphans, "attach", "Rattacher / attach", sub, orphans_attach);
  sub->add_option("ID", attached->id)->required();
  sub->add_option("--to", attached->to, "Flux, ou SIREN / flow, or SIREN")->required();
  sub->add_option("--reason", attached->reason, "Motif / reason")->required();
  using Decided = std::pair<Ids, std::string>;
  auto decided =
      command<Decided>(orphans, "ignore", "Écarter / set aside", sub,
                       [](Session& s, const Decided& d) { return orphans_ignore(s, d.first, d.second); });
  sub->add_option("ID", decided->first)->required();
  sub->add_option("--reason", decided->second, "Motif / reason")->required();
  decided =
      command<Decided>(orphans, "reanalyse", "Regarder de nouveau / look again", sub,
                       [](Session& s, const Decided& d) { return orphans_reanalyse(s, d.first, d.second); });
  sub->add_option("ID", decided->first, "Sinon tous / else all");
  sub->add_option("--reason", decided->second, "Motif / reason")->required();
}

}  // namespace demat::ctl
