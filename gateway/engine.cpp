#include "gateway/engine.hpp"

namespace demat {

std::shared_ptr<Engine::Running> Engine::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

/// Ends it in a thread of its own; waits a little, for usually it is at rest.
void Engine::retire(std::shared_ptr<Running> old) {
  std::erase_if(retired_, [](const auto& one) {
    return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  });
  retired_.push_back(std::async(std::launch::async, [kept = std::move(old)] { kept->pipeline->stop(); }));
  retired_.back().wait_for(grace);
}

void Engine::run(GenerationPtr generation) {
  auto next = std::make_shared<Running>(Running{std::move(generation), nullptr});
  next->pipeline = make_(*next->generation);
  const std::lock_guard one_at_a_time(handing_over_);
  if (auto old = running()) retire(std::move(old));
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  next->pipeline->start();
  running_ = std::move(next);
}

void Engine::wake() {
  if (const auto now = running()) now->pipeline->wake();
}

void Engine::wake_check() {
  if (const auto now = running()) now->pipeline->wake_check();
}

void Engine::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  const std::lock_guard one_at_a_time(handing_over_);
  if (const auto now = running()) now->pipeline->stop();
  retired_.clear();
}

void Engine::visit(const std::function<void(const pipeline::Pipeline&)>& look) const {
  if (const auto now = running()) look(*now->pipeline);
}

}  // namespace demat
