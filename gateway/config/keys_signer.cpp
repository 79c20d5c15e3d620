#include <algorithm>
#include <array>

#include "gateway/config/keys.hpp"

namespace demat::config {
namespace {

using namespace std::chrono_literals;
using S = SignerKey;

/// A path, or with a token the label of the key there; which of the two the other keys say.
Key<S> key_or_label() {
  return {"key",
          [](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_text(value);
            if (!read) return complain_type(context, place, "un chemin ou un nom", "a path or a name");
            target.key_label = *read;
            target.key = read->empty() ? std::filesystem::path() : context.locate(*read);
          },
          [](const S& signer) {
            return text_literal(signer.pkcs11_module.empty() ? signer.key.string() : signer.key_label);
          }};
}

/// The file is remembered, not what is in it.
Key<S> pin_file() {
  return {"pin_file",
          [](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_text(value);
            if (!read) return complain_type(context, place, "un chemin", "a path");
            target.pin_file = read->empty() ? std::filesystem::path() : context.locate(*read);
            target.pin_is_credential = context.is_credential(target.pin_file);
          },
          [](const S& signer) { return text_literal(signer.pin_file.string()); }};
}

/// Words from a closed set.
Key<S> words(std::string_view name, std::vector<std::string> S::*member,
             std::span<const std::string_view> allowed) {
  return {name,
          [member, allowed](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_texts(value);
            if (!read) return complain_type(context, place, "une liste de textes", "a list of texts");
            for (const auto& word : *read)
              if (std::ranges::find(allowed, word) == allowed.end())
                return complain_choice(context, place, word, allowed);
            target.*member = *read;
          },
          [member](const S& signer) { return texts_literal(signer.*member); }};
}

/// Each word means itself.
std::vector<std::pair<std::string_view, std::string>> same_words(std::vector<std::string_view> allowed) {
  std::vector<std::pair<std::string_view, std::string>> out;
  for (const auto word : allowed)
    out.emplace_back(word, std::string(word));
  return out;
}

}  // namespace

std::span<const Key<SignerKey>> signer_keys() {
  static constexpr std::array<std::string_view, 3> flow_kinds{"depense", "recette", "actes"};
  static const std::vector<Key<S>> keys{
      text("name", &S::name),
      key_or_label(),
      path("certificate", &S::certificate),
      secret_inline("passphrase", &S::passphrase),
      secret_file("passphrase_file", &S::passphrase),
      path("pkcs11_module", &S::pkcs11_module),
      text("token", &S::token),
      text("token_serial", &S::token_serial),
      text("key_id", &S::key_id),
      pin_file(),
      flag("require_hardware", &S::require_hardware),
      choice("use", &S::is_seal, {{"signature", false}, {"seal", true}}),
      duration("margin", &S::margin, 0s, 24h * 366),
      words("flows", &S::flows, flow_kinds),
      texts("authorities", &S::authorities),
      flag("signatories_only", &S::signatories_only),
      flag("agent", &S::by_agent),
      duration("request_life", &S::request_life, 1s, 24h),
      text("role", &S::role),
      text("city", &S::city),
      text("postal_code", &S::postal_code),
      text("country", &S::country),
      text("policy", &S::policy),
      text("timestamp", &S::timestamp),
  };
  return keys;
}

std::span<const Key<SignaturePolicy>> signature_policy_keys() {
  using P = SignaturePolicy;
  static const std::vector<Key<P>> keys{
      text("name", &P::name),
      text("oid", &P::oid),
      text("digest", &P::digest),
      choice("digest_method", &P::digest_method, same_words({"sha1", "sha256", "sha384", "sha512"})),
      texts("accepted_digests", &P::accepted_digests),
      text("description", &P::description),
      text("spuri", &P::spuri),
      text("from", &P::from),
      text("until", &P::until),
      choice("other_digest", &P::other_digest_fails, {{"refuse", true}, {"warn", false}}),
      choice("out_of_force", &P::out_of_force_fails, {{"refuse", true}, {"warn", false}}),
      choice("xades", &P::xades, same_words({"1.1.1", "1.2.2"})),
      text("signature_id", &P::signature_id),
      choice("certificate_digest", &P::certificate_digest,
             same_words({"sha1", "sha256", "sha384", "sha512"})),
  };
  return keys;
}

std::span<const Key<TimestampAuthority>> timestamp_keys() {
  using T = TimestampAuthority;
  static const std::vector<Key<T>> keys{
      text("name", &T::name),
      text("url", &T::url),
      text("trust", &T::trust),
      text("policy", &T::policy),
      choice("digest", &T::digest, same_words({"sha256", "sha384", "sha512"})),
      text("user", &T::user),
      secret_inline("password", &T::password),
      secret_file("password_file", &T::password),
      path("ca", &T::ca),
      duration("connect_timeout", &T::connect_timeout, 10ms, 1h),
      duration("timeout", &T::timeout, 10ms, 1h),
      duration("max_drift", &T::max_drift, 1s, 24h),
  };
  return keys;
}

}  // namespace demat::config
