#pragma once

#include <string_view>

/// The SQL of schema versions 3 and 4, one fragment per subject (schema_<subject>.cpp); schema.cpp puts them
/// together.
namespace demat::store::fragments {

extern const std::string_view work;      ///< Priorities, and the moment a flow joined its queue.
extern const std::string_view steering;  ///< Pauses of destinations and bytes used per window slot.
extern const std::string_view outbox;    ///< Webhook subscriptions and their deliveries.
extern const std::string_view tickets;   ///< Bearer tokens and idempotency keys.
extern const std::string_view uploads;   ///< Uploads that may be resumed.
extern const std::string_view care;      ///< Retention, purge and anchors of the journal.
extern const std::string_view actes;     ///< Version 4: acts, letters and classifications of ACTES.
extern const std::string_view mails;     ///< Version 4: mails to people.
extern const std::string_view findings;  ///< Version 4: subject, value, expectation and remedy of findings.

extern const std::string_view returns;  ///< Version 4: what PES_Retour say, SIRETs kept apart.

/// Version 4: signatures by agents' own cards.
extern const std::string_view signature_requests;
/// Version 4: numbers that flows carry, and records of contracts.
extern const std::string_view history;

}  // namespace demat::store::fragments
