#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_steering.hpp"

namespace demat::ctl {

void CommandTree::add_steering() {
  CLI::App& queue = group("queue", "Les files d'envoi / the queues");
  simple(queue, "list", "Lister / list", queue_list);
  const std::vector<std::pair<std::string, std::string>> verbs{
      {"pause", "Ne plus commencer d'envoi / begin no send"},
      {"drain", "N'envoyer que ce qui est déjà là / send only what is here already"},
      {"resume", "Reprendre, disjoncteur compris / go on, breaker included"}};
  for (const auto& [verb, what] : verbs) {
    CLI::App* sub = nullptr;
    const auto options = command<QueueOptions>(queue, verb, what, sub, queue_steer);
    options->verb = verb;
    sub->add_option("DESTINATION", options->destination, "Nom, ou * pour toutes / name, or * for all")
        ->required();
    sub->add_option("--reason", options->reason, "Pourquoi, gardé au journal / why, kept in the journal")
        ->required();
    if (verb == "resume") continue;
    auto* until = sub->add_option("--until", options->until, "Fin / end: 2026-03-01T18:00:00Z");
    sub->add_option("--for", options->duration, "Durée / duration: 30min, 4h, 2d")->excludes(until);
  }
  simple(app_, "windows", "Fenêtres d'envoi / transmission windows", windows_list);
  simple(app_, "errors", "Flux en peine, par groupe / flows in trouble, by group", error_groups);
  simple(app_, "overdue", "Ce qui est en retard / what is late", overdue);
}

}  // namespace demat::ctl
