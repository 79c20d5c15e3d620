#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <stdexcept>
#include <string>
#include <vector>

namespace limit_bench {

/// CPU seconds used so far, by this thread or by the whole process.
inline double cpu_seconds(clockid_t clock) {
  timespec now{};
  if (clock_gettime(clock, &now) != 0) throw std::runtime_error("no CPU clock");
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

inline double median(std::vector<double> values) {
  if (values.empty()) throw std::runtime_error("nothing was measured");
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// How much to measure: `batches` figures of at least `batch_seconds` of CPU each.
struct Effort {
  std::size_t batches = 9;
  double batch_seconds = 0.03;
};

/// µs of CPU of one call of `work`: the median of the batches, after a warm-up call.
template <class Work>
double micros(const Effort& effort, clockid_t clock, Work&& work) {
  work();
  std::vector<double> figures;
  for (std::size_t i = 0; i < effort.batches; ++i) {
    std::size_t calls = 0;
    const double begin = cpu_seconds(clock);
    double spent = 0;
    do {
      work();
      ++calls;
      spent = cpu_seconds(clock) - begin;
    } while (spent < effort.batch_seconds);
    figures.push_back(spent / static_cast<double>(calls) * 1e6);
  }
  return median(std::move(figures));
}

inline void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("limit_bench: failed: ") + what);
}

}  // namespace limit_bench
