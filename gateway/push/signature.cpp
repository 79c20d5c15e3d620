#include "gateway/push/signature.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "gateway/base/random.hpp"
#include "protocols/base/digest.hpp"

namespace demat::push {

std::string make_secret() {
  std::array<std::uint8_t, 32> bytes{};
  random_bytes(bytes);
  return "whsec_" + hex(bytes);
}

std::string signature_of(std::string_view secret, std::int64_t unix_seconds, std::string_view body) {
  const auto time = std::to_string(unix_seconds);
  const auto text = time + "." + std::string(body);
  std::array<unsigned char, 32> mac{};
  std::size_t size = 0;
  const auto* done = EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, secret.data(), secret.size(),
                               as_bytes(text).data(), text.size(), mac.data(), mac.size(), &size);
  if (done == nullptr || size != mac.size()) throw std::runtime_error("HMAC-SHA256 is not available");
  return "t=" + time + ",v1=" + hex(mac);
}

}  // namespace demat::push
