#pragma once

#include <memory>
#include <string>

#include "gateway/config/settings.hpp"
#include "gateway/health.hpp"
#include "gateway/pipeline/dependencies.hpp"
#include "gateway/pipeline/verbs.hpp"
#include "gateway/signing/key_ring.hpp"
#include "gateway/signing/token_signer.hpp"
#include "gateway/steering_watch.hpp"
#include "gateway/store/sqlite_store.hpp"

/// How settings become parts; one file per subsystem (wire_*.cpp). The daemon puts the parts together.
namespace demat::wiring {

[[nodiscard]] store::SqliteOptions store_options(const config::Settings& settings);

/// The signature policies that are known: those of Hélios, with the rows of the configuration in or after
/// them.
[[nodiscard]] std::vector<xades::Policy> signature_policies(const config::Settings& settings);
/// The one with that name or OID; empty: Hélios' in force. Errors: `signing.policy_unknown`.
[[nodiscard]] Result<xades::Policy> signature_policy(const config::Settings& settings,
                                                     const std::string& wanted);

/// Loads every [[signer]]; the first bad one is an error, so that a wrong key is seen at start. A token that
/// is not there is none: its flows wait, and watch_signers tells.
[[nodiscard]] Result<signing::KeyRing> load_keys(const config::Settings& settings, signing::Tokens& tokens);

/// The schema pack in force for the PES road, and the trust profiles. `budget`: the memory to share with an
/// earlier context, or null. Errors: `pack.*`, `trust.*`.
[[nodiscard]] Result<std::shared_ptr<const pipeline::InspectionContext>> load_inspection(
    const config::Settings& settings, std::shared_ptr<pipeline::WorkBudget> budget = nullptr);

/// The antivirus client, or nothing when none is configured.
[[nodiscard]] pipeline::Scanner make_scanner(const config::Settings& settings, pipeline::Recorder& recorder);

/// "info" and the like, as in the configuration.
[[nodiscard]] observe::Level level_of(const std::string& name);

/// The log as configured. Throws when its file cannot be opened.
[[nodiscard]] std::unique_ptr<observe::Logger> make_logger(const config::Settings& settings);

/// Queue lengths and ages, asked at each scrape.
void add_gauges(observe::Metrics& metrics, store::Store& store, const Clock& clock);

/// What health knows, as gauges; and the tasks that keep it true. References outlive both.
void add_health_gauges(observe::Metrics& metrics, const HealthSources& sources);
void add_watch_tasks(Periodic& periodic, const HealthSources& sources);

/// Looks at the folders of the trust profiles and at what they hold, and raises the alarms for it.
/// When a profile has changed, flows that wait for certainty about their signer are tried at once.
void add_trust_watch(Periodic& periodic, const HealthSources& sources, pipeline::Verbs& verbs);

/// The watch over pauses and deadlines as a task, and its gauges. `sources` outlive both.
void add_steering(Periodic& periodic, observe::Metrics& metrics, const SteeringSources& sources);

/// Loads keys and schema packs without starting anything (`dematd check-config`).
[[nodiscard]] Status try_parts(const config::Settings& settings);

}  // namespace demat::wiring
