#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/config/settings.hpp"
#include "tests/support/rig/process.hpp"

namespace demat::rig {

/// One line of the simulated préfecture's ledger; which fields are set depends on `kind`.
struct PrefectureRecord {
  std::string kind;
  std::string name;
  std::string sha256;
  std::string style;
  std::string stage;
  std::string client;
  std::string agent;
  std::string code;
  std::string file;  ///< of a deposit, below received/
  std::uint64_t size = 0;
  std::uint64_t body = 0;  ///< bytes of the request's body that came
  bool authorisation = false;
};

/// The simulated préfecture (tools/sim/prefecture) with its Dovecot, as a child process. Throws
/// std::runtime_error, with its own output, when it does not come up.
class PrefectureSim {
 public:
  explicit PrefectureSim(std::vector<std::string> arguments = {});
  ~PrefectureSim();
  PrefectureSim(const PrefectureSim&) = delete;
  PrefectureSim& operator=(const PrefectureSim&) = delete;

  /// Replaces the faults (tools/sim/prefecture/faults.py); {} ends them.
  void misbehave(const std::map<std::string, std::string>& faults) const;
  /// Runs prefecture_ctl.py; throws when the simulator says no.
  void ask(std::vector<std::string> words) const;
  /// Delivers a mail as it is.
  void deliver(const std::string& mail) const;

  [[nodiscard]] std::vector<PrefectureRecord> ledger() const;
  [[nodiscard]] std::vector<PrefectureRecord> records(const std::string& kind) const;
  /// The greatest number of body bytes that any request brought.
  [[nodiscard]] std::uint64_t most_body() const;
  [[nodiscard]] std::string bytes(const PrefectureRecord& deposit) const;

  /// A file of its PKI: "client.pem", "elsewhere.pem", …
  [[nodiscard]] std::filesystem::path pki(const std::string& name) const { return folder() / "pki" / name; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  /// The pin of the certificate that the server shows.
  [[nodiscard]] const std::string& pin() const { return pin_; }
  /// Ready to use, with short timeouts.
  [[nodiscard]] const config::Destination& destination() const { return destination_; }

 private:
  void read_facts();

  TempFolder folder_;
  std::string pin_;
  config::Destination destination_;
  Child child_;
};

/// Empty when the simulator can run here, else what is missing (for GTEST_SKIP).
[[nodiscard]] std::string missing_for_prefecture();

}  // namespace demat::rig
