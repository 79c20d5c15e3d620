// open_loop: requests at a fixed rate over kept TLS connections; latencies count from when a request was due.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "tools/open_loop/connection.hpp"

namespace {

using open_loop::Options;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Results {
  std::vector<double> millis;
  std::map<int, std::size_t> statuses;
  std::vector<std::string> troubles;
};

std::string request_text(const Options& options, std::size_t number) {
  std::string body = options.body;
  if (!options.mark.empty()) {
    std::string name = std::to_string(number);
    name.insert(0, options.mark.size() - std::min(options.mark.size(), name.size()), '0');
    for (auto at = body.find(options.mark); at != std::string::npos; at = body.find(options.mark, at))
      body.replace(at, options.mark.size(), name);
  }
  std::string text = options.method + " " + options.paths[number % options.paths.size()] +
                     " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\n";
  if (!body.empty()) text += "Content-Type: application/xml\r\n";
  return text + "\r\n" + body;
}

/// One connection: its requests are due at first, first + step, first + 2 step...
Results run(const Options& options, SSL_CTX* context, std::size_t index, Clock::time_point begin) {
  Results out;
  try {
    open_loop::Connection connection(context, options.port);
    const double step = static_cast<double>(options.connections) / options.rate;
    const double first = static_cast<double>(index) / options.rate;
    for (std::size_t i = 0;; ++i) {
      const double due = first + step * static_cast<double>(i);
      if (due > options.seconds) return out;
      const auto request = request_text(options, i * options.connections + index);
      const auto due_at = begin + std::chrono::duration_cast<Clock::duration>(Seconds(due));
      std::this_thread::sleep_until(due_at);
      const int status = connection.exchange(request);
      const double took = Seconds(Clock::now() - due_at).count();
      if (due < options.warm_up) continue;
      ++out.statuses[status];
      out.millis.push_back(took * 1e3);
    }
  } catch (const std::exception& trouble) {
    out.troubles.emplace_back(trouble.what());
  }
  return out;
}

double percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(place, sorted.size() - 1)];
}

void print(const Options& options, Results& all) {
  std::sort(all.millis.begin(), all.millis.end());
  std::printf("{\"rate\":%.1f,\"connections\":%zu,\"requests\":%zu,\"statuses\":{", options.rate,
              options.connections, all.millis.size());
  const char* comma = "";
  for (const auto& [status, count] : all.statuses) {
    std::printf("%s\"%d\":%zu", comma, status, count);
    comma = ",";
  }
  std::printf(
      "},\"troubles\":%zu,\"p50_ms\":%.2f,\"p90_ms\":%.2f,\"p99_ms\":%.2f,\"p999_ms\":%.2f,\"max_ms\":%.2f}"
      "\n",
      all.troubles.size(), percentile(all.millis, 0.5), percentile(all.millis, 0.9),
      percentile(all.millis, 0.99), percentile(all.millis, 0.999), percentile(all.millis, 1));
  for (const auto& trouble : all.troubles)
    std::fprintf(stderr, "%s\n", trouble.c_str());
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const Options options = open_loop::read_options(count, arguments);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    const auto context = open_loop::make_context(options);
    Results all;
    std::mutex mutex;
    std::vector<std::thread> threads;
    const auto begin = Clock::now() + std::chrono::milliseconds(500);
    for (std::size_t i = 0; i < options.connections; ++i)
      threads.emplace_back([&, i] {
        auto one = run(options, context.get(), i, begin);
        const std::lock_guard lock(mutex);
        all.millis.insert(all.millis.end(), one.millis.begin(), one.millis.end());
        for (const auto& [status, times] : one.statuses)
          all.statuses[status] += times;
        all.troubles.insert(all.troubles.end(), one.troubles.begin(), one.troubles.end());
      });
    for (auto& thread : threads)
      thread.join();
    print(options, all);
    return all.troubles.empty() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "open_loop: %s\n", error.what());
    return 2;
  }
}
