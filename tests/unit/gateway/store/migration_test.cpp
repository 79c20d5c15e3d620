#include <gtest/gtest.h>

#include "sqlite_host.hpp"
#include "sqlite_raw.hpp"

// A database as version 1 of the schema wrote it, kept here as text: it must open in every later version with
// everything it held.

namespace demat::store {
namespace {

constexpr const char* version_1 = R"sql(
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

constexpr const char* content_1 = R"sql(
INSERT INTO setting VALUES('environment','test');
INSERT INTO migration VALUES(1, 1772000000000000);
INSERT INTO payload(sha256,sha1,size,bytes) VALUES(
  '29114363f749a0226b6988dda3ca2492a954117ab6b5f382706c20300dabc079','',4,CAST('<a/>' AS BLOB));
INSERT INTO flow(id,protocol,environment,authority,state,held_from,hold_reason,business_key,nom_fic,typ_fic,id_post,
  cod_col,cod_bud,id_coll,file_name,original,original_sha1,original_size,outgoing,outgoing_size,destination,
  remote_name,attempts,possible_reemission,created_at,updated_at,waiting_code,replay_of,linked_to,deposited_by,
  request_id,blocks)
VALUES('0190a000-0000-7000-8000-000000000001','pes','test','123456782','sending','received','','K1','N1','','','','','',
  'a.xml','29114363f749a0226b6988dda3ca2492a954117ab6b5f382706c20300dabc079','',4,
  '29114363f749a0226b6988dda3ca2492a954117ab6b5f382706c20300dabc079',4,'helios','P1',1,0,1772000000000000,
  1772000000000000,'','','','','',1);
INSERT INTO attempt VALUES('0190a000-0000-7000-8000-000000000001',1,'helios','P1',1772000000000000,NULL,'open',0,'','');
PRAGMA user_version=1;
)sql";

TEST(Migration, AVersion1StoreOpensWithAllItHeld) {
  const TemporaryFolder folder;
  ASSERT_TRUE(create_sqlite_store(options_in(folder.path())));  // the folders and the key
  const auto database = folder.path() / "dematd.db";
  std::filesystem::remove(database);
  run_raw(database, std::string("PRAGMA page_size=8192; PRAGMA journal_mode=WAL;") + version_1 + content_1);

  const conformance::TestClock clock;
  auto store = open_sqlite_store(options_in(folder.path()), clock).value();
  EXPECT_EQ(ask_raw(database, "PRAGMA user_version"), "3");
  EXPECT_EQ(ask_raw(database, "SELECT count(*) FROM migration"), "3");
  EXPECT_EQ(store->recover(clock.now()).value().interrupted_sends, 1U);
  const auto f = store->find(FlowId{"0190a000-0000-7000-8000-000000000001"}).value();
  ASSERT_TRUE(f);
  EXPECT_EQ(f->nom_fic.str(), "N1");
  EXPECT_EQ(f->state, flow::State::uncertain);
  EXPECT_EQ(store->attempts(f->id).value().at(0).outcome, flow::AttemptOutcome::lost);
  EXPECT_EQ(conformance::content_of(**store->open_payload(f->original)), "<a/>");
  EXPECT_TRUE(store->list_returns({}, "", 10).value().items.empty());
  EXPECT_TRUE(store->anomalies(f->id).value().empty());
  EXPECT_TRUE(store->verify_journal().value().intact);
}

}  // namespace
}  // namespace demat::store
