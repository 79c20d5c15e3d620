#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/identifiers.hpp"

namespace demat {

using Bytes = std::vector<std::uint8_t>;

/// An incremental message digest (OpenSSL EVP). Not thread-safe; movable. `finish` may be called once.
class Digester {
 public:
  enum class Algorithm { sha1, sha256, sha384, sha512 };

  explicit Digester(Algorithm algorithm);
  ~Digester();
  Digester(Digester&&) noexcept;
  Digester& operator=(Digester&&) noexcept;

  void update(std::string_view bytes);
  [[nodiscard]] Bytes finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

[[nodiscard]] Sha256 sha256(std::string_view bytes);
[[nodiscard]] Sha1 sha1(std::string_view bytes);
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string base64(std::span<const std::uint8_t> bytes);

/// White space is skipped and missing '=' padding accepted (helios 5.3); anything else gives an empty result
/// with `ok` false.
struct Decoded {
  Bytes bytes;
  bool ok = false;
};
[[nodiscard]] Decoded decode_base64(std::string_view text);

[[nodiscard]] inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace demat
