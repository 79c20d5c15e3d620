#include "sqlite_host.hpp"
#include "tests/unit/gateway/store/conformance/actes_suite.hpp"
#include "tests/unit/gateway/store/conformance/care_suite.hpp"
#include "tests/unit/gateway/store/conformance/history_suite.hpp"
#include "tests/unit/gateway/store/conformance/mails_suite.hpp"
#include "tests/unit/gateway/store/conformance/returns_suite.hpp"

namespace demat::store::conformance {

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreSuite,
                         testing::Values(Implementation{
                             "Sqlite",
                             [](const Clock& clock) { return std::make_unique<SqliteHost>(clock); }}),
                         [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(Sqlite, CareSuite,
                         testing::Values(Implementation{
                             "Sqlite",
                             [](const Clock& clock) { return std::make_unique<SqliteHost>(clock); }}),
                         [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(Sqlite, ActesSuite,
                         testing::Values(Implementation{
                             "Sqlite",
                             [](const Clock& clock) { return std::make_unique<SqliteHost>(clock); }}),
                         [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(Sqlite, HistorySuite,
                         testing::Values(Implementation{
                             "Sqlite",
                             [](const Clock& clock) { return std::make_unique<SqliteHost>(clock); }}),
                         [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(Sqlite, MailsSuite,
                         testing::Values(Implementation{
                             "Sqlite",
                             [](const Clock& clock) { return std::make_unique<SqliteHost>(clock); }}),
                         [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(Sqlite, ReturnSuite,
                         testing::Values(Implementation{
                             "Sqlite",
                             [](const Clock& clock) { return std::make_unique<SqliteHost>(clock); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace demat::store::conformance
