#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

/// Flows and returns say when their bytes were given up; a payload goes when nothing needs it any more. It
/// its row (name, digests, size) without bytes, so `bytes IS NULL` alone does not mean "in a file".
/// `restored_from` is where a flow stood in the backup that it came back with.
const std::string_view care = R"sql(
ALTER TABLE payload ADD COLUMN purged_at INTEGER;
ALTER TABLE payload ADD COLUMN purged_why TEXT NOT NULL DEFAULT '';
DROP INDEX payload_in_file;
CREATE INDEX payload_in_file ON payload(sha256, size) WHERE bytes IS NULL AND purged_at IS NULL;
CREATE INDEX attempt_by_time ON attempt(started_at, flow, number);
CREATE INDEX answer_payload ON answer(sha256);
ALTER TABLE flow ADD COLUMN purged_at INTEGER;
ALTER TABLE answer ADD COLUMN purged_at INTEGER;
CREATE INDEX flow_to_purge ON flow(state, updated_at) WHERE purged_at IS NULL AND state IN
  ('acknowledged', 'partly_rejected', 'sent_final', 'refused', 'rejected', 'cancelled');
CREATE INDEX answer_to_purge ON answer(received_at) WHERE purged_at IS NULL AND state IN ('available', 'ignored');
CREATE TABLE anchor(sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, chain BLOB NOT NULL, mac BLOB NOT NULL);
CREATE TABLE journal_checkpoint(
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  chain BLOB NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  mac BLOB NOT NULL);
ALTER TABLE flow ADD COLUMN restored_from TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace demat::store::fragments
