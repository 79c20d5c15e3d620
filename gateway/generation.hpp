#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/config/config.hpp"
#include "gateway/config/settings.hpp"
#include "gateway/pipeline/inspection.hpp"
#include "gateway/signing/key_ring.hpp"
#include "gateway/signing/token_signer.hpp"

namespace demat {

/// Where the configuration comes from, to read it again.
struct ConfigSource {
  std::filesystem::path file;
  config::Environment environment;
};

/// One reading of the configuration and what was made of it. Immutable; a reload makes a new one, and who
/// still works with the old one keeps it alive.
struct Generation {
  std::uint64_t number = 1;
  Instant loaded_at{};
  std::string sha256;  ///< of the file's bytes, in hexadecimal
  config::Settings settings;
  std::shared_ptr<signing::Tokens> tokens;  ///< the same for all generations of a process
  signing::KeyRing keys;
  std::shared_ptr<const pipeline::InspectionContext> inspection;
};
using GenerationPtr = std::shared_ptr<const Generation>;

/// The generation in force. Thread-safe.
class CurrentGeneration {
 public:
  [[nodiscard]] GenerationPtr get() const {
    const std::lock_guard lock(mutex_);
    return generation_;
  }
  void set(GenerationPtr generation) {
    const std::lock_guard lock(mutex_);
    generation_ = std::move(generation);
  }

 private:
  mutable std::mutex mutex_;
  GenerationPtr generation_;
};

/// The SHA-256 of the configuration file; empty when it cannot be read.
[[nodiscard]] std::string fingerprint_of(const std::filesystem::path& file);

/// Loads keys and packs for these settings. With `previous`, the new one counts on and shares its memory
/// budget, so that two generations at work never take twice the memory. Errors: `signing.*`, `pack.*`,
/// `trust.*`.
[[nodiscard]] Result<GenerationPtr> make_generation(const config::Settings& settings,
                                                    const std::string& sha256, Instant now,
                                                    const GenerationPtr& previous = nullptr);

/// Puts back to their running values the keys that only a restart can change; gives the names of those that
/// the file would have changed.
[[nodiscard]] std::vector<std::string> keep_until_restart(const config::Settings& running,
                                                          config::Settings& fresh);

}  // namespace demat
