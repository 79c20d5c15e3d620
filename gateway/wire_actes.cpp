#include "gateway/wire_actes.hpp"

#include <algorithm>

#include "gateway/actes/road.hpp"
#include "gateway/timestamping/stamp.hpp"
#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

/// What leaves must be valid for (schemas/actes). Null: it is not installed, and says so when it is wanted.
std::shared_ptr<const xml::SchemaPack> load_pack(const config::Settings& settings,
                                                 pipeline::Recorder& recorder) {
  const auto chosen = settings.schema_versions.find("actes");
  const std::string version = chosen == settings.schema_versions.end() ? "2.2" : chosen->second;
  auto pack = xml::SchemaPack::load(settings.schema_folder / "actes" / version);
  if (pack) return std::move(*pack);
  recorder.log().warning("actes.schema_missing", {{"because", pack.error().code}});
  return nullptr;
}

}  // namespace

void add_actes_watch(Periodic& periodic, observe::Metrics& metrics, const ActesSources& sources,
                     actes_road::ActesIntake& intake) {
  using std::chrono::minutes;
  metrics.add_collector([&sources] { return actes_samples(sources); });
  periodic.add(
      {"deadlines", minutes(1), [&sources](const std::stop_token&) { return watch_actes(sources); }});
  periodic.add({"classifications", minutes(10),
                [&sources, &intake](const std::stop_token& stop) {
                  return refresh_classifications(sources, intake, stop);
                },
                minutes(1)});
}

ActesParts::ActesParts(store::Store& store, const Clock& clock, pipeline::Recorder& recorder,
                       const CurrentGeneration& current, std::function<void()> wake)
    : store_(store),
      clock_(clock),
      recorder_(recorder),
      current_(current),
      wake_(std::move(wake)),
      classifications_(store.actes()),
      intake_(store, classifications_, clock, wake_,
              {load_pack(current.get()->settings, recorder),
               [this](const AuthorityId& authority) { return prefecture_of(authority); }}),
      papers_(store, classifications_, clock, current.get()->settings.environment,
              current.get()->settings.operator_name) {}

std::optional<config::Prefecture> ActesParts::prefecture_of(const AuthorityId& authority) const {
  const auto route = store_.find_route(authority, std::string(flow::actes_protocol));
  if (!route || !*route) return std::nullopt;
  const auto now = current_.get();
  for (const auto& destination : now->settings.destinations)
    if (destination.name == (*route)->destination.str() && destination.mode == config::LinkMode::prefecture)
      return destination.prefecture;
  return std::nullopt;
}

/// An authority that fails is an alarm until it stamps again; flows wait for it.
Result<Bytes> ActesParts::stamp(const std::string& name, std::string_view bytes) const {
  const auto now = current_.get();
  const auto& all = now->settings.timestamps;
  const auto authority = std::ranges::find(all, name, &config::TimestampAuthority::name);
  // Keys and authorities are of one configuration, but a reload may have come in between.
  if (authority == all.end())
    return failure(waiting_error("timestamp.unset",
                                 "Le service d'horodatage prévu n'est plus réglé : le flux attend.",
                                 "The time stamping authority is not set any more: the flow waits.", name));
  auto token = timestamping::stamp(*authority, *now->inspection->trust, bytes, clock_.now());
  if (token)
    recorder_.resolved("timestamp.failing", name);
  else
    recorder_.alarm("timestamp.failing", name, token.error().code + ": " + token.error().detail);
  return token;
}

pipeline::Roads ActesParts::roads(const Generation& generation) {
  auto road = std::make_shared<actes_road::ActesRoad>(actes_road::RoadDependencies{
      store_, clock_, recorder_,
      [this] {
        auto now = current_.get();
        return std::shared_ptr<const config::Settings>(now, &now->settings);
      },
      make_scanner(generation.settings, recorder_), classifications_, intake_, wake_,
      generation.inspection->trust,
      [this] {
        auto now = current_.get();
        return std::shared_ptr<const signing::KeyRing>(now, &now->keys);
      },
      [this](const std::string& authority, std::string_view bytes) { return stamp(authority, bytes); },
      generation.inspection->pack});
  return {{std::string(flow::actes_protocol), std::move(road)}};
}

}  // namespace demat::wiring
