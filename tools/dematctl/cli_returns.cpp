#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_returns.hpp"
#include "tools/dematctl/commands_tickets.hpp"

namespace demat::ctl {

namespace {

void add_piece_options(CLI::App& sub, PieceOptions& of) {
  sub.add_option("--domaine", of.domaine, "depense, recette, client, asap");
  sub.add_option("--exercice", of.exercice, "Exercice / financial year");
  sub.add_option("--bordereau", of.bordereau, "Numéro / number");
  sub.add_option("--piece", of.piece, "Mandat ou titre / mandat or titre");
  sub.add_option("--etat", of.etat, "01 en instance, 02 prise en charge, 04 rejetée, 05 soldée");
}

}  // namespace

void CommandTree::add_return_reading(CLI::App& returns) {
  CLI::App* sub = nullptr;
  const auto listing = command<ReturnOptions>(returns, "list", "Lister / list", sub, returns_list);
  sub->alias("ls");
  sub->add_option("--kind", listing->kind, "PES_Retour, PES_ACQUIT V2…");
  sub->add_flag("--unread", listing->unread, "Non lus / unread ones");
  sub->add_option("--state", listing->states, "available, matched, ignored");
  sub->add_option("--from", listing->from, "Reçus depuis / received since");
  sub->add_option("--to", listing->to, "Reçus avant / received before");
  sub->add_option("--siret", listing->siret, "IdColl");
  sub->add_option("--cod-col", listing->cod_col, "CodCol");
  sub->add_option("--cod-bud", listing->cod_bud, "CodBud");
  sub->add_option("--restit", listing->typ_restit, "01 rejets, 02 périodique, 03 stock");
  add_piece_options(*sub, listing->of);
  sub->add_option("--limit", listing->limit, "Au plus / at most (50; 0: tous / all)");
  const auto shown = command<std::string>(returns, "show", "Un retour / one return", sub, returns_show);
  sub->add_option("ID", *shown)->required();
  const auto lines =
      command<LineOptions>(returns, "lines", "Jusqu'à la ligne / to the line", sub, returns_lines);
  sub->add_option("ID", lines->id)->required();
  add_piece_options(*sub, lines->of);
  sub->add_option("--tiers", lines->ref_tiers, "RefTiers");
  sub->add_option("--limit", lines->limit, "Pièces au plus / at most (50; 0: toutes / all)");
  const auto acquitted = command<Ids>(returns, "acquit", "Acquitter auprès d'Hélios / acknowledge to Hélios",
                                      sub, returns_acquit);
  sub->add_option("ID", *acquitted)->required();
}

void CommandTree::add_sirets(CLI::App& siret) {
  CLI::App* sub = nullptr;
  const auto listed = command<SiretOptions>(siret, "list", "Lister / list", sub, siret_list);
  sub->alias("ls");
  sub->add_option("SIREN", listed->siren, "D'une collectivité / of an authority");
  sub->add_flag("--blocked", listed->blocked, "Bloqués / blocked ones");
  sub->add_option("--limit", listed->limit, "Au plus / at most (tous / all)");
  simple(siret, "unassigned", "Retours sans propriétaire / returns without owner", siret_unassigned);
  auto decided =
      command<BlockOptions>(siret, "block", "Retenir ses retours / keep its returns apart", sub, siret_block);
  sub->add_option("SIRET", decided->siret)->required();
  sub->add_option("--reason", decided->reason, "Motif / reason")->required();
  decided = command<BlockOptions>(siret, "unblock", "Laisser passer / let through again", sub, siret_unblock);
  sub->add_option("SIRET", decided->siret)->required();
  sub->add_option("--reason", decided->reason, "Motif / reason")->required();
}

void CommandTree::add_return_settings(CLI::App& authority) {
  CLI::App* sub = nullptr;
  const auto options = command<AcquitOptions>(
      authority, "returns", "Acquits de ses retours / acquits of its returns", sub, authority_returns);
  sub->add_option("SIREN", options->siren)->required();
  sub->add_option("--acquit", options->mode, "never, on_read, on_receipt (sinon : montrer / else: show)");
}

void CommandTree::add_returns() {
  using Fetched = std::pair<std::string, std::filesystem::path>;
  CLI::App* sub = nullptr;
  CLI::App& returns = group("returns", "Ce que l'État a envoyé / what the State sent");
  add_return_reading(returns);
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
  const auto listed = command<OrphanOptions>(orphans, "list", "Lister / list", sub, orphans_list);
  sub->alias("ls");
  sub->add_option("--rule", listed->rule, "siret_unknown, siret_blocked…");
  sub->add_option("--siret", listed->siret, "IdColl");
  sub->add_option("--limit", listed->limit, "Au plus / at most");
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
