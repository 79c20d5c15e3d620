#include "gateway/store/schema.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "gateway/store/errors.hpp"
#include "gateway/store/schema_fragments.hpp"

namespace demat::store {
namespace {

/// Version 1: the road of a flow, the journal, and who may do what. Times are microseconds since 1970 in UTC;
/// states and the like are their words. `blocks` is 1 while a flow stands in the way of a duplicate.
constexpr std::string_view version_1 = R"sql(
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

/// Version 2: what comes back from the State. `decided_by` is the answer that gave the flow its final state;
/// it is the one whose anomalies are the flow's.
constexpr std::string_view version_2 = R"sql(
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

/// A version may be made of several fragments, one per subject (schema_fragments.hpp).
const std::vector<std::vector<std::string_view>>& steps() {
  static const std::vector<std::vector<std::string_view>> all = {
      {version_1},
      {version_2},
      {fragments::work, fragments::steering, fragments::outbox, fragments::tickets, fragments::uploads,
       fragments::care},
      {fragments::actes, fragments::mails, fragments::signature_requests, fragments::findings,
       fragments::history, fragments::returns}};
  return all;
}

}  // namespace

int newest_schema() {
  return static_cast<int>(steps().size());
}

int schema_of(Connection& db) {
  auto version = db.prepare("PRAGMA user_version");
  return version.step() ? version.next<int>() : 0;
}

void migrate(Connection& db, Instant now) {
  const int found = schema_of(db);
  if (found > newest_schema()) throw Refusal(newer_schema(found, newest_schema()));
  for (int version = found + 1; version <= newest_schema(); ++version) {
    db.execute("BEGIN EXCLUSIVE");
    try {
      for (const auto fragment : steps().at(static_cast<std::size_t>(version - 1)))
        db.execute(std::string(fragment));
      db.run("INSERT INTO migration(version,at) VALUES(?,?)", version, now);
      db.execute(fmt::format("PRAGMA user_version={}; COMMIT", version));
    } catch (...) {
      if (db.in_transaction()) db.execute("ROLLBACK");
      throw;
    }
  }
}

std::string environment_of(Connection& db) {
  auto row = db.prepare("SELECT value FROM setting WHERE name='environment'");
  if (!row.step()) throw Refusal(corrupt("the store does not say its environment"));
  return row.next<std::string>();
}

}  // namespace demat::store
