#include "gateway/base/random.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "protocols/base/digest.hpp"

namespace demat {

void random_bytes(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1)
    throw std::runtime_error("the secure random generator failed");
}

std::string make_uuid_v7(Instant now) {
  std::array<std::uint8_t, 16> bytes{};
  random_bytes(bytes);
  const auto millis = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  for (std::size_t i = 0; i < 6; ++i)
    bytes[i] = static_cast<std::uint8_t>((millis >> (8U * (5U - i))) & 0xFFU);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x70U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  std::string text = hex(bytes);
  for (const std::size_t at : {20U, 16U, 12U, 8U})
    text.insert(at, 1, '-');
  return text;
}

double random_fraction() {
  std::array<std::uint8_t, 4> bytes{};
  random_bytes(bytes);
  const std::uint32_t value = (std::uint32_t{bytes[0]} << 24U) | (std::uint32_t{bytes[1]} << 16U) |
                              (std::uint32_t{bytes[2]} << 8U) | std::uint32_t{bytes[3]};
  return static_cast<double>(value) / 4294967296.0;
}

}  // namespace demat
