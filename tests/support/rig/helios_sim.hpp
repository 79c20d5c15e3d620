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

/// One line of the simulator's ledger.
struct LedgerRecord {
  std::string kind;  ///< "deposit", "answer", "fetched", "cut"
  std::string name;
  std::string nomfic;
  std::string sha256;
  std::string scenario;
  std::string file;  ///< of a deposit, below received/
  std::uint64_t size = 0;
  bool wellformed = false;
  std::map<std::string, std::string> parameters;  ///< P_DEST, P_APPLI, P_MSG (and sha1 for SFTP)
};

struct SimOptions {
  config::LinkMode mode = config::LinkMode::passtrans_sftp;
  std::vector<std::string> arguments;  ///< further ones, e.g. {"--scenario", "mixed", "--keep-deposits"}
  std::filesystem::path folder;        ///< empty: a temporary one
  std::uint16_t port = 0;              ///< 0: a free one
};

/// The simulated Hélios (tools/sim/helios) as a child process. Throws std::runtime_error, with the
/// simulator's own output, when it does not come up.
class HeliosSim {
 public:
  explicit HeliosSim(SimOptions options);

  /// SIGTERM, and waits; the folder, the ledger and the port stay.
  void stop();
  /// Again on the same port and folder.
  void start();

  /// Switches faults on (tools/sim/helios/faults.py lists them); replaces those set before. {} ends
  /// them.
  void misbehave(const std::map<std::string, std::string>& faults) const;

  [[nodiscard]] std::vector<LedgerRecord> ledger() const;
  [[nodiscard]] std::vector<LedgerRecord> records(const std::string& kind) const;
  [[nodiscard]] std::vector<LedgerRecord> deposits() const { return records("deposit"); }
  /// True once there are at least `count` deposits.
  [[nodiscard]] bool wait_for_deposits(std::size_t count,
                                       std::chrono::milliseconds limit = std::chrono::seconds(10)) const;
  /// The bytes of a deposit as they arrived.
  [[nodiscard]] std::string bytes(const LedgerRecord& deposit) const;
  /// The FTP commands seen so far, one per line.
  [[nodiscard]] std::string trace() const;

  /// Where clients deposit and fetch, as folders of this machine.
  [[nodiscard]] std::filesystem::path entree() const { return folder_ / "home" / "entree"; }
  [[nodiscard]] std::filesystem::path sortie() const { return folder_ / "home" / "sortie"; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::uint16_t port() const { return destination_.port; }
  [[nodiscard]] std::filesystem::path ledger_path() const { return folder_ / "ledger.jsonl"; }

  /// Ready to use: host, port, user, credentials, known_hosts or ca, directories, short timeouts.
  [[nodiscard]] const config::Destination& destination() const { return destination_; }

 private:
  void read_facts();

  SimOptions options_;
  std::unique_ptr<TempFolder> own_folder_;
  std::filesystem::path folder_;
  config::Destination destination_;
  Child child_;
};

[[nodiscard]] inline HeliosSim start_sftp_sim(std::vector<std::string> arguments = {}) {
  return HeliosSim({config::LinkMode::passtrans_sftp, std::move(arguments), {}, 0});
}
/// `mode`: one of the FTP ones.
[[nodiscard]] inline HeliosSim start_ftp_sim(config::LinkMode mode, std::vector<std::string> arguments = {}) {
  return HeliosSim({mode, std::move(arguments), {}, 0});
}

/// Empty when the simulator's server for `mode` can run here, else what is missing (for GTEST_SKIP).
[[nodiscard]] std::string missing_for(config::LinkMode mode);

}  // namespace demat::rig
