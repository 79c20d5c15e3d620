#include "gateway/store/sealing.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "gateway/base/random.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t block_size = 16;

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

void must(int result) {
  if (result != 1) throw std::runtime_error("AES is not available");
}

const unsigned char* bytes_of(std::string_view text) {
  return as_bytes(text).data();
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

Context start(const EVP_CIPHER* cipher, const std::string& key, std::string_view nonce, bool encrypt) {
  Context context(EVP_CIPHER_CTX_new());
  if (!context) throw std::bad_alloc();
  must(EVP_CipherInit_ex(context.get(), cipher, nullptr, bytes_of(std::string_view(key)),
                         nonce.empty() ? nullptr : bytes_of(nonce), encrypt ? 1 : 0));
  return context;
}

std::string one_block(const std::string& key, std::string_view block, bool encrypt) {
  const auto context = start(EVP_aes_256_ecb(), key, {}, encrypt);
  must(EVP_CIPHER_CTX_set_padding(context.get(), 0));
  std::string out(2 * block_size, '\0');
  int size = 0;
  must(
      EVP_CipherUpdate(context.get(), bytes_of(out), &size, bytes_of(block), static_cast<int>(block.size())));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() != 2 * block_size) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    for (const char c : digits.substr(i, 2)) {
      if (c >= '0' && c <= '9')
        value = value * 16 + static_cast<unsigned>(c - '0');
      else if (c >= 'a' && c <= 'f')
        value = value * 16 + static_cast<unsigned>(c - 'a' + 10);
      else
        return std::nullopt;
    }
    out.push_back(static_cast<char>(value));
  }
  return out;
}

}  // namespace

Sealing::Sealing(const JournalKey& key)
    : secret_key_(key.mac("dematd webhook secrets")), number_key_(key.mac("dematd event cursors")) {}

std::string Sealing::seal(std::string_view secret) const {
  std::array<std::uint8_t, nonce_size> nonce{};
  random_bytes(nonce);
  const auto context = start(EVP_aes_256_gcm(), secret_key_, as_text(nonce), true);
  std::string text(secret.size(), '\0');
  int size = 0;
  must(EVP_EncryptUpdate(context.get(), bytes_of(text), &size, bytes_of(secret),
                         static_cast<int>(secret.size())));
  std::string tag(tag_size, '\0');
  must(EVP_EncryptFinal_ex(context.get(), bytes_of(tag), &size));
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_size), tag.data()));
  return std::string(as_text(nonce)) + tag + text;
}

std::optional<std::string> Sealing::open(std::string_view sealed) const {
  if (sealed.size() < nonce_size + tag_size) return std::nullopt;
  std::string tag(sealed.substr(nonce_size, tag_size));
  const auto text = sealed.substr(nonce_size + tag_size);
  const auto context = start(EVP_aes_256_gcm(), secret_key_, sealed.substr(0, nonce_size), false);
  std::string out(text.size() + block_size, '\0');
  int size = 0;
  must(EVP_DecryptUpdate(context.get(), bytes_of(out), &size, bytes_of(text), static_cast<int>(text.size())));
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_size), tag.data()));
  int rest = 0;
  if (EVP_DecryptFinal_ex(context.get(), bytes_of(out) + size, &rest) != 1) return std::nullopt;
  out.resize(text.size());
  return out;
}

std::string Sealing::hide(std::uint64_t number) const {
  std::string block(block_size, '\0');
  for (std::size_t i = 0; i < 8; ++i)
    block[i] = static_cast<char>((number >> (8 * i)) & 0xFFU);
  return hex(as_bytes(one_block(number_key_, block, true)));
}

std::optional<std::uint64_t> Sealing::reveal(std::string_view digits) const {
  const auto hidden = from_hex(digits);
  if (!hidden) return std::nullopt;
  const auto block = one_block(number_key_, *hidden, false);
  if (block.size() != block_size || block.find_first_not_of('\0', 8) != block.npos) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 8; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(block[i]);
  return number;
}

}  // namespace demat::store
