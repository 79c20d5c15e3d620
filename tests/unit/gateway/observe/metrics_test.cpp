#include "gateway/observe/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace demat::observe {
namespace {

using testing::HasSubstr;

TEST(MetricsTest, ExposesWhatWasCounted) {
  Metrics metrics;
  metrics.transition(flow::State::received, flow::State::checked);
  metrics.transition(flow::State::received, flow::State::checked);
  metrics.http_request("/v1/flows/{id}", "GET", 200, 0.003);
  metrics.stage("check", 0.02);
  metrics.attempt("helios", "sent", 0.4);
  metrics.answer("acquit", "matched");
  metrics.alarm("send.uncertain");
  metrics.last_success("helios", "poll", 1'772'368'496.0);
  const std::string text = metrics.expose();
  for (const char* line :
       {"# TYPE demat_transitions_total counter",
        "demat_transitions_total{from=\"received\",to=\"checked\"} 2",
        "demat_http_requests_total{method=\"GET\",route=\"/v1/flows/{id}\",status=\"200\"} 1",
        "demat_http_request_seconds_bucket{route=\"/v1/flows/{id}\",le=\"0.0025\"} 0",
        "demat_http_request_seconds_bucket{route=\"/v1/flows/{id}\",le=\"0.005\"} 1",
        "demat_stage_seconds_count{stage=\"check\"} 1",
        "demat_attempts_total{destination=\"helios\",outcome=\"sent\"} 1",
        "demat_attempt_seconds_bucket{destination=\"helios\",le=\"0.5\"} 1",
        "demat_answers_total{kind=\"acquit\",result=\"matched\"} 1",
        "demat_alarms_total{code=\"send.uncertain\"} 1", "demat_last_success_timestamp_seconds"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(MetricsTest, AsksCollectorsAtEachScrape) {
  Metrics metrics;
  double waiting = 3;
  metrics.add_collector([&] {
    return std::vector<Sample>{{"queue_length", "Flows waiting", {{"queue", "send"}}, waiting},
                               {"demat_oldest_seconds", "Age", {}, 1.5}};
  });
  metrics.add_collector([&] {
    return std::vector<Sample>{{"queue_length", "Flows waiting", {{"queue", "check"}}, 0}};
  });
  EXPECT_THAT(metrics.expose(), HasSubstr("demat_queue_length{queue=\"send\"} 3"));
  waiting = 4;
  const std::string text = metrics.expose();
  EXPECT_THAT(text, HasSubstr("demat_queue_length{queue=\"send\"} 4"));
  EXPECT_THAT(text, HasSubstr("demat_queue_length{queue=\"check\"} 0"));
  EXPECT_THAT(text, HasSubstr("demat_oldest_seconds 1.5"));
  const auto first = text.find("# TYPE demat_queue_length");
  EXPECT_EQ(text.find("# TYPE demat_queue_length", first + 1), std::string::npos) << "one family, one header";
}

TEST(MetricsTest, ABrokenCollectorHidesNothing) {
  Metrics metrics;
  metrics.add_collector([]() -> std::vector<Sample> { throw std::runtime_error("store is closed"); });
  metrics.add_collector([] { return std::vector<Sample>{{"fine", "Fine", {}, 1}}; });
  const std::string text = metrics.expose();
  EXPECT_THAT(text, HasSubstr("demat_fine 1"));
  EXPECT_THAT(text, HasSubstr("demat_collector_failures_total 1"));
}

TEST(MetricsTest, CountsFromManyThreads) {
  Metrics metrics;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&metrics] {
        for (int i = 0; i < 500; ++i)
          metrics.stage("check", 0.001);
      });
    }
  }
  EXPECT_THAT(metrics.expose(), HasSubstr("demat_stage_seconds_count{stage=\"check\"} 2000"));
}

}  // namespace
}  // namespace demat::observe
