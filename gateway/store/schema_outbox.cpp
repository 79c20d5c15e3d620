#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

const std::string_view outbox = R"sql(
CREATE TABLE webhook(
  id TEXT PRIMARY KEY,
  authority TEXT NOT NULL REFERENCES authority(siren),
  url TEXT NOT NULL,
  secret BLOB NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  place INTEGER NOT NULL,
  failing_since INTEGER,
  next_attempt_at INTEGER) WITHOUT ROWID;
CREATE INDEX webhook_authority ON webhook(authority);

CREATE TABLE delivery(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  webhook TEXT NOT NULL REFERENCES webhook(id),
  sequence INTEGER NOT NULL,
  flow TEXT NOT NULL,
  code TEXT NOT NULL,
  to_state TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  next_attempt_at INTEGER,
  ended_at INTEGER,
  http_status INTEGER NOT NULL,
  error_code TEXT NOT NULL);
CREATE INDEX delivery_pending ON delivery(webhook, sequence) WHERE state='pending';
CREATE INDEX delivery_due ON delivery(next_attempt_at) WHERE state='pending';
CREATE INDEX delivery_flow ON delivery(webhook, flow, sequence) WHERE state='pending';
CREATE INDEX delivery_by_time ON delivery(webhook, created_at, id);
CREATE INDEX delivery_ended ON delivery(ended_at) WHERE ended_at IS NOT NULL;
)sql";

}  // namespace demat::store::fragments
