#include "gateway/periodic.hpp"

#include <thread>

#include "gateway/pipeline/signal.hpp"

namespace demat {

/// One task, its thread and what is known of it.
struct Periodic::Runner {
  Runner(PeriodicTask given, const Clock& wall, pipeline::Recorder& to)
      : task(std::move(given)), clock(wall), recorder(to) {
    state.name = task.name;
    state.period = task.period;
  }

  void run(const std::stop_token& stop);
  void take_turn(const std::stop_token& stop);
  void ended(const Status& status);
  [[nodiscard]] PeriodicState look() const;

  PeriodicTask task;
  const Clock& clock;
  pipeline::Recorder& recorder;
  pipeline::Signal hurry;
  mutable std::mutex mutex;  ///< guards state and began
  PeriodicState state;
  std::chrono::steady_clock::time_point began;
  std::jthread thread;  ///< last: it ends before the rest goes
};

void Periodic::Runner::run(const std::stop_token& stop) {
  std::uint64_t seen = 0;
  hurry.wait(stop, task.first_after, seen);
  while (!stop.stop_requested()) {
    take_turn(stop);
    hurry.wait(stop, task.period, seen);
  }
}

void Periodic::Runner::take_turn(const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex);
    state.running_since = clock.now();
    began = std::chrono::steady_clock::now();
  }
  try {
    ended(task.turn(stop));
  } catch (const std::exception& broken) {
    recorder.alarm("task.broken", task.name, broken.what());
    const std::lock_guard lock(mutex);
    state.running_since.reset();
    state.last_error = "task.broken";
  }
}

void Periodic::Runner::ended(const Status& status) {
  if (!status)
    recorder.log().warning(
        "task.failed",
        {{"task", task.name}, {"because", status.error().code}, {"detail", status.error().detail}});
  const std::lock_guard lock(mutex);
  state.running_since.reset();
  state.last_error = status ? std::string() : status.error().code;
  if (status) state.last_success = clock.now();
}

PeriodicState Periodic::Runner::look() const {
  const std::lock_guard lock(mutex);
  auto copy = state;
  copy.late = copy.running_since && std::chrono::steady_clock::now() - began > task.patience;
  return copy;
}

Periodic::Periodic(const Clock& clock, pipeline::Recorder& recorder) : clock_(clock), recorder_(recorder) {}

Periodic::~Periodic() {
  stop();
}

void Periodic::add(PeriodicTask task) {
  auto runner = std::make_unique<Runner>(std::move(task), clock_, recorder_);
  runner->thread = std::jthread([raw = runner.get()](const std::stop_token& stop) { raw->run(stop); });
  const std::lock_guard lock(mutex_);
  runners_.push_back(std::move(runner));
}

void Periodic::hurry(std::string_view name) {
  const std::lock_guard lock(mutex_);
  for (const auto& runner : runners_)
    if (runner->task.name == name) runner->hurry.raise();
}

std::vector<PeriodicState> Periodic::states() const {
  const std::lock_guard lock(mutex_);
  std::vector<PeriodicState> out;
  for (const auto& runner : runners_)
    out.push_back(runner->look());
  return out;
}

void Periodic::stop() {
  const std::lock_guard lock(mutex_);
  for (const auto& runner : runners_)
    runner->thread.request_stop();
  for (const auto& runner : runners_)
    if (runner->thread.joinable()) runner->thread.join();
}

}  // namespace demat
