#include "gateway/config/cross_checks_signature.hpp"

#include <algorithm>
#include <optional>

#include "gateway/base/paris.hpp"
#include "protocols/base/digest.hpp"

namespace demat::config {
namespace {

/// Arcs of digits with points between them.
bool is_oid(std::string_view text) {
  bool arc = false;
  for (const char c : text) {
    if (c != '.' && (c < '0' || c > '9')) return false;
    if (c == '.' && !arc) return false;
    arc = c != '.';
  }
  return arc && text.find('.') != std::string_view::npos;
}

std::size_t digest_size(std::string_view method) {
  if (method == "sha1") return 20;
  if (method == "sha256") return 32;
  if (method == "sha384") return 48;
  return method == "sha512" ? 64 : 0;
}

bool is_digest(std::string_view method, std::string_view text) {
  const auto decoded = decode_base64(text);
  return decoded.ok && !decoded.bytes.empty() && decoded.bytes.size() == digest_size(method);
}

/// "sha256:BASE64"
bool is_named_digest(const std::string& text) {
  const auto colon = text.find(':');
  return colon != std::string::npos &&
         is_digest(std::string_view(text).substr(0, colon), std::string_view(text).substr(colon + 1));
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void check_days(const SignaturePolicy& policy, Section& section) {
  const auto from = paris_day_from(policy.from);
  const auto until = paris_day_from(policy.until);
  if ((!policy.from.empty() && !from) || (!policy.until.empty() && !until) ||
      (from && until && *until < *from))
    section.complain("config.range", "from", "jours attendus, comme 2026-01-31 ; until ne précède pas from",
                     "expected days such as 2026-01-31; until is not before from");
}

void check_policy(const SignaturePolicy& policy, Section section) {
  section.require(!policy.name.empty(), "name", "nom de la politique", "name of the policy");
  if (!is_oid(policy.oid))
    section.complain("config.range", "oid", "un OID en chiffres, comme 1.2.250.1.131",
                     "an OID in numbers, such as 1.2.250.1.131");
  if (!is_digest(policy.digest_method, policy.digest))
    section.complain("config.range", "digest", "l'empreinte du document en base64, selon digest_method",
                     "the digest of the document in base64, by digest_method");
  if (!std::ranges::all_of(policy.accepted_digests, is_named_digest))
    section.complain("config.range", "accepted_digests", "des empreintes telles que \"sha256:BASE64\"",
                     "digests such as \"sha256:BASE64\"");
  check_days(policy, section);
  if (!has(policy.signature_id, "{id}") || !has(policy.signature_id, "{n}"))
    section.complain("config.range", "signature_id", "un modèle avec {id} et {n}, comme {id}_SIG_{n}",
                     "a template with {id} and {n}, such as {id}_SIG_{n}");
}

void check_timestamp(const Settings& settings, const TimestampAuthority& tsa, Section section) {
  section.require(!tsa.name.empty(), "name", "nom du service d'horodatage", "name of the authority");
  section.require(!tsa.url.empty(), "url", "adresse du service d'horodatage", "address of the authority");
  section.require(!tsa.trust.empty(), "trust", "profil de confiance ([[trust]]) qui juge son certificat",
                  "trust profile ([[trust]]) that judges its certificate");
  const bool secure = tsa.url.starts_with("https://");
  if (!tsa.url.empty() && ((!secure && !tsa.url.starts_with("http://")) || has(tsa.url, "@")))
    section.complain("config.range", "url", "une adresse http:// ou https:// sans mot de passe",
                     "an address with http:// or https://, without a password");
  if (!secure && !tsa.user.empty())
    section.complain("config.conflict", "user", "un mot de passe ne voyage qu'en https",
                     "a password travels by https only");
  if (!tsa.policy.empty() && !is_oid(tsa.policy))
    section.complain("config.range", "policy", "un OID en chiffres", "an OID in numbers");
  section.file(tsa.ca, "ca");
  const auto& trusts = settings.trusts;
  if (!tsa.trust.empty() &&
      std::ranges::none_of(trusts, [&](const Trust& one) { return one.name == tsa.trust; }))
    section.complain("config.conflict", "trust", "aucun [[trust]] ne se nomme « " + tsa.trust + " »",
                     "no [[trust]] is named \"" + tsa.trust + "\"");
}

void check_use(const Settings& settings, const SignerKey& signer, Section section) {
  if (signer.by_agent && std::ranges::find(signer.flows, "actes") != signer.flows.end())
    section.complain("config.conflict", "flows", "une carte d'agent ne signe que des PES",
                     "an agent's card signs PES only");
  const auto& all = settings.timestamps;
  if (!signer.timestamp.empty() &&
      std::ranges::none_of(all, [&](const TimestampAuthority& one) { return one.name == signer.timestamp; }))
    section.complain("config.conflict", "timestamp",
                     "aucun [[timestamp]] ne se nomme « " + signer.timestamp + " »",
                     "no [[timestamp]] is named \"" + signer.timestamp + "\"");
}

}  // namespace

void check_signatures(const Settings& settings, const SectionLines& lines, Complaints& complaints) {
  const auto section = [&](const char* kind, std::size_t index) {
    return Section(kind + ("[" + std::to_string(index)) + "]", lines, complaints);
  };
  for (std::size_t i = 0; i < settings.signature_policies.size(); ++i)
    check_policy(settings.signature_policies[i], section("signature_policy", i));
  for (std::size_t i = 0; i < settings.timestamps.size(); ++i)
    check_timestamp(settings, settings.timestamps[i], section("timestamp", i));
  for (std::size_t i = 0; i < settings.signers.size(); ++i)
    check_use(settings, settings.signers[i], section("signer", i));
}

}  // namespace demat::config
