#include "gateway/actes_watch.hpp"

#include "gateway/actes/deadlines.hpp"
#include "gateway/steering_watch.hpp"

namespace demat {
namespace {

constexpr OverdueAlarms alarms{
    {{"acte_ar", "overdue.acte_ar"}, {"acte_silence", "overdue.acte_silence"}, {"letter", "overdue.letter"}}};
/// Of each kind in one transaction; the rest comes with the next turn.
constexpr std::size_t most_told = 500;

store::ActeLimits limits_now(const ActesSources& sources) {
  return actes_road::acte_limits(sources.current.get()->settings.deadlines, sources.clock.now());
}

}  // namespace

Status watch_actes(const ActesSources& sources) {
  const auto limits = limits_now(sources);
  const auto passed = sources.store.actes().tell_deadlines(limits, most_told);
  if (!passed) return failure(passed.error());
  const auto counts = sources.store.actes().overdue(limits);
  if (!counts) return failure(counts.error());
  tell_overdue(sources.recorder, alarms, *counts);
  return {};
}

Status refresh_classifications(const ActesSources& sources, actes_road::ActesIntake& intake,
                               const std::stop_token& stop) {
  const auto all = sources.store.actes().all_settings();
  if (!all) return failure(all.error());
  for (const auto& settings : *all) {
    if (stop.stop_requested()) return {};
    if (const auto asked = intake.refresh_classification(settings); !asked)
      sources.recorder.log().warning(
          "actes.classification_request_failed",
          {{"authority", settings.authority.str()}, {"because", asked.error().code}});
  }
  return {};
}

std::vector<observe::Sample> actes_samples(const ActesSources& sources) {
  std::vector<observe::Sample> out;
  const auto loads = sources.store.actes().loads();
  if (!loads) return out;
  const auto now = sources.clock.now();
  for (const auto& load : *loads) {
    const std::vector<std::pair<std::string, std::string>> labels{{"message", load.message},
                                                                  {"state", load.state}};
    const double age = std::chrono::duration<double>(now - load.oldest).count();
    if (load.what == "acte") {
      out.push_back({"demat_actes", "Messages of ACTES without a verdict, by state of their flow", labels,
                     static_cast<double>(load.count)});
      out.push_back({"demat_oldest_acte_seconds", "Age of the oldest of them", labels, age});
    } else {
      out.push_back({"demat_letters", "Letters of the préfecture that have no answer", labels,
                     static_cast<double>(load.count)});
      out.push_back({"demat_oldest_letter_seconds", "Age of the oldest of them", labels, age});
    }
  }
  const auto counts = sources.store.actes().overdue(limits_now(sources));
  if (counts) add_overdue_samples(*counts, out);
  return out;
}

}  // namespace demat
