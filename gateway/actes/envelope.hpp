#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/actes/content_checks.hpp"
#include "gateway/actes/deposit.hpp"
#include "gateway/actes/unpacking.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::actes_road {

/// Roles of the documents that a ready-made envelope brings beside "acte" and "annexe".
inline constexpr std::string_view message_role = "message";        ///< a business XML, byte for byte
inline constexpr std::string_view envelope_role = "envelope_xml";  ///< the envelope as posted

/// A ready-made envelope, understood. `deposits` go with the forms of `said`, one for one.
struct ReadyEnvelope {
  actes::ImportedEnvelope said;
  std::vector<Deposit> deposits;
  Report report;  ///< what could not be read, what the schema refuses
};

/// Reads a member whose bytes are wanted as a whole (the XML of envelope and messages, of bounded size).
using Reader = std::function<Result<std::string>(const Member& member)>;

/// Reads the envelope and every message that it announces, against the schema of what leaves (actes 3). What
/// is wrong with them is in the report; the rules of actes::check() are the caller's. Error: the reader's.
[[nodiscard]] Result<ReadyEnvelope> understand(const std::string& archive_name,
                                               const std::vector<Member>& members, const Reader& read,
                                               const xml::SchemaPack& pack);

/// What the rules say of it for this authority: those of the import (actes 4.1-7, 4.1-8), of each message,
/// and the convention. `trigram` and `application` are of the operator; empty while it is not known where it
/// goes: those of its name then.
[[nodiscard]] Report judge(ReadyEnvelope& envelope, const flow::ActesSettings& settings,
                           const actes::RuleOptions& options, const std::string& trigram,
                           const std::string& application);

/// Looks into every file, those of the envelope itself included (actes 4.2). As look_into().
[[nodiscard]] Result<Contents> look_into(const ReadyEnvelope& envelope, const std::vector<Member>& members,
                                         const Opener& open, const ContentDoors& doors);

/// The role of each document of the flow, in the order in which they are kept: the files message by message,
/// then the messages, then the envelope. Indices into `members`.
struct KeptMember {
  std::size_t member = 0;
  std::string_view role;
};
[[nodiscard]] std::vector<KeptMember> kept_members(const ReadyEnvelope& envelope,
                                                   const std::vector<Member>& members);

/// The members of an envelope as the store keeps them.
[[nodiscard]] Result<std::vector<Member>> members_of(store::Store& store, const FlowId& flow);
/// understand(), with the bytes of the store.
[[nodiscard]] Result<ReadyEnvelope> understand_stored(store::Store& store, const std::string& archive_name,
                                                      const std::vector<Member>& members,
                                                      const xml::SchemaPack& pack);

/// Waiting: nothing can be judged without the schemas of what leaves.
[[nodiscard]] Error schema_missing();

/// Whether an original is a ready-made envelope (a manifest is JSON).
[[nodiscard]] Result<bool> is_archive(const ByteSource& original);

}  // namespace demat::actes_road
