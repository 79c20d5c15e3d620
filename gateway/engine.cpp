#include "gateway/engine.hpp"

namespace demat {

std::shared_ptr<Engine::Running> Engine::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

void Engine::run(GenerationPtr generation) {
  auto next = std::make_shared<Running>(Running{std::move(generation), nullptr});
  next->pipeline = make_(*next->generation);
  const std::lock_guard one_at_a_time(handing_over_);
  if (const auto old = running()) old->pipeline->stop();
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  next->pipeline->start();
  running_ = std::move(next);
}

void Engine::wake() {
  if (const auto now = running()) now->pipeline->wake();
}

void Engine::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  const std::lock_guard one_at_a_time(handing_over_);
  if (const auto now = running()) now->pipeline->stop();
}

void Engine::visit(const std::function<void(const pipeline::Pipeline&)>& look) const {
  if (const auto now = running()) look(*now->pipeline);
}

}  // namespace demat
