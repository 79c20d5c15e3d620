#pragma once

#include <span>

#include "gateway/config/key_table.hpp"

/// Every key that the configuration knows, one table per section. The sample file shows them all; a test
/// holds the two together.
namespace demat::config {

[[nodiscard]] std::span<const Key<Settings>> top_keys();
[[nodiscard]] std::span<const Key<Http>> http_keys();
[[nodiscard]] std::span<const Key<Antivirus>> antivirus_keys();
[[nodiscard]] std::span<const Key<Pipeline>> pipeline_keys();
[[nodiscard]] std::span<const Key<Retry>> retry_keys();
[[nodiscard]] std::span<const Key<Checks>> checks_keys();
[[nodiscard]] std::span<const Key<Marche>> marche_keys();
[[nodiscard]] std::span<const Key<Log>> log_keys();
[[nodiscard]] std::span<const Key<Breaker>> breaker_keys();
[[nodiscard]] std::span<const Key<Deadlines>> deadlines_keys();
[[nodiscard]] std::span<const Key<Retention>> retention_keys();
[[nodiscard]] std::span<const Key<Push>> push_keys();
[[nodiscard]] std::span<const Key<Mail>> mail_keys();
[[nodiscard]] std::span<const Key<Guards>> guards_keys();
[[nodiscard]] std::span<const Key<Window>> window_keys();
[[nodiscard]] std::span<const Key<Destination>> destination_keys();
/// Part of a destination's keys; shown with mode = "prefecture" only.
[[nodiscard]] std::span<const Key<Prefecture>> prefecture_keys();
[[nodiscard]] std::span<const Key<SignerKey>> signer_keys();
[[nodiscard]] std::span<const Key<Trust>> trust_keys();
[[nodiscard]] std::span<const Key<SignaturePolicy>> signature_policy_keys();
[[nodiscard]] std::span<const Key<TimestampAuthority>> timestamp_keys();
[[nodiscard]] std::span<const Key<PackSetting>> pack_keys();
[[nodiscard]] std::span<const Key<RuleSetting>> rule_keys();

}  // namespace demat::config
