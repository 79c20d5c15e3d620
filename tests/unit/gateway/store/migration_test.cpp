#include <gtest/gtest.h>

#include "gateway/store/actes.hpp"
#include "gateway/store/care.hpp"
#include "released_schemas.hpp"
#include "sqlite_host.hpp"
#include "sqlite_raw.hpp"

// A database as version 1 of the schema wrote it, kept here as text: it must open in every later version with
// everything it held.

namespace demat::store {
namespace {

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
  EXPECT_EQ(ask_raw(database, "PRAGMA user_version"), "4");
  EXPECT_EQ(ask_raw(database, "SELECT count(*) FROM migration"), "4");
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

TEST(Migration, AVersion3StoreTakesActes) {
  const TemporaryFolder folder;
  ASSERT_TRUE(create_sqlite_store(options_in(folder.path())));
  const auto database = folder.path() / "dematd.db";
  std::filesystem::remove(database);
  run_raw(database, std::string("PRAGMA page_size=8192; PRAGMA journal_mode=WAL;") + version_1 + version_2 +
                        content_1 + version_3 +
                        "INSERT INTO authority VALUES('123456782','Ville',1); INSERT INTO migration VALUES"
                        "(2,1772000000000000),(3,1772000000000000); PRAGMA user_version=3;");

  const conformance::TestClock clock;
  auto store = open_sqlite_store(options_in(folder.path()), clock).value();
  EXPECT_EQ(ask_raw(database, "PRAGMA user_version"), "4");
  EXPECT_EQ(ask_raw(database, "SELECT count(*) FROM migration"), "4");
  const FlowId old{"0190a000-0000-7000-8000-000000000001"};
  EXPECT_EQ(store->find(old).value()->nom_fic.str(), "N1");
  EXPECT_TRUE(store->actes().of_flow(old).value().empty());
  EXPECT_TRUE(store->actes().list({}, "", 10).value().items.empty());
  EXPECT_TRUE(store->actes().letters({}, "", 10).value().items.empty());
  flow::ActesSettings settings;
  settings.authority = AuthorityId{"123456782"};
  settings.departement = "034";
  ASSERT_TRUE(store->actes().put_settings(settings, "anne", "ouverture"));
  EXPECT_EQ(store->actes().settings(settings.authority).value()->departement, "034");
  EXPECT_TRUE(store->verify_journal().value().intact);
}

}  // namespace
}  // namespace demat::store
