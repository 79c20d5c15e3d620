#include "gateway/store/writer.hpp"

#include <algorithm>

#include "gateway/base/crash_point.hpp"
#include "gateway/store/errors.hpp"

namespace demat::store {

Writer::Writer(Connection& db, std::vector<Participant*> participants)
    : db_(db), participants_(std::move(participants)), thread_([this] { loop(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  queued_.notify_one();
  thread_.join();
}

Status Writer::submit(Work work) {
  const auto item = std::make_shared<Item>();
  item->work = std::move(work);
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= max_queue) return failure(busy("the writer's queue is full"));
    queue_.push_back(item);
  }
  queued_.notify_one();
  std::unique_lock lock(item->mutex);
  item->answered.wait(lock, [&item] { return item->done; });
  if (item->broken) std::rethrow_exception(item->broken);
  if (item->error) return failure(std::move(*item->error));
  return {};
}

void Writer::loop() {
  for (;;) {
    Group group;
    {
      std::unique_lock lock(mutex_);
      queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      group.assign(queue_.begin(), queue_.end());
      queue_.clear();
    }
    run_group(group);
  }
}

void Writer::run_group(Group& group) {
  std::optional<Error> failed;
  std::exception_ptr broken;
  try {
    failed = run_transaction(group);
  } catch (const Refusal& refusal) {
    failed = refusal.error();
  } catch (...) {
    broken = std::current_exception();
  }
  for (const auto& item : group) {
    // Items that had already failed by themselves keep their own reason.
    if (!item->error && !item->broken) {
      item->error = failed;
      item->broken = broken;
    }
    answer(*item);
  }
}

std::optional<Error> Writer::run_transaction(Group& group) {
  bool committing = false;
  try {
    db_.run("BEGIN IMMEDIATE");
    for (const auto& item : group)
      run_item(*item);
    for (auto* participant : participants_)
      participant->before_commit(db_);
    crash_point("before_commit");
    committing = true;
    db_.run("COMMIT");
  } catch (const Refusal& refusal) {
    if (db_.in_transaction()) db_.run("ROLLBACK");
    for (auto* participant : participants_)
      participant->undone(db_, committing);
    return refusal.error();
  } catch (...) {
    if (db_.in_transaction()) db_.run("ROLLBACK");
    for (auto* participant : participants_)
      participant->undone(db_, committing);
    throw;
  }
  crash_point("after_commit");
  for (auto* participant : participants_)
    participant->committed(db_);
  return std::nullopt;
}

void Writer::run_item(Item& item) {
  for (auto* participant : participants_)
    participant->item_begins();
  db_.run("SAVEPOINT item");
  try {
    item.work(db_);
  } catch (const Refusal& refusal) {
    // SQLite may have undone everything by itself (disk full, input/output error): then the group is lost.
    if (!db_.in_transaction()) throw;
    item.error = refusal.error();
  } catch (...) {
    if (!db_.in_transaction()) throw;
    item.broken = std::current_exception();
  }
  if (item.error || item.broken) {
    db_.run("ROLLBACK TO item");
    for (auto* participant : participants_)
      participant->item_undone();
  }
  db_.run("RELEASE item");
}

void Writer::answer(Item& item) {
  const std::lock_guard lock(item.mutex);
  item.done = true;
  item.answered.notify_one();
}

}  // namespace demat::store
