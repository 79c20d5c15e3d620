#include <map>

#include "gateway/transport/clamd.hpp"
#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

Error no_version() {
  return permanent_error("pack.no_version",
                         "Aucune version de schéma n'est choisie pour le protocole « pes ».",
                         "No schema version is chosen for the protocol \"pes\".", "[schemas] pes");
}

/// The packs of [[pack]]; null without any.
Result<std::shared_ptr<const pipeline::PackPolicy>> load_packs(const config::Settings& settings,
                                                               pipeline::PackPtr usual) {
  if (settings.packs.empty()) return nullptr;
  std::map<std::string, pipeline::PackPtr> loaded{{usual->info().version, usual}};
  std::vector<pipeline::PackPolicy::Row> rows;
  for (const auto& row : settings.packs) {
    auto& pack = loaded[row.name];
    if (!pack) {
      auto read = xml::SchemaPack::load(settings.schema_folder / "pes" / row.name);
      if (!read) return failure(std::move(read.error()));
      pack = std::move(*read);
    }
    rows.push_back({row, pack});
  }
  return std::make_shared<const pipeline::PackPolicy>(std::move(usual), std::move(rows));
}

}  // namespace

Result<std::shared_ptr<const pipeline::InspectionContext>> load_inspection(
    const config::Settings& settings, std::shared_ptr<pipeline::WorkBudget> budget) {
  const auto version = settings.schema_versions.find("pes");
  if (version == settings.schema_versions.end()) return failure(no_version());
  auto pack = xml::SchemaPack::load(settings.schema_folder / "pes" / version->second);
  if (!pack) return failure(pack.error());
  auto context = std::make_shared<pipeline::InspectionContext>();
  context->pack = std::move(*pack);
  auto packs = load_packs(settings, context->pack);
  if (!packs) return failure(packs.error());
  context->packs = std::move(*packs);
  context->encodings.insert(settings.checks.encodings.begin(), settings.checks.encodings.end());
  context->second_opinion = settings.checks.second_opinion;
  context->policies = signature_policies(settings);
  auto rules = pipeline::RulePolicy::from(settings.rules);
  if (!rules) return failure(rules.error());
  context->rules = std::move(*rules);
  auto desk = trust_desk::TrustDesk::open(settings);
  if (!desk) return failure(desk.error());
  context->trust = std::move(*desk);
  context->budget =
      budget ? std::move(budget) : std::make_shared<pipeline::WorkBudget>(pipeline::shared_tree_memory);
  return std::shared_ptr<const pipeline::InspectionContext>(std::move(context));
}

pipeline::Scanner make_scanner(const config::Settings& settings, pipeline::Recorder& recorder) {
  if (!settings.antivirus.enabled) return {};
  return [antivirus = settings.antivirus, &recorder](const ByteSource& bytes) -> Result<std::string> {
    auto verdict = transport::scan(antivirus, bytes);
    const auto now = SystemClock().now();
    if (!verdict) {
      recorder.vitals().ill("antivirus", verdict.error().code, now);
      return failure(verdict.error());
    }
    recorder.vitals().well("antivirus", now);
    return verdict->infected ? std::move(verdict->name) : std::string();
  };
}

}  // namespace demat::wiring
