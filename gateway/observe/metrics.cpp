#include "gateway/observe/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <map>
#include <mutex>

namespace demat::observe {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using Buckets = Histogram::BucketBoundaries;

/// Seconds. Requests and stages: from the cost of a cached answer to a stuck client.
const Buckets& short_times() {
  static const Buckets buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                               0.25,   0.5,   1,      2.5,   5,    10,    30};
  return buckets;
}

/// Seconds. Transmissions: from a local simulator to 100 MB over a slow line.
const Buckets& transfer_times() {
  static const Buckets buckets{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600};
  return buckets;
}

/// Seconds. From the transmission to its acquit: minutes when all goes well, days when it is overdue.
const Buckets& answer_times() {
  static const Buckets buckets{1, 10, 60, 300, 900, 3'600, 14'400, 43'200, 86'400, 172'800, 432'000};
  return buckets;
}

constexpr std::string_view prefix = "demat_";

std::string with_prefix(const std::string& name) {
  return name.starts_with(prefix) ? name : std::string(prefix) + name;
}

/// Gauges of one scrape, grouped by name as the text format wants them.
void append_samples(const std::vector<Sample>& samples,
                    std::map<std::string, prometheus::MetricFamily>& into) {
  for (const Sample& sample : samples) {
    auto& family = into[with_prefix(sample.name)];
    family.name = with_prefix(sample.name);
    family.help = sample.help;
    family.type = prometheus::MetricType::Gauge;
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : sample.labels)
      metric.label.push_back({name, value});
    metric.gauge.value = sample.value;
    family.metric.push_back(std::move(metric));
  }
}

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;
  Family<Counter>& transitions = counters("demat_transitions_total", "State changes of flows");
  Family<Counter>& requests = counters("demat_http_requests_total", "HTTP requests answered");
  Family<Histogram>& request_seconds = times("demat_http_request_seconds", "Time to answer a request");
  Family<Histogram>& stage_seconds = times("demat_stage_seconds", "Time of one stage of the pipeline");
  Family<Counter>& attempts = counters("demat_attempts_total", "Transmissions tried");
  Family<Histogram>& attempt_seconds = times("demat_attempt_seconds", "Time of one transmission");
  Family<Counter>& answers = counters("demat_answers_total", "Answers received from the State");
  Family<Histogram>& answer_delay =
      times("demat_ack_delay_seconds", "Time from the transmission of a flow to its acquit");
  Family<Counter>& alarms = counters("demat_alarms_total", "Events that a person must look at");
  Family<Gauge>& last_success = prometheus::BuildGauge()
                                    .Name("demat_last_success_timestamp_seconds")
                                    .Help("When something last went well with a destination")
                                    .Register(registry);
  Family<Counter>& collector_failures =
      counters("demat_collector_failures_total", "Sources of gauges that failed during a scrape");

  mutable std::mutex mutex;  ///< guards collectors
  std::vector<Collector> collectors;

  Family<Counter>& counters(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Histogram>& times(const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::transition(flow::State from, flow::State to) {
  impl_->transitions
      .Add({{"from", std::string(flow::to_string(from))}, {"to", std::string(flow::to_string(to))}})
      .Increment();
}

void Metrics::http_request(std::string_view route, std::string_view method, int status, double seconds) {
  impl_->requests
      .Add({{"route", std::string(route)},
            {"method", std::string(method)},
            {"status", std::to_string(status)}})
      .Increment();
  impl_->request_seconds.Add({{"route", std::string(route)}}, short_times()).Observe(seconds);
}

void Metrics::stage(std::string_view stage, double seconds) {
  impl_->stage_seconds.Add({{"stage", std::string(stage)}}, short_times()).Observe(seconds);
}

void Metrics::attempt(std::string_view destination, std::string_view outcome, double seconds) {
  impl_->attempts.Add({{"destination", std::string(destination)}, {"outcome", std::string(outcome)}})
      .Increment();
  impl_->attempt_seconds.Add({{"destination", std::string(destination)}}, transfer_times()).Observe(seconds);
}

void Metrics::answer(std::string_view kind, std::string_view result) {
  impl_->answers.Add({{"kind", std::string(kind)}, {"result", std::string(result)}}).Increment();
}

void Metrics::alarm(std::string_view code) {
  impl_->alarms.Add({{"code", std::string(code)}}).Increment();
}

void Metrics::answered_after(double seconds) {
  impl_->answer_delay.Add({}, answer_times()).Observe(seconds);
}

void Metrics::last_success(std::string_view destination, std::string_view what, double unix_seconds) {
  impl_->last_success.Add({{"destination", std::string(destination)}, {"what", std::string(what)}})
      .Set(unix_seconds);
}

void Metrics::add_collector(Collector collector) {
  const std::lock_guard lock(impl_->mutex);
  impl_->collectors.push_back(std::move(collector));
}

std::string Metrics::expose() const {
  std::vector<Collector> collectors;
  {
    const std::lock_guard lock(impl_->mutex);
    collectors = impl_->collectors;
  }
  std::map<std::string, prometheus::MetricFamily> gauges;
  for (const Collector& collector : collectors) {
    try {
      append_samples(collector(), gauges);
    } catch (const std::exception&) {
      // One broken source must not hide the others; the counter tells.
      impl_->collector_failures.Add({}).Increment();
    }
  }
  auto families = impl_->registry.Collect();
  for (auto& [name, family] : gauges)
    families.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace demat::observe
