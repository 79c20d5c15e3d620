#include "gateway/signing/token_signer.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <map>
#include <mutex>
#include <optional>
#include <tuple>

#include "gateway/signing/errors.hpp"
#include "gateway/signing/pin.hpp"
#include "gateway/signing/token_errors.hpp"
#include "gateway/signing/token_key.hpp"
#include "protocols/xades/certificate.hpp"

namespace demat::signing {
namespace {

struct EcdsaFree {
  void operator()(ECDSA_SIG* value) const { ECDSA_SIG_free(value); }
};
struct DigestContextFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// r||s of P-256 as the DER that OpenSSL verifies.
Bytes ecdsa_der(const Bytes& raw) {
  const std::unique_ptr<ECDSA_SIG, EcdsaFree> value(ECDSA_SIG_new());
  const int half = static_cast<int>(raw.size() / 2);
  BIGNUM* const r = BN_bin2bn(raw.data(), half, nullptr);
  BIGNUM* const s = BN_bin2bn(raw.data() + half, half, nullptr);
  ECDSA_SIG_set0(value.get(), r, s);
  Bytes der(static_cast<std::size_t>(i2d_ECDSA_SIG(value.get(), nullptr)));
  unsigned char* at = der.data();
  i2d_ECDSA_SIG(value.get(), &at);
  return der;
}

bool verifies_ecdsa(const Bytes& certificate, std::string_view data, const Bytes& raw) {
  const unsigned char* at = certificate.data();
  const X509Ptr parsed(d2i_X509(nullptr, &at, static_cast<long>(certificate.size())));
  const std::unique_ptr<EVP_MD_CTX, DigestContextFree> context(EVP_MD_CTX_new());
  const Bytes der = ecdsa_der(raw);
  const auto text = as_bytes(data);
  const bool right = parsed &&
                     EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                                          X509_get0_pubkey(parsed.get())) == 1 &&
                     EVP_DigestVerify(context.get(), der.data(), der.size(), text.data(), text.size()) == 1;
  ERR_clear_error();
  return right;
}

std::optional<Bytes> from_hex(std::string_view text) {
  Bytes out;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return out;
}

class TokenSigner final : public Signer {
 public:
  TokenSigner(std::shared_ptr<TokenLink> link, TokenKey wish, KeyQuery query)
      : link_(std::move(link)), wish_(std::move(wish)), query_(std::move(query)) {}

  /// Before it is shared: a certificate from a file is known from the start.
  [[nodiscard]] Status adopt(Bytes der) {
    if (auto status = check_leaf(der, wish_.rules, query_.text()); !status) return status;
    auto parsed = xades::Certificate::from_der(der);
    if (!parsed) return failure(std::move(parsed.error()));
    certificate_.emplace(std::move(*parsed));
    return {};
  }

  [[nodiscard]] const Bytes& certificate_der() const override {
    static const Bytes unknown;
    const std::lock_guard lock(mutex_);
    return certificate_ ? certificate_->der() : unknown;
  }

  [[nodiscard]] Result<Bytes> sign(std::string_view signed_info) const override {
    auto value = sign_once(signed_info);
    // A token that was pulled and is back, or a session lost: the second try opens it anew.
    if (!value && is_worth_another_try(value.error())) value = sign_once(signed_info);
    return value;
  }

  [[nodiscard]] Status ready() const override {
    for (int i = 0;; ++i) {
      auto session = link_->session();
      if (!session) return failure(std::move(session.error()));
      const auto key = key_in(*session);
      if (key && answers(*session)) return {};
      session->spoil();
      if (i > 0) return failure(key ? token_absent(link_->name().text()) : waiting(key.error()));
    }
  }

  [[nodiscard]] KeyOrigin origin() const override {
    const std::lock_guard lock(mutex_);
    KeyOrigin origin{.in_token = true, .model = link_->model(), .serial = link_->serial()};
    origin.label = key_ ? key_->label : query_.label;
    origin.never_left = key_ && key_->never_left;
    return origin;
  }

  /// What a person must mend, said at start; nothing while the token is not there.
  [[nodiscard]] Status first_look() const {
    auto session = link_->session();
    if (!session) return session.error().outlook == Outlook::permanent ? failure(session.error()) : Status();
    const auto key = key_in(*session);
    if (key || key.error().outlook == Outlook::waiting) return {};
    return failure(key.error());
  }

 private:
  static bool is_worth_another_try(const Error& error) {
    return error.code == "signing.token.failed" || error.code == "signing.token.absent";
  }

  /// A flow is never refused for what a token holds.
  static Error waiting(Error error) {
    error.outlook = Outlook::waiting;
    return error;
  }

  /// Whether the device is still there: some only tell when they are asked.
  static bool answers(const TokenLink::Session& session) {
    CK_SESSION_INFO info{};
    CK_TOKEN_INFO token{};
    return session.call().C_GetSessionInfo(session.handle(), &info) == CKR_OK &&
           session.call().C_GetTokenInfo(session.slot(), &token) == CKR_OK;
  }

  [[nodiscard]] Result<Bytes> sign_once(std::string_view signed_info) const {
    auto session = link_->session();
    if (!session) return failure(waiting(std::move(session.error())));
    auto key = key_in(*session);
    if (!key) {
      session->spoil();
      return failure(waiting(std::move(key.error())));
    }
    const auto mechanism = key->mechanism;
    auto value = sign_in_token(*link_, *session, *key, signed_info);
    if (!value) {
      session->spoil();
      return value;
    }
    if (key->mechanism != mechanism) remember(*key);
    if (!verifies(signed_info, *value)) return failure(token_mismatch(query_.text()));
    return value;
  }

  /// The key in the generation of this session; looked for once per generation.
  [[nodiscard]] Result<KeyInToken> key_in(const TokenLink::Session& session) const {
    {
      const std::lock_guard lock(mutex_);
      if (key_ && key_->generation == session.generation()) return *key_;
    }
    const std::string token = link_->name().text();
    auto key = find_key(session, query_, token);
    if (!key) return key;
    if (wish_.require_hardware && !key->never_left)
      return failure(key_not_hardware(query_.text(), key->attributes));
    if (wish_.certificate.empty()) {
      auto der = find_certificate(session, *key, token);
      if (!der) return failure(std::move(der.error()));
      if (auto status = know(std::move(*der)); !status) return failure(std::move(status.error()));
    }
    remember(*key);
    return key;
  }

  void remember(const KeyInToken& key) const {
    const std::lock_guard lock(mutex_);
    key_ = key;
  }

  [[nodiscard]] Status know(Bytes der) const {
    const std::lock_guard lock(mutex_);
    if (certificate_) return certificate_->der() == der ? Status() : failure(token_changed(query_.text()));
    if (auto status = check_leaf(der, wish_.rules, query_.text()); !status) return status;
    auto parsed = xades::Certificate::from_der(der);
    if (!parsed) return failure(std::move(parsed.error()));
    certificate_.emplace(std::move(*parsed));
    return {};
  }

  /// Once set it never changes, so it may be read without the lock from there on.
  [[nodiscard]] const xades::Certificate* certificate() const {
    const std::lock_guard lock(mutex_);
    return certificate_ ? &*certificate_ : nullptr;
  }

  [[nodiscard]] bool verifies(std::string_view data, const Bytes& value) const {
    const auto* const known = certificate();
    if (known == nullptr) return false;
    return known->is_rsa() ? known->verifies_rsa_sha256(data, value)
                           : verifies_ecdsa(known->der(), data, value);
  }

  const std::shared_ptr<TokenLink> link_;
  const TokenKey wish_;
  const KeyQuery query_;
  mutable std::mutex mutex_;  ///< guards what follows
  mutable std::optional<KeyInToken> key_;
  mutable std::optional<xades::Certificate> certificate_;
};

/// Another PIN file is another link: the login is shared all the same, it is the process's.
using LinkName = std::tuple<std::string, TokenName, std::string, bool>;

}  // namespace

struct Tokens::Impl {
  std::chrono::milliseconds restart_pause;
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<CryptokiModule>> modules;
  std::map<LinkName, std::weak_ptr<TokenLink>> links;

  Result<std::shared_ptr<CryptokiModule>> module(const std::filesystem::path& file) {
    auto& kept = modules[file.string()];
    if (auto alive = kept.lock()) return alive;
    auto loaded = CryptokiModule::load(file, restart_pause);
    if (loaded) kept = *loaded;
    return loaded;
  }

  Result<std::shared_ptr<TokenLink>> link(const TokenKey& key) {
    const std::lock_guard lock(mutex);
    const TokenName name{key.token, key.token_serial};
    auto& kept = links[LinkName(key.module.string(), name, key.pin_file.string(), key.group_may_read_pin)];
    if (auto alive = kept.lock()) {
      alive->forgive();
      return alive;
    }
    auto loaded = module(key.module);
    if (!loaded) return failure(std::move(loaded.error()));
    const Content content = key.group_may_read_pin ? Content::group_secret : Content::secret;
    auto made = std::make_shared<TokenLink>(std::move(*loaded), name, PinFile{key.pin_file, content});
    kept = made;
    return made;
  }
};

Tokens::Tokens(std::chrono::milliseconds restart_pause) : impl_(std::make_unique<Impl>()) {
  impl_->restart_pause = restart_pause;
}

Tokens::~Tokens() = default;

Result<std::shared_ptr<const Signer>> Tokens::open(const TokenKey& key) {
  auto id = from_hex(key.key_id);
  if (!id) return failure(token_no_key(key.key_id, "the id is not hexadecimal"));
  Pin pin;
  const Content content = key.group_may_read_pin ? Content::group_secret : Content::secret;
  if (auto status = pin.read(key.pin_file, content); !status) return failure(std::move(status.error()));
  auto link = impl_->link(key);
  if (!link) return failure(std::move(link.error()));
  KeyQuery query{key.key, std::move(*id), key.rules.allow_p256, key.combined_mechanism};
  auto signer = std::make_shared<TokenSigner>(std::move(*link), key, std::move(query));
  if (!key.certificate.empty()) {
    auto certificate = read_pem_certificate(key.certificate);
    if (!certificate) return failure(std::move(certificate.error()));
    if (auto status = signer->adopt(der_of(certificate->get())); !status)
      return failure(std::move(status.error()));
  }
  if (auto status = signer->first_look(); !status) return failure(std::move(status.error()));
  return std::shared_ptr<const Signer>(std::move(signer));
}

}  // namespace demat::signing
