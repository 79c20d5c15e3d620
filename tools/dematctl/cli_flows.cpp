#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands.hpp"

namespace demat::ctl {

void CommandTree::add_flows() {
  CLI::App* sub = nullptr;
  const auto deposit =
      command<SubmitOptions>(app_, "submit", "Déposer des fichiers / deposit files", sub, submit);
  sub->add_option("FILE", deposit->files);
  sub->add_option("--priority", deposit->priority, "Priorité / priority: low, normal, high")
      ->check(CLI::IsMember({"low", "normal", "high"}));
  // Of acts: `submit acte`, `submit envelope`. Without either, files are wanted.
  sub->callback([this, deposit, parent = sub] {
    if (!parent->get_subcommands().empty()) return;
    if (deposit->files.empty()) throw CLI::RequiredError("FILE");
    action = [deposit](Session& session) { return submit(session, *deposit); };
  });
  add_acte_deposits(*sub);
  const auto options = command<ListOptions>(app_, "list", "Lister les flux / list flows", sub, list);
  sub->add_option("--state", options->states, "État(s) / state(s)")->delimiter(',');
  sub->add_option("--nomfic", options->nom_fic, "NomFic");
  sub->add_option("--from", options->from, "Déposés depuis / deposited since (2026-03-01)");
  sub->add_option("--to", options->to, "Déposés avant / deposited before");
  sub->add_option("--limit", options->limit, "Au plus / at most (50; 0: tous / all)");
  sub->add_option("--destination", options->destination, "Destination");
  sub->add_option("--code", options->code, "Code d'erreur ou d'attente / error or waiting code");
  sub->add_option("--older-than", options->older_than, "Sans nouvelle depuis / no news for (2h, 3d)");
  sub->add_flag("--overdue", options->overdue, "En retard seulement / overdue ones only");
  const auto watched =
      command<WatchOptions>(app_, "watch", "Suivre jusqu'à la fin / follow to the end", sub, watch);
  sub->add_option("ID", watched->ids, "Aucun : tous ceux en cours / none: all that are under way");
  sub->add_option_function<std::int64_t>(
      "--timeout", [watched](std::int64_t s) { watched->timeout = std::chrono::seconds(s); },
      "Secondes / seconds (0: sans fin / for ever)");
}

void CommandTree::add_reading() {
  CLI::App* sub = nullptr;
  auto id = command<std::string>(app_, "get", "Un flux / one flow", sub, get);
  sub->add_option("ID", *id)->required();
  using Asked = std::pair<std::string, bool>;
  const auto asked =
      command<Asked>(app_, "history", "Événements et envois / events and transmissions", sub,
                     [](Session& session, const Asked& a) { return history(session, a.first, a.second); });
  sub->add_option("ID", asked->first)->required();
  sub->add_flag("--transcripts", asked->second, "Avec les dialogues / with the dialogues");
  const auto options =
      command<FetchOptions>(app_, "fetch", "Prendre un document / fetch a document", sub, fetch);
  sub->add_option("ID", options->id)->required();
  auto* number = sub->add_option("--document,-n", options->document, "Par son numéro / by its number");
  auto* acquit = sub->add_flag("--acquit", options->acquit, "Le dernier acquit / the last acquit");
  auto* listing = sub->add_flag("--list", options->list, "Quels documents / which documents");
  auto* payload = sub->add_flag("--payload", options->payload,
                                "Le fichier déposé (par défaut) / the file deposited (default)");
  number->excludes(acquit)->excludes(listing)->excludes(payload);
  acquit->excludes(listing)->excludes(payload);
  sub->add_option("-o,--output", options->output, "Fichier / file (sinon / else: stdout)");
}

void CommandTree::add_verbs() {
  const std::vector<std::pair<std::string, std::string>> verbs{
      {"hold", "Retenir / park"},
      {"release", "Laisser repartir / let go on"},
      {"cancel", "Ne jamais envoyer / never send"},
      {"retry", "Réessayer tout de suite / attempt now"},
      {"resolve", "Dire ce qu'il est advenu / say what became of it"},
      {"priority", "Changer de rang / change the place in the queue"},
      {"replay", "Refaire un flux des mêmes octets / a new flow of the same bytes"}};
  for (const auto& [verb, what] : verbs) {
    CLI::App* sub = nullptr;
    const auto options = command<VerbOptions>(app_, verb, what, sub, apply_verb);
    options->verb = verb;
    auto* ids = sub->add_option("ID", options->ids);
    auto* filter = sub->add_option("--filter", options->bulk.filter,
                                   "Tous ceux que décrit / all that meet: state=refused,code=pes.p2 (state, "
                                   "code, destination, nomfic, since, to, older_than, overdue)");
    ids->excludes(filter);
    sub->add_flag("--dry-run", options->bulk.dry_run, "Dire lesquels seulement / only tell which")
        ->needs(filter);
    sub->add_option("--limit", options->bulk.limit, "Au plus / at most (0: tous / all)")->needs(filter);
    sub->add_option("--rate", options->bulk.rate, "Cadence / pace: 5/s, 100/min, 20/h")->needs(filter);
    sub->add_option("--reason", options->reason, "Pourquoi, gardé au journal / why, kept in the journal")
        ->required();
    if (verb == "priority") {
      sub->add_option("--to", options->priority, "high | normal | low")
          ->required()
          ->check(CLI::IsMember({"high", "normal", "low"}));
    }
    if (verb == "resolve") {
      sub->add_option("--outcome", options->outcome, "sent | not-sent")
          ->required()
          ->check(CLI::IsMember({"sent", "not-sent"}));
    }
    if (verb == "replay") {
      sub->add_flag("--i-accept-a-duplicate", options->accept_duplicate,
                    "Même déjà envoyé / even though it was sent");
    }
  }
}

}  // namespace demat::ctl
