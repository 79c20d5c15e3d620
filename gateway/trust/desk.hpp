#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/config/settings.hpp"
#include "protocols/base/result.hpp"
#include "protocols/trust/flow_report.hpp"

namespace demat::trust_desk {

/// What a destination asks of signers.
struct Demand {
  std::optional<trust::TrustProfile> profile;  ///< none: signatures alone are checked
  bool doubt_waits = true;                     ///< an indeterminate signer: the flow waits; else it is warned
};

/// What came of asking the folders again.
struct Refreshed {
  std::vector<std::string> changed;                   ///< profiles that were loaded anew
  std::vector<std::pair<std::string, Error>> broken;  ///< that cannot be; the former contents stay in force
};

/// The trust profiles in force, and which destination asks for which. Thread-safe.
class TrustDesk {
 public:
  /// Loads every profile. Errors: those of load_profile, for the first that cannot be loaded.
  [[nodiscard]] static Result<std::shared_ptr<TrustDesk>> open(const config::Settings& settings);

  /// What signers of flows to this destination must satisfy; nothing is asked by an unknown one.
  [[nodiscard]] Demand demand_of(const std::string& destination) const;
  [[nodiscard]] std::optional<trust::TrustProfile> find(const std::string& profile) const;
  [[nodiscard]] std::vector<trust::TrustProfile> all() const;

  /// Folders of the profile, of the operator and of what was fetched for it; nothing for an unknown name.
  struct Place {
    config::Trust settings;
    std::filesystem::path fetched;
  };
  [[nodiscard]] std::optional<Place> place_of(const std::string& profile) const;

  /// A certificate that this profile has judged: it says where the lists of its issuer are to be had. The
  /// last `most_seen` of each profile are kept. Cheap.
  void saw(const std::string& profile, const Bytes& certificate_der);
  [[nodiscard]] std::vector<Bytes> seen(const std::string& profile) const;
  static constexpr std::size_t most_seen = 500;

  /// Loads again the profiles whose folder has changed, or could not be loaded the last time.
  [[nodiscard]] Refreshed refresh();

 private:
  struct Entry {
    config::Trust settings;
    std::filesystem::path fetched;
    std::string look;
    bool broken = false;
    trust::TrustProfile profile;
    std::deque<Bytes> seen{};
  };
  struct Choice {
    std::string profile;
    bool doubt_waits = true;
  };

  [[nodiscard]] const Entry* entry_of(const std::string& profile) const;  ///< with mutex_ held

  std::map<std::string, Choice> choices_;  ///< by destination; fixed
  std::mutex refreshing_;
  mutable std::mutex mutex_;  ///< guards entries_
  std::vector<Entry> entries_;
};

/// What is to become of a flow with this report.
struct Decision {
  std::string json;                         ///< the report, to be kept with the flow
  Report findings;                          ///< for the flow's own report; an error refuses it
  std::optional<Error> wait;                ///< `trust.indeterminate`: nothing is certain yet
  std::vector<trust::Evidence> evidence{};  ///< what it rests on, to be kept beside it
};
[[nodiscard]] Decision decide(const trust::FlowReport& report, const Demand& demand);

/// Role of the document that keeps the report.
inline constexpr const char* report_role = "signature_report";
inline constexpr const char* report_name = "signatures.json";
/// Role of the documents that keep revocation lists and OCSP responses; they are named by their SHA-256.
inline constexpr const char* evidence_role = "signature_evidence";

}  // namespace demat::trust_desk
