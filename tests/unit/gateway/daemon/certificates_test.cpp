#include "gateway/certificates.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace demat {
namespace {

using std::chrono::days;
using std::chrono::hours;

const std::vector<int> usual{90, 30, 7, 1};
constexpr Instant now{std::chrono::seconds(2'000'000'000)};

TEST(Certificates, StepsAreTheDaysOfRuleR9) {
  struct Case {
    Instant end;
    std::uint32_t step;
  };
  for (const auto& [end, step] :
       {Case{now + days(91), 0}, Case{now + days(90), 1}, Case{now + days(31), 1}, Case{now + days(30), 2},
        Case{now + days(8), 2}, Case{now + days(7), 3}, Case{now + hours(25), 3}, Case{now + hours(24), 4},
        Case{now + hours(1), 4}, Case{now, 5}, Case{now - days(400), 5}})
    EXPECT_EQ(expiry_step(end, now, usual), step) << to_iso8601(end);
}

TEST(Certificates, StepsAreConfigurableInAnyOrder) {
  EXPECT_EQ(expiry_step(now + days(40), now, {15, 60}), 1U);
  EXPECT_EQ(expiry_step(now + days(10), now, {15, 60}), 2U);
  EXPECT_EQ(expiry_step(now, now, {15, 60}), 3U);
  EXPECT_EQ(expiry_step(now + days(1), now, {}), 0U);
  EXPECT_TRUE(expiry_presses(now + days(7), now));
  EXPECT_FALSE(expiry_presses(now + days(7) + hours(1), now));
}

TEST(Certificates, AnAlarmStandsUntilTheCertificateIsRenewed) {
  const auto logger = observe::Logger::create(
      observe::Level::error, std::filesystem::temp_directory_path() / "demat_certificates_test.log");
  observe::Metrics metrics;
  pipeline::Recorder recorder(*logger, metrics);
  std::vector<CertificateInUse> all{{"server", "", now + days(20)}, {"signer", "valjoie", now + days(200)}};
  watch_certificates(all, now, usual, recorder);
  ASSERT_EQ(recorder.alarms().standing().size(), 1U);
  EXPECT_EQ(recorder.alarms().standing()[0].subject, "server");
  EXPECT_EQ(recorder.alarms().standing()[0].step, 2U);
  all[1].not_after = now + hours(3);
  watch_certificates(all, now, usual, recorder);
  EXPECT_TRUE(recorder.alarms().stands("certificate.expires", "signer valjoie"));
  all[0].not_after = now + days(365);
  all[1].not_after = now + days(365);
  watch_certificates(all, now, usual, recorder);
  EXPECT_TRUE(recorder.alarms().standing().empty());
}

}  // namespace
}  // namespace demat
