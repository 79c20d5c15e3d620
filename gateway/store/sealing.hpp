#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/store/journal.hpp"

namespace demat::store {

/// Keeps secrets of rows from whoever has the database only: keys are derived from journal.key, which lies
/// beside it with mode 0600. Thread-safe.
class Sealing {
 public:
  explicit Sealing(const JournalKey& key);

  /// AES-256-GCM under a fresh nonce.
  [[nodiscard]] std::string seal(std::string_view secret) const;
  /// Empty when it was altered, or sealed under another key.
  [[nodiscard]] std::optional<std::string> open(std::string_view sealed) const;

  /// A number as 32 hexadecimal digits that say nothing about it to others; always the same ones.
  [[nodiscard]] std::string hide(std::uint64_t number) const;
  [[nodiscard]] std::optional<std::uint64_t> reveal(std::string_view digits) const;

 private:
  std::string secret_key_;
  std::string number_key_;
};

}  // namespace demat::store
