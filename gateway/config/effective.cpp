#include "gateway/config/effective.hpp"

#include "gateway/config/keys.hpp"

namespace demat::config {
namespace {

template <class S>
void add(std::string& out, const S& section, std::span<const Key<S>> keys) {
  for (const auto& key : keys) {
    const std::string value = key.show(section);
    if (value.empty()) continue;
    out += key.is_secret ? "# " : "";
    out += std::string(key.name) + " = " + value + "\n";
  }
}

template <class S>
void add(std::string& out, const std::string& name, const S& section, std::span<const Key<S>> keys) {
  out += "\n[" + name + "]\n";
  add(out, section, keys);
}

template <class S>
void add_all(std::string& out, const std::string& name, const std::vector<S>& sections,
             std::span<const Key<S>> keys) {
  for (const auto& section : sections)
    add(out, "[" + name + "]", section, keys);
}

}  // namespace

std::string effective(const Settings& settings) {
  std::string out;
  add(out, settings, top_keys());
  out += "\n[schemas]\n";
  for (const auto& [protocol, version] : settings.schema_versions)
    out += protocol + " = " + text_literal(version) + "\n";
  add(out, "http", settings.http, http_keys());
  add(out, "antivirus", settings.antivirus, antivirus_keys());
  add(out, "pipeline", settings.pipeline, pipeline_keys());
  add(out, "pipeline.retry", settings.pipeline.retry, retry_keys());
  add(out, "checks", settings.checks, checks_keys());
  add(out, "marche", settings.marche, marche_keys());
  add(out, "log", settings.log, log_keys());
  add(out, "breaker", settings.breaker, breaker_keys());
  add(out, "deadlines", settings.deadlines, deadlines_keys());
  add(out, "retention", settings.retention, retention_keys());
  add(out, "push", settings.push, push_keys());
  add(out, "mail", settings.mail, mail_keys());
  add(out, "guards", settings.guards, guards_keys());
  add_all(out, "window", settings.windows, window_keys());
  add_all(out, "destination", settings.destinations, destination_keys());
  add_all(out, "signer", settings.signers, signer_keys());
  add_all(out, "trust", settings.trusts, trust_keys());
  add_all(out, "signature_policy", settings.signature_policies, signature_policy_keys());
  add_all(out, "timestamp", settings.timestamps, timestamp_keys());
  add_all(out, "pack", settings.packs, pack_keys());
  add_all(out, "rules", settings.rules, rule_keys());
  return out;
}

}  // namespace demat::config
