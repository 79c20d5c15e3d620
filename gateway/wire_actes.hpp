#pragma once

#include <functional>
#include <memory>

#include "gateway/actes/classifications.hpp"
#include "gateway/actes/intake.hpp"
#include "gateway/actes/papers.hpp"
#include "gateway/actes_watch.hpp"
#include "gateway/generation.hpp"
#include "gateway/periodic.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/pipeline/road.hpp"

namespace demat::wiring {

/// The watch over deadlines and classifications as tasks, and its gauges. All references outlive both.
void add_actes_watch(Periodic& periodic, observe::Metrics& metrics, const ActesSources& sources,
                     actes_road::ActesIntake& intake);

/// What serves ACTES in a gateway. References outlive it. Thread-safe.
class ActesParts {
 public:
  ActesParts(store::Store& store, const Clock& clock, pipeline::Recorder& recorder,
             const CurrentGeneration& current, std::function<void()> wake);

  /// The roads beside PES, with the antivirus of this generation.
  [[nodiscard]] pipeline::Roads roads(const Generation& generation);

  [[nodiscard]] actes_road::ActesIntake& intake() { return intake_; }
  [[nodiscard]] actes_road::Classifications& classifications() { return classifications_; }
  [[nodiscard]] actes_road::ActesPapers& papers() { return papers_; }

 private:
  /// Where the acts of an authority go, as far as its route and the configuration tell.
  [[nodiscard]] std::optional<config::Prefecture> prefecture_of(const AuthorityId& authority) const;
  [[nodiscard]] Result<Bytes> stamp(const std::string& name, std::string_view bytes) const;

  store::Store& store_;
  const Clock& clock_;
  pipeline::Recorder& recorder_;
  const CurrentGeneration& current_;
  std::function<void()> wake_;
  actes_road::Classifications classifications_;
  actes_road::ActesIntake intake_;
  actes_road::ActesPapers papers_;
};

}  // namespace demat::wiring
