#include "gateway/api/once.hpp"

#include <algorithm>

#include "gateway/api/context.hpp"
#include "gateway/api/errors.hpp"
#include "protocols/base/digest.hpp"

namespace demat::api {
namespace {

Error mismatch() {
  return permanent_error(
      "api.idempotency_mismatch",
      "Cette clé Idempotency-Key a déjà servi pour une autre demande. Prenez une clé neuve par demande.",
      "This Idempotency-Key was used for another request. Take a new key for each request.");
}

Error unknown_outcome() {
  return permanent_error(
      "api.idempotency_unknown",
      "La première demande avec cette clé a été interrompue avant sa réponse. Regardez si elle a eu son "
      "effet, puis prenez une clé neuve.",
      "The first request with this key was cut before its answer. Look whether it took effect, then take a "
      "new key.");
}

http::Response replayed(const store::KeptAnswer& answer) {
  http::Response out;
  out.status = answer.status;
  for (const auto& [name, value] : answer.headers)
    out.with(name, value);
  out.with("Idempotency-Replayed", "true");
  out.body = answer.body;
  return out;
}

}  // namespace

OnceDesk::Hold OnceDesk::hold(const IdentityId& identity, const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto [place, fresh] = held_.emplace(identity, key);
  return Hold(fresh ? &*place : nullptr, Release{this});
}

void OnceDesk::release(const Entry* entry) {
  const std::lock_guard lock(mutex_);
  held_.erase(held_.find(*entry));
}

Result<std::optional<std::string>> idempotency_key(const http::Request& request) {
  const auto text = request.header("idempotency-key");
  if (text.empty()) return std::nullopt;
  constexpr std::size_t longest = 255;
  const bool sane = text.size() <= longest &&
                    std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!sane) return failure(bad_parameter("Idempotency-Key"));
  return std::optional(std::string(text));
}

Sha256 request_digest(const http::Request& request, const AuthorityId& authority, const Sha256& content) {
  return sha256(request.method + "\n" + request.path + "\n" + authority.str() + "\n" + content.str());
}

std::optional<http::Response> answered_before(const Services& services, const http::Request& request,
                                              const store::OnceKey& once) {
  const auto since = services.clock.now() - services.guards().idempotency_life;
  const auto found = services.store.tickets().remembered(once.identity, once.key, since);
  if (!found) return problem(found.error(), request);
  if (!*found) return std::nullopt;
  if ((*found)->request != once.request) return problem(mismatch(), request);
  if (!(*found)->answer) return problem(unknown_outcome(), request);
  return replayed(*(*found)->answer);
}

bool decides(const http::Response& response) {
  return response.status != 429 && response.status < 500;
}

store::KeptAnswer kept(const http::Response& response) {
  const auto* text = std::get_if<std::string>(&response.body);
  return {response.status, response.headers, text == nullptr ? std::string() : *text};
}

Error idempotency_running() {
  return waiting_error(
      "api.idempotency_running",
      "La première demande avec cette clé Idempotency-Key est encore en cours. Réessayez dans un instant.",
      "The first request with this Idempotency-Key is still running. Try again in a moment.");
}

http::Response once(const Context& context, Call call) {
  const auto& services = context.services;
  const auto key = idempotency_key(context.request);
  if (!key) return problem(key.error(), context.request);
  if (!*key) return call(context);
  const auto hold = services.once->hold(context.identity.id, **key);
  if (!hold) return problem(idempotency_running(), context.request);
  const store::OnceKey wanted{context.identity.id, **key,
                              request_digest(context.request, context.flow.authority, sha256(context.body))};
  if (auto before = answered_before(services, context.request, wanted)) return std::move(*before);
  auto& tickets = services.store.tickets();
  if (auto begun = tickets.begin_once(wanted); !begun) return problem(begun.error(), context.request);
  auto response = call(context);
  const auto noted = decides(response) ? tickets.remember(wanted, kept(response)) : tickets.forget(wanted);
  if (!noted) services.logger.error("api.once_not_kept", {{"because", noted.error().code}});
  return response;
}

}  // namespace demat::api
