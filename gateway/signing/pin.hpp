#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <span>

#include "gateway/signing/key_file.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"

namespace demat::signing {

/// A PIN for the moment it is needed: locked in memory and overwritten afterwards (signature RS3). Neither
/// copied nor moved.
class Pin {
 public:
  Pin();
  ~Pin();
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;

  /// Reads the first line of the file. Errors: `signing.key.unreadable` (also when it is empty),
  /// `signing.key.permissions`.
  [[nodiscard]] Status read(const std::filesystem::path& file, Content content);
  [[nodiscard]] std::span<unsigned char> bytes() { return {memory_.data(), size_}; }
  /// To know it again without keeping it.
  [[nodiscard]] Bytes digest() const;

 private:
  std::array<unsigned char, 256> memory_{};
  std::size_t size_ = 0;
};

}  // namespace demat::signing
