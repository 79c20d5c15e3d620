#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/api/health.hpp"
#include "gateway/api/once.hpp"
#include "gateway/base/clock.hpp"
#include "gateway/config/settings.hpp"
#include "gateway/intake/intake.hpp"
#include "gateway/observe/alarms.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/observe/metrics.hpp"
#include "gateway/store/store.hpp"
#include "gateway/store/uploads.hpp"
#include "protocols/base/finding.hpp"

namespace demat::steering {
class Gate;
}

namespace demat::pipeline {
class AgentSignatures;
struct InspectionContext;
class Orphans;
class ReturnAcquits;
class Verbs;
}  // namespace demat::pipeline

namespace demat::push {
class EventHub;
}

namespace demat::trust_desk {
class TrustDesk;
struct PlaceState;
}  // namespace demat::trust_desk

namespace demat::actes_road {
class ActesIntake;
class ActesPapers;
class Classifications;
}  // namespace demat::actes_road

namespace demat::api {

/// What `POST /v1/check` says about a document.
struct CheckVerdict {
  Report report;
  NomFic nom_fic;           ///< empty when the header could not be read
  bool would_sign = false;  ///< the gateway would sign this flow
  std::string pack{};       ///< "pes 5.30": the schemas it was held against
  std::string signatures;   ///< report about its signatures, as JSON; empty when it arrives without
};

/// A certificate that the gateway works with.
struct CertificateInfo {
  std::string role;  ///< server, signer, trust…
  std::string name;
  Instant not_after{};
};

struct SchemaInfo {
  std::string protocol;
  std::string version;
  std::string title;
  std::vector<std::string> authorities{};  ///< none: all
  std::string from{};                      ///< first day; empty: always
  std::string until{};
};

struct DestinationInfo {
  std::string name;
  std::string mode;  ///< as in the configuration: "passtrans_sftp"
  std::string environment;
};

struct ProbeVerdict {
  Status status;
  std::string transcript;  ///< secrets masked
};

/// What the handlers work with. References and functions must be thread-safe and outlive the routes.
struct Services {
  store::Store& store;
  intake::Intake& intake;
  pipeline::Verbs& verbs;
  observe::Logger& logger;
  observe::Metrics& metrics;
  const Clock& clock;
  std::string environment{};  ///< "test" or "production"
  std::string version{};
  std::size_t max_payload = limits::max_payload;
  /// Every check for this authority, nothing kept; see make_check. An Error is a matter of waiting.
  std::function<Result<CheckVerdict>(const ByteSource&, const AuthorityId&)> check{};
  std::function<std::vector<DestinationInfo>()> destinations{};
  /// Tries a destination; only called with a name of `destinations`.
  std::function<ProbeVerdict(const std::string&)> probe{};
  std::function<bool(const std::string&)> has_signer{};
  /// Whether a signer of `has_signer` may sign for this authority.
  std::function<bool(const std::string&, const AuthorityId&)> signer_serves =
      [](const std::string&, const AuthorityId&) { return true; };
  /// Whether it is meant for flows of this protocol.
  std::function<bool(const std::string&, const std::string& protocol)> signer_takes =
      [](const std::string&, const std::string& protocol) { return protocol == "pes"; };
  std::function<std::vector<SchemaInfo>()> schemas{};
  /// Schemas and rules in force; never null in a gateway.
  std::function<std::shared_ptr<const pipeline::InspectionContext>()> inspection{};
  /// The trust profiles in force; never null in a gateway.
  std::function<std::shared_ptr<trust_desk::TrustDesk>()> trust = [] {
    return std::shared_ptr<trust_desk::TrustDesk>();
  };
  /// Where the lists of profiles come from; empty: nothing is fetched.
  std::function<std::vector<trust_desk::PlaceState>()> list_places{};
  std::function<void()> fetch_lists{};                           ///< asks all of them soon, in the background
  std::function<std::vector<CertificateInfo>()> certificates{};  ///< every certificate in use
  std::function<Health()> health = [] { return Health{}; };
  std::function<std::vector<observe::Alarm>()> alarms = [] {
    return std::vector<observe::Alarm>{};
  };  ///< that stand
  /// The gate in force; null where nothing is sent.
  std::function<std::shared_ptr<steering::Gate>()> gate = [] { return std::shared_ptr<steering::Gate>(); };
  std::function<config::Deadlines()> deadlines = [] { return config::Deadlines{}; };
  std::function<config::Guards()> guards = [] { return config::Guards{}; };
  std::function<config::Retention()> retention = [] { return config::Retention{}; };
  std::function<std::filesystem::path()> backup_folder = [] {
    return std::filesystem::path();
  };                                            ///< empty: none
  pipeline::Orphans* orphans = nullptr;         ///< never null in a gateway
  pipeline::ReturnAcquits* acquits = nullptr;   ///< never null in a gateway
  pipeline::AgentSignatures* agents = nullptr;  ///< never null in a gateway
  push::EventHub* events = nullptr;             ///< never null in a gateway
  actes_road::ActesIntake* actes = nullptr;     ///< the three never null in a gateway
  actes_road::Classifications* classifications = nullptr;
  actes_road::ActesPapers* papers = nullptr;
  std::function<config::Push()> push = [] { return config::Push{}; };
  std::function<void()> wake_push = [] {};  ///< there is something to deliver again
  std::shared_ptr<OnceDesk> once = std::make_shared<OnceDesk>();
};

}  // namespace demat::api
