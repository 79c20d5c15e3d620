#include "protocols/base/digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace demat {
namespace {

struct ContextFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

struct MethodFree {
  void operator()(EVP_MD* method) const { EVP_MD_free(method); }
};

/// SHA-256 looked up once: EVP_sha256() would be looked up again, under a lock, by every use (OpenSSL 3).
const EVP_MD* fetched_sha256() {
  static const std::unique_ptr<EVP_MD, MethodFree> fetched(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  return fetched ? fetched.get() : EVP_sha256();
}

const EVP_MD* method(Digester::Algorithm algorithm) {
  switch (algorithm) {
    case Digester::Algorithm::sha1:
      return EVP_sha1();
    case Digester::Algorithm::sha256:
      return fetched_sha256();
    case Digester::Algorithm::sha384:
      return EVP_sha384();
    case Digester::Algorithm::sha512:
      return EVP_sha512();
  }
  throw std::invalid_argument("unknown digest algorithm");
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Bytes digest_of(Digester::Algorithm algorithm, std::string_view bytes) {
  Digester digester(algorithm);
  digester.update(bytes);
  return digester.finish();
}

}  // namespace

struct Digester::Impl {
  std::unique_ptr<EVP_MD_CTX, ContextFree> context{EVP_MD_CTX_new()};
};

Digester::Digester(Algorithm algorithm) : impl_(std::make_unique<Impl>()) {
  if (!impl_->context || EVP_DigestInit_ex(impl_->context.get(), method(algorithm), nullptr) != 1)
    throw std::runtime_error("digest initialisation failed");
}
Digester::~Digester() = default;
Digester::Digester(Digester&&) noexcept = default;
Digester& Digester::operator=(Digester&&) noexcept = default;

void Digester::update(std::string_view bytes) {
  if (EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()) != 1)
    throw std::runtime_error("digest update failed");
}

Bytes Digester::finish() {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  if (EVP_DigestFinal_ex(impl_->context.get(), out.data(), &size) != 1)
    throw std::runtime_error("digest end failed");
  out.resize(size);
  return out;
}

Sha256 sha256(std::string_view bytes) {
  return Sha256{hex(digest_of(Digester::Algorithm::sha256, bytes))};
}
Sha1 sha1(std::string_view bytes) {
  return Sha1{hex(digest_of(Digester::Algorithm::sha1, bytes))};
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out.push_back(digits[byte >> 4U]);
    out.push_back(digits[byte & 15U]);
  }
  return out;
}

std::string base64(std::span<const std::uint8_t> bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

Decoded decode_base64(std::string_view text) {
  Decoded out;
  out.bytes.reserve(text.size() / 4 * 3);
  std::uint32_t buffer = 0;
  int bits = 0;
  std::size_t symbols = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = base64_value(c);
    if (value < 0 || padding > 0) return {};
    ++symbols;
    buffer = (buffer << 6U) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.bytes.push_back(static_cast<std::uint8_t>((buffer >> static_cast<unsigned>(bits)) & 0xFFU));
    }
  }
  if (padding > 2 || symbols % 4 == 1) return {};
  out.ok = true;
  return out;
}

}  // namespace demat
