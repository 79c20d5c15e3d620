#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "sqlite_host.hpp"

// Nothing the store asks may grow with the number of flows: every statement that any test of this program ran
// is explained by SQLite against an empty store, and none may walk through a whole table.

namespace demat::store {
namespace {

/// What the store's own connections run. Those of the tests trust the schema, the store's do not.
class Statements {
 public:
  void add(sqlite3_stmt* statement) {
    int trusted = 1;
    sqlite3_db_config(sqlite3_db_handle(statement), SQLITE_DBCONFIG_TRUSTED_SCHEMA, -1, &trusted);
    const char* sql = sqlite3_sql(statement);
    if (trusted != 0 || sql == nullptr) return;
    const std::lock_guard lock(mutex_);
    all_.insert(sql);
  }
  [[nodiscard]] std::set<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> all_;
};

Statements& statements() {
  static Statements seen;
  return seen;
}

int on_statement(unsigned, void*, void* statement, void*) {
  statements().add(static_cast<sqlite3_stmt*>(statement));
  return 0;
}

int watch(sqlite3* db, const char**, const void*) {
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, &on_statement, nullptr);
}

/// Tables that stay small, whatever number of flows there is.
constexpr std::array small_tables{"authority",
                                  "siret",
                                  "route",
                                  "identity",
                                  "identity_grant",
                                  "setting",
                                  "migration",
                                  "counter",
                                  "pause",
                                  "anchor",
                                  "a",
                                  "state_count",
                                  "journal_head",
                                  "s",
                                  "journal_checkpoint",
                                  "token",
                                  "webhook",
                                  "actes_settings",
                                  "return_settings",
                                  "siret_block",
                                  "known"};

/// What is meant to go through everything: a migration, what a person or the night asks for, and the index of
/// the leased flows.
constexpr std::array meant{
    "INSERT INTO state_count(state, flows) SELECT",  // migration
    "chain FROM event",                              // verification of the journal
    "FROM state_count s WHERE s.flows<>",            // verification of the store
    "SELECT count(*) FROM payload",                  // backup, verification
    "SELECT sha256 FROM payload WHERE bytes IS NULL AND purged_at IS NULL ORDER BY",
    "SELECT id,state FROM flow WHERE state NOT IN",                           // restore
    "UPDATE answer SET acquit_note=? WHERE kind='PES_Retour' AND acquit=''",  // restore
    "SELECT sequence FROM event e WHERE e.at>=",  // where a purge may cut the journal
    "INDEXED BY flow_leased",
    "FROM event ORDER BY sequence DESC LIMIT 1",     // its last row, by the primary key
    "FROM acte INDEXED BY acte_waiting CROSS JOIN",  // what waits for a verdict
    // What is pending, by its own index; and the few webhooks.
    "FROM delivery d JOIN webhook w", "FROM webhook ORDER BY authority"};

bool is_meant(std::string_view sql, std::string_view plan) {
  for (const std::string_view table : small_tables)
    if (plan == "SCAN " + std::string(table)) return true;
  for (const std::string_view text : meant)
    if (sql.find(text) != std::string_view::npos) return true;
  // In the order of an index, and only as far as the page goes.
  return plan.find("USING") != std::string_view::npos && sql.find("LIMIT") != std::string_view::npos;
}

bool is_explainable(const std::string& sql) {
  constexpr std::array verbs{"SELECT", "UPDATE", "DELETE", "INSERT", "WITH"};
  return std::any_of(verbs.begin(), verbs.end(), [&](const char* verb) { return sql.starts_with(verb); });
}

void explain(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  // A statement of a part of the schema that this test's store does not have is not the store's.
  if (sqlite3_prepare_v2(db, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &raw, nullptr) != SQLITE_OK) return;
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> rows(raw, sqlite3_finalize);
  while (sqlite3_step(raw) == SQLITE_ROW) {
    const std::string plan = reinterpret_cast<const char*>(sqlite3_column_text(raw, 3));
    if (plan.starts_with("SCAN ") && plan != "SCAN CONSTANT ROW" && !is_meant(sql, plan))
      ADD_FAILURE() << plan << "\n  in: " << sql;
  }
}

class PlanCheck final : public testing::Environment {
 public:
  void SetUp() override {
    ASSERT_EQ(sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch)), SQLITE_OK);
  }
  void TearDown() override {
    sqlite3_reset_auto_extension();
    const SystemClock clock;
    SqliteHost host(clock);
    host.close();
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open((host.folder() / "dematd.db").c_str(), &raw), SQLITE_OK);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db(raw, sqlite3_close);
    for (const auto& sql : statements().all())
      if (is_explainable(sql)) explain(raw, sql);
  }
};

const testing::Environment* const environment = testing::AddGlobalTestEnvironment(new PlanCheck);

/// The filters of a list, one by one and together, so that their statements are explained too.
TEST(Plans, ListsOfEveryKindAreExplained) {
  ASSERT_NE(environment, nullptr);
  const SystemClock clock;
  SqliteHost host(clock);
  for (int mask = 0; mask < 32; ++mask) {
    FlowFilter filter;
    if ((mask & 1) != 0) filter.authority = AuthorityId{"123456782"};
    if ((mask & 2) != 0) filter.states = {flow::State::ready, flow::State::sent};
    if ((mask & 4) != 0) filter.nom_fic = NomFic{"N"};
    if ((mask & 8) != 0) filter.destination = DestinationName{"helios"};
    if ((mask & 16) != 0) filter.from = clock.now();
    EXPECT_TRUE(host.store().list(filter, "", 10));
  }
  EXPECT_FALSE(statements().all().empty());
}

}  // namespace
}  // namespace demat::store
