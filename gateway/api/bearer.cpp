#include "gateway/api/bearer.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "gateway/base/random.hpp"
#include "gateway/http/header_value.hpp"
#include "protocols/base/digest.hpp"

namespace demat::api {
namespace {

constexpr std::string_view prefix = "demat_";
constexpr std::size_t id_digits = 32;
constexpr std::size_t secret_digits = 64;
constexpr std::size_t token_size = prefix.size() + id_digits + 1 + secret_digits;

Error bad_token() {
  return permanent_error("access.bad_token",
                         "Ce jeton n'est pas valable avec votre certificat : il est inconnu, expiré, révoqué "
                         "ou d'un autre certificat.",
                         "This token is not valid with your certificate: it is unknown, expired, revoked or "
                         "belongs to another certificate.");
}

template <std::size_t Size>
std::string random_hex() {
  std::array<std::uint8_t, Size> bytes{};
  random_bytes(bytes);
  return hex(bytes);
}

/// "Bearer TOKEN", the scheme in any case; empty when it is anything else.
std::string_view token_of(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size()) return {};
  if (http::lower_case(authorization.substr(0, scheme.size())) != scheme) return {};
  const auto token = http::trimmed(authorization.substr(scheme.size()));
  return token.size() == token_size && token.starts_with(prefix) ? token : std::string_view();
}

bool same_digest(const Sha256& a, const Sha256& b) {
  return a.str().size() == b.str().size() &&
         CRYPTO_memcmp(a.str().data(), b.str().data(), a.str().size()) == 0;
}

bool holds(const store::StoredToken& stored, const flow::Identity& identity, std::string_view text,
           Instant now) {
  const bool proven = same_digest(stored.secret, sha256(text));
  const auto& token = stored.token;
  return proven && token.identity == identity.id && !token.revoked_at && now < token.expires_at;
}

}  // namespace

BearerSecret make_bearer() {
  BearerSecret out;
  out.id = store::TokenId{random_hex<id_digits / 2>()};
  out.text = std::string(prefix) + out.id.str() + "_" + random_hex<secret_digits / 2>();
  out.digest = sha256(out.text);
  return out;
}

bool has_bearer(const http::Request& request) {
  return !request.header("authorization").empty();
}

Status narrow(const Services& services, const http::Request& request, flow::Identity& identity) {
  if (!has_bearer(request)) return {};
  const auto text = token_of(request.header("authorization"));
  if (text.empty()) return failure(bad_token());
  const store::TokenId id{std::string(text.substr(prefix.size(), id_digits))};
  auto found = services.store.tickets().find_token(id);
  if (!found) return failure(std::move(found.error()));
  if (!*found || !holds(**found, identity, text, services.clock.now())) return failure(bad_token());
  std::set<flow::Grant> both;
  const auto& granted = (*found)->token.grants;
  std::set_intersection(identity.grants.begin(), identity.grants.end(), granted.begin(), granted.end(),
                        std::inserter(both, both.end()));
  identity.grants = std::move(both);
  identity.name += " (" + (*found)->token.name + ")";
  return {};
}

}  // namespace demat::api
