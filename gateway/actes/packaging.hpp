#pragma once

#include <functional>
#include <string>

#include "gateway/actes/deposit.hpp"
#include "gateway/actes/envelope.hpp"
#include "gateway/config/settings.hpp"
#include "gateway/store/store.hpp"
#include "protocols/actes/naming.hpp"

namespace demat::actes_road {

/// What leaves for one message, and under which name (actes 2.1).
struct Package {
  std::string archive_name;
  std::string classification_date;
  store::StagedPayload archive;
};

/// What packaging needs beside the message.
struct PackagingContext {
  const flow::ActesSettings& settings;
  const config::Prefecture& prefecture;  ///< trigramme, quadrigramme, our return addresses, largest archive
  std::string classification_date;       ///< of the authority's latest 7-2
  Instant now{};
  std::function<Result<std::uint64_t>(const std::string& key)> counter;  ///< Store::next_counter
  std::function<Result<std::unique_ptr<store::PayloadWriter>>()> new_payload;
  std::function<Result<store::Payload>(const Sha256& name)> open;
};

/// Writes the business XML, the envelope and the flat tar.gz (actes 2, 3). The serial is drawn per authority
/// and day of Paris; when 9999 are used up the flow waits for the next day (decisions, Windows). Errors:
/// `actes.serial.exhausted` (waiting), `actes.write.*` and `archive.*` (permanent), the store's.
[[nodiscard]] Result<Package> package(const Deposit& deposit, const std::vector<actes::Media>& media,
                                      const PackagingContext& context);

/// Packs a ready-made envelope again: under our name and serial, our return addresses put before its own
/// (actes 4.1-8). The messages and their files stay as they came. As package(); `members` are those of the
/// store.
[[nodiscard]] Result<Package> package(const ReadyEnvelope& envelope, const std::vector<Member>& members,
                                      const PackagingContext& context);

/// Name of the next archive of this authority.
[[nodiscard]] Result<actes::EnvelopeName> next_name(const PackagingContext& context);

/// AdressesRetour: the gateway's own mailbox first; a receipt that nobody asked for goes to it alone (actes
/// 5.3).
[[nodiscard]] std::vector<std::string> return_addresses(const PackagingContext& context, bool gateway_only);

}  // namespace demat::actes_road
