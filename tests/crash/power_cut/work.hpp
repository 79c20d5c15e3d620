#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/base/clock.hpp"
#include "gateway/store/sqlite_store.hpp"

namespace demat::crash {

/// Payloads above this are blob files, so that small data exercises both roads.
inline constexpr std::size_t inline_payload = 4'096;

[[nodiscard]] inline store::SqliteOptions options_in(const std::filesystem::path& folder) {
  return {.folder = folder, .environment = "test", .inline_payload = inline_payload};
}

/// What was promised to somebody, one line each, in a file that the fault layer sees being written: a line
/// that is there before a power cut must hold after it. Thread-safe.
class Promises {
 public:
  explicit Promises(const std::filesystem::path& file);
  ~Promises();
  Promises(const Promises&) = delete;
  Promises& operator=(const Promises&) = delete;
  void note(const std::string& line);

 private:
  int file_;
};

/// Every durable operation of the store, over and over: deposits of all sizes, verdicts with a signed
/// document, intents, outcomes, returns, settlements. A store that fails is asked again, as a client or a
/// worker would.
class Work {
 public:
  Work(store::Store& store, Promises& promises, std::uint64_t seed)
      : store_(store), promises_(promises), seed_(seed) {}

  /// Deposits file number `index` of client `client`.
  void deposit(unsigned client, unsigned index);
  /// Takes what is due one step further; false when nothing was.
  bool check_one();
  bool send_one();
  bool settle_one();

  /// Errors met, by code; what is not a fault of the disk ends the program.
  [[nodiscard]] std::map<std::string, unsigned> errors() const;

 private:
  struct Body {
    std::string bytes;
    std::string key;
  };
  [[nodiscard]] Body body(unsigned client, unsigned index) const;
  store::StagedPayload staged(const std::string& bytes);
  std::optional<store::Claim> claim(flow::State state);
  void import_answer(const flow::Flow& sent);

  /// Tries until it works; `Made` returns a Result.
  template <class Made>
  auto insist(const char* doing, Made&& make);
  /// The same; nothing when the claim went with the failed commit that was to carry it: a worker drops such a
  /// flow, and it is claimed again.
  template <class Made>
  std::optional<flow::Flow> insist_while_held(const char* doing, Made&& make);
  void met(const char* doing, const Error& error);

  store::Store& store_;
  Promises& promises_;
  std::uint64_t seed_;
  SystemClock clock_;
  mutable std::mutex mutex_;
  std::map<std::string, unsigned> errors_;
};

/// Opens what a power cut left, as the daemon does, and holds it against the promises. Returns the number of
/// broken ones, each told on standard error.
[[nodiscard]] int verify(const std::filesystem::path& folder, const std::filesystem::path& promises);

}  // namespace demat::crash
