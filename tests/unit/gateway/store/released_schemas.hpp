#pragma once

/// What versions 1 to 3 of the schema were when they were released, frozen as text.
namespace demat::store {

inline constexpr const char* version_1 = R"sql(
CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE migration(version INTEGER PRIMARY KEY, at INTEGER NOT NULL);

CREATE TABLE payload(
  number INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  sha1 TEXT NOT NULL,
  size INTEGER NOT NULL,
  bytes BLOB);
CREATE INDEX payload_in_file ON payload(sha256, size) WHERE bytes IS NULL;

CREATE TABLE flow(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  protocol TEXT NOT NULL,
  environment TEXT NOT NULL,
  authority TEXT NOT NULL,
  state TEXT NOT NULL,
  held_from TEXT NOT NULL,
  hold_reason TEXT NOT NULL,
  business_key TEXT NOT NULL,
  nom_fic TEXT NOT NULL,
  typ_fic TEXT NOT NULL,
  id_post TEXT NOT NULL,
  cod_col TEXT NOT NULL,
  cod_bud TEXT NOT NULL,
  id_coll TEXT NOT NULL,
  file_name TEXT NOT NULL,
  original TEXT NOT NULL REFERENCES payload(sha256),
  original_sha1 TEXT NOT NULL,
  original_size INTEGER NOT NULL,
  outgoing TEXT NOT NULL REFERENCES payload(sha256),
  outgoing_size INTEGER NOT NULL,
  destination TEXT NOT NULL,
  remote_name TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  possible_reemission INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  sent_at INTEGER,
  next_attempt_at INTEGER,
  waiting_code TEXT NOT NULL,
  replay_of TEXT NOT NULL,
  linked_to TEXT NOT NULL,
  deposited_by TEXT NOT NULL,
  request_id TEXT NOT NULL,
  blocks INTEGER NOT NULL,
  lease_owner TEXT NOT NULL DEFAULT '',
  lease_until INTEGER,
  fence INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX flow_same_bytes ON flow(authority, original) WHERE blocks=1;
CREATE UNIQUE INDEX flow_same_key ON flow(authority, protocol, business_key) WHERE blocks=1 AND business_key<>'';
CREATE INDEX flow_failed_key ON flow(authority, protocol, business_key, created_at, id) WHERE blocks=0;
CREATE INDEX flow_due ON flow(state, created_at, id, next_attempt_at, lease_until, destination);
CREATE INDEX flow_waiting ON flow(state, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX flow_age ON flow(state, updated_at);
CREATE INDEX flow_by_time ON flow(created_at, id);
CREATE INDEX flow_by_authority ON flow(authority, created_at, id);
CREATE INDEX flow_by_authority_state ON flow(authority, state, created_at, id);
CREATE INDEX flow_by_name ON flow(nom_fic, created_at, id);

CREATE TABLE document(
  flow TEXT NOT NULL REFERENCES flow(id),
  number INTEGER NOT NULL,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  sha256 TEXT NOT NULL REFERENCES payload(sha256),
  size INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY(flow, number)) WITHOUT ROWID;
CREATE INDEX document_payload ON document(sha256);

CREATE TABLE attempt(
  flow TEXT NOT NULL REFERENCES flow(id),
  number INTEGER NOT NULL,
  destination TEXT NOT NULL,
  remote_name TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT NOT NULL,
  possible_reemission INTEGER NOT NULL,
  error_code TEXT NOT NULL,
  transcript TEXT NOT NULL,
  PRIMARY KEY(flow, number)) WITHOUT ROWID;

CREATE TABLE finding(
  flow TEXT NOT NULL REFERENCES flow(id),
  number INTEGER NOT NULL,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  line INTEGER NOT NULL,
  path TEXT NOT NULL,
  fr TEXT NOT NULL,
  en TEXT NOT NULL,
  PRIMARY KEY(flow, number)) WITHOUT ROWID;

CREATE TABLE event(
  sequence INTEGER PRIMARY KEY,
  flow TEXT NOT NULL,
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  payloads TEXT NOT NULL,
  chain BLOB NOT NULL);
CREATE INDEX event_flow ON event(flow, sequence);
CREATE TABLE journal_head(one INTEGER PRIMARY KEY CHECK(one=1), sequence INTEGER NOT NULL, mac BLOB NOT NULL);
INSERT INTO journal_head VALUES(1, 0, x'');

CREATE TABLE counter(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE authority(siren TEXT PRIMARY KEY, name TEXT NOT NULL, active INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE siret(siret TEXT PRIMARY KEY, authority TEXT NOT NULL REFERENCES authority(siren)) WITHOUT ROWID;
CREATE INDEX siret_authority ON siret(authority);
CREATE TABLE route(
  authority TEXT NOT NULL REFERENCES authority(siren),
  protocol TEXT NOT NULL,
  destination TEXT NOT NULL,
  p_dest TEXT NOT NULL,
  signer TEXT NOT NULL,
  PRIMARY KEY(authority, protocol)) WITHOUT ROWID;
CREATE TABLE identity(id TEXT PRIMARY KEY, name TEXT NOT NULL, active INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE identity_grant(
  identity TEXT NOT NULL REFERENCES identity(id),
  authority TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY(identity, authority, role)) WITHOUT ROWID;
)sql";

inline constexpr const char* version_2 = R"sql(
CREATE TABLE answer(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  destination TEXT NOT NULL,
  remote_name TEXT NOT NULL,
  remote_time INTEGER,
  authority TEXT NOT NULL,
  flow TEXT NOT NULL,
  match_rule TEXT NOT NULL,
  nom_fic TEXT NOT NULL,
  cod_col TEXT NOT NULL,
  id_post TEXT NOT NULL,
  cod_bud TEXT NOT NULL,
  id_coll TEXT NOT NULL,
  sha256 TEXT NOT NULL REFERENCES payload(sha256),
  sha1 TEXT NOT NULL,
  size INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  summary TEXT NOT NULL,
  read INTEGER NOT NULL);
CREATE UNIQUE INDEX answer_same ON answer(destination, remote_name, sha256);
CREATE INDEX answer_by_state ON answer(state, received_at, id);
CREATE INDEX answer_by_authority ON answer(authority, received_at, id);
CREATE INDEX answer_by_time ON answer(received_at, id);
CREATE INDEX answer_flow ON answer(flow) WHERE flow<>'';

CREATE TABLE anomaly(
  answer TEXT NOT NULL REFERENCES answer(id),
  number INTEGER NOT NULL,
  flow TEXT NOT NULL REFERENCES flow(id),
  domaine TEXT NOT NULL,
  exercice TEXT NOT NULL,
  bordereau TEXT NOT NULL,
  piece TEXT NOT NULL,
  ligne TEXT NOT NULL,
  id_unique TEXT NOT NULL,
  num_ano_ack TEXT NOT NULL,
  libelle_ano_ack TEXT NOT NULL,
  PRIMARY KEY(answer, number)) WITHOUT ROWID;
CREATE INDEX anomaly_flow ON anomaly(flow);

ALTER TABLE flow ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
)sql";

inline constexpr const char* version_3 = R"sql(
ALTER TABLE flow ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE flow ADD COLUMN due_at INTEGER GENERATED ALWAYS AS (
  CASE WHEN state IN ('received', 'checked', 'to_sign', 'signed', 'ready')
  THEN coalesce(next_attempt_at, created_at) END) VIRTUAL;
DROP INDEX flow_due;
DROP INDEX flow_age;
CREATE INDEX flow_due ON flow(state, destination, priority, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX flow_by_state ON flow(state, destination, created_at, id);
CREATE INDEX flow_leased ON flow(state) WHERE lease_until IS NOT NULL;

CREATE TABLE state_count(state TEXT PRIMARY KEY, flows INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO state_count(state, flows) SELECT state, count(*) FROM flow GROUP BY state;
CREATE TRIGGER flow_comes AFTER INSERT ON flow BEGIN
  INSERT INTO state_count(state, flows) VALUES(new.state, 1) ON CONFLICT(state) DO UPDATE SET flows=flows+1;
END;
CREATE TRIGGER flow_moves AFTER UPDATE OF state ON flow WHEN new.state<>old.state BEGIN
  UPDATE state_count SET flows=flows-1 WHERE state=old.state;
  INSERT INTO state_count(state, flows) VALUES(new.state, 1) ON CONFLICT(state) DO UPDATE SET flows=flows+1;
END;
CREATE TRIGGER flow_goes AFTER DELETE ON flow BEGIN
  UPDATE state_count SET flows=flows-1 WHERE state=old.state;
END;

CREATE TABLE pause(
  destination TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER) WITHOUT ROWID;
CREATE TABLE slot(
  destination TEXT NOT NULL,
  slot INTEGER NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY(destination, slot)) WITHOUT ROWID;
CREATE TABLE slot_use(
  destination TEXT NOT NULL,
  slot INTEGER NOT NULL,
  flow TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY(destination, slot, flow, attempt)) WITHOUT ROWID;

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

CREATE TABLE once(
  identity TEXT NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER,
  headers TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY(identity, key)) WITHOUT ROWID;
CREATE INDEX once_age ON once(at);

CREATE TABLE token(
  id TEXT PRIMARY KEY,
  identity TEXT NOT NULL REFERENCES identity(id),
  name TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER) WITHOUT ROWID;
CREATE INDEX token_identity ON token(identity, created_at);
CREATE TABLE token_grant(
  token TEXT NOT NULL REFERENCES token(id),
  authority TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY(token, authority, role)) WITHOUT ROWID;

CREATE TABLE upload(
  id TEXT PRIMARY KEY,
  identity TEXT NOT NULL,
  authority TEXT NOT NULL,
  file_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  offset INTEGER NOT NULL,
  finished INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  touched_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX upload_identity ON upload(identity, finished);
CREATE INDEX upload_age ON upload(touched_at);

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

}  // namespace demat::store
