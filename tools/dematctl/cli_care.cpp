#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_care.hpp"

namespace demat::ctl {
namespace {

void add_period(CLI::App& sub, std::string& from, std::string& to) {
  sub.add_option("--from", from, "Depuis / since (2026-01-31)");
  sub.add_option("--to", to, "Avant / before");
}

void add_journal_filter(CLI::App& sub, JournalOptions& options) {
  sub.add_option("--flow", options.flow, "Un flux / one flow");
  sub.add_option("--actor", options.actor, "Qui / who");
  sub.add_option("--code", options.code, "Quoi / what (payload.purged…)");
  add_period(sub, options.from, options.to);
  sub.add_option("--first", options.first, "Du n° / from number");
  sub.add_option("--last", options.last, "Au n° / to number");
}

}  // namespace

void CommandTree::add_care() {
  CLI::App* sub = nullptr;
  CLI::App& traces = group("traces", "Registre des traces / trace register");
  auto register_options = command<TraceOptions>(traces, "list", "Lister / list", sub, traces_list);
  add_period(*sub, register_options->from, register_options->to);
  sub->add_option("--limit", register_options->limit, "Au plus / at most (50; 0: tous / all)");
  register_options = command<TraceOptions>(traces, "export", "Exporter / export", sub, traces_export);
  add_period(*sub, register_options->from, register_options->to);
  sub->add_option("--format", register_options->format, "csv, xml")->check(CLI::IsMember({"csv", "xml"}));
  sub->add_option("-o,--output", register_options->output, "Fichier / file (sinon / else: stdout)");

  const auto wish = command<PurgeOptions>(
      app_, "purge", "Purger ce qui a fait son temps / purge what is past its retention", sub, purge);
  sub->add_flag("--dry-run", wish->dry_run, "Dire, ne rien faire / tell, do nothing");
  sub->add_option("--reason", wish->reason, "Raison, obligatoire sans --dry-run / reason");
  sub->add_option("--older-than", wish->older_than_days,
                  "Jours / days (sinon la configuration / else configured)");
  sub->add_option("--state", wish->states, "États finals / final states")->delimiter(',');
  sub->add_option("--of", wish->authority, "SIREN");

  CLI::App& journal = *app_.get_subcommand("journal");
  auto lines = command<JournalOptions>(journal, "search", "Chercher / search", sub, journal_search);
  add_journal_filter(*sub, *lines);
  sub->add_option("--limit", lines->limit, "Au plus / at most");
  lines = command<JournalOptions>(journal, "export", "Exporter (JSON par ligne) / export (JSON lines)", sub,
                                  journal_export);
  add_journal_filter(*sub, *lines);
  sub->add_option("-o,--output", lines->output, "Fichier / file (sinon / else: stdout)");
  lines = command<JournalOptions>(journal, "anchors", "Ancres / anchors", sub, journal_anchors);
  sub->add_option("--limit", lines->limit, "Au plus / at most");
  simple(journal, "anchor", "Ancrer maintenant / anchor now", journal_anchor);

  const auto copy =
      command<BackupOptions>(app_, "backup", "Sauvegarder en marche / back up online", sub, backup);
  sub->add_option("--name", copy->name, "Dossier sous backup_folder / folder below backup_folder");
  sub->add_flag("--with-key", copy->with_key,
                "Avec la clé du journal (secret) / with the journal key (secret)");
  sub->add_flag("--no-wait", copy->no_wait, "Ne pas attendre / do not wait");
  simple(app_, "backups", "Sauvegardes faites / finished backups", backups_list);
  const auto look = command<VerifyOptions>(app_, "verify-store", "Vérifier le magasin / verify the store",
                                           sub, verify_store);
  sub->add_flag("--full", look->full, "Relire chaque octet / read every byte");
  sub->add_option("--rate", look->bytes_per_second, "Octets par seconde / bytes per second (0: sans limite)");
  sub->add_flag("--no-wait", look->no_wait, "Ne pas attendre / do not wait");
}

}  // namespace demat::ctl
