#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_check.hpp"

namespace demat::ctl {
namespace {

CLI::Option* add_language(CLI::App& command, std::string& language) {
  return command.add_option("--lang", language, "Langue du texte / language of the text")
      ->check(CLI::IsMember({"fr", "en", "both"}));
}

}  // namespace

void CommandTree::add_checks() {
  CLI::App* sub = nullptr;
  const auto checked =
      command<CheckOptions>(app_, "check", "Contrôler sans déposer / check without depositing", sub, check);
  sub->add_option("FILE", checked->files)->required();
  sub->add_option("--html", checked->report.html,
                  "Une page au lieu du texte : fichier, ou dossier pour plusieurs / a page instead of text");
  add_language(*sub, checked->report.language);
  auto* offline = sub->add_flag("--offline", checked->without.offline,
                                "Sans passerelle : schémas et règles / without a gateway: schemas and rules");
  sub->add_option("--schemas", checked->without.schemas, "Dossier des schémas / folder of schema packs")
      ->needs(offline);
  sub->add_option("--pack", checked->without.version, "Version des schémas / of the schemas: 5.30")
      ->needs(offline);
  sub->add_flag("--to-be-signed", checked->without.to_be_signed, "Sera signé ensuite / will be signed later")
      ->needs(offline);
  using Asked = std::pair<std::string, ReportOptions>;
  const auto asked =
      command<Asked>(app_, "report", "Remarques et anomalies / findings and anomalies", sub,
                     [](Session& session, const Asked& a) { return report(session, a.first, a.second); });
  sub->add_option("ID", asked->first)->required();
  sub->add_option("--html", asked->second.html, "Une page au lieu du texte / a page instead of text");
  add_language(*sub, asked->second.language);
  CLI::App& rules = group("rules", "Règles de contrôle / rules of the checks");
  auto options = command<RulesOptions>(rules, "ls", "Lister / list", sub, rules_list);
  sub->add_option("--level", options->level, "Ce qui est rejeté / what is turned down")
      ->check(CLI::IsMember({"flux", "bordereau", "piece", "pj", "facture", "marche"}));
  sub->add_option("--domain", options->domain,
                  "depense, recette, tiers, banque, adresse, pj, facture, marche, commun");
  sub->add_flag("--offline", options->offline, "Sans passerelle / without a gateway");
  add_language(*sub, options->language);
  options =
      command<RulesOptions>(rules, "explain", "Tout sur une règle / all about a rule", sub, rules_explain);
  sub->add_option("RULE", options->name, "Nom ou code / name or code: P16, pes.p16")->required();
  sub->add_flag("--offline", options->offline, "Sans passerelle / without a gateway");
  add_language(*sub, options->language);
}

}  // namespace demat::ctl
