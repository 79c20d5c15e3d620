#pragma once

#include "gateway/store/care.hpp"
#include "gateway/store/journal.hpp"
#include "gateway/store/spool.hpp"

namespace demat::store {

/// A page of the journal, newest first; looks at a bounded number of events. Throws Refusal.
[[nodiscard]] Page<JournalLine> search_journal(Connection& db, const JournalFilter& filter,
                                               const std::string& cursor, std::size_t limit);
/// The events after `after` that match, oldest first, at most `limit` looked at; `after` becomes the last one
/// looked at. False at the end.
[[nodiscard]] bool next_lines(Connection& db, const JournalFilter& filter, std::uint64_t& after,
                              std::size_t limit, std::vector<JournalLine>& out);
[[nodiscard]] Page<Anchor> list_anchors(Connection& db, const std::string& cursor, std::size_t limit);
[[nodiscard]] std::vector<Checkpoint> list_checkpoints(Connection& db);

/// The whole chain with its anchors and checkpoints.
[[nodiscard]] JournalVerdict verify_all(Connection& db, const JournalKey& key);

/// One line of the export, with its line end.
[[nodiscard]] std::string json_line(const JournalLine& line);
[[nodiscard]] std::string json_line(const Anchor& anchor);
[[nodiscard]] std::string json_line(const Checkpoint& checkpoint);
/// The head of the chain under its mac, as the last line.
[[nodiscard]] std::string head_line(Connection& db);

}  // namespace demat::store
