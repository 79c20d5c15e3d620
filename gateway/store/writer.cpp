#include "gateway/store/writer.hpp"

#include <algorithm>
#include <utility>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/thread_name.hpp"
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

Status Writer::enqueue(const Group& items) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() + items.size() > max_queue) return failure(busy("the writer's queue is full"));
    queue_.insert(queue_.end(), items.begin(), items.end());
  }
  queued_.notify_one();
  return {};
}

Status Writer::await(Item& item) {
  std::unique_lock lock(item.mutex);
  item.answered.wait(lock, [&item] { return item.done; });
  if (item.broken) std::rethrow_exception(item.broken);
  if (item.error) return failure(std::move(*item.error));
  return {};
}

Status Writer::submit(Answer when, Work work) {
  const auto item = std::make_shared<Item>();
  item->work = std::move(work);
  item->when = when;
  if (auto queued = enqueue({item}); !queued) return queued;
  return await(*item);
}

std::vector<Status> Writer::run_together(std::vector<Work> works, Answer when) {
  Group items;
  for (auto& work : works) {
    items.push_back(std::make_shared<Item>());
    items.back()->work = std::move(work);
    items.back()->when = when;
  }
  if (auto queued = enqueue(items); !queued) return std::vector<Status>(items.size(), queued);
  // All are waited for before anything may unwind: the works refer to their caller's variables.
  for (const auto& item : items) {
    std::unique_lock lock(item->mutex);
    item->answered.wait(lock, [&item] { return item->done; });
  }
  std::vector<Status> answers;
  for (const auto& item : items)
    answers.push_back(await(*item));
  return answers;
}

/// Takes what is queued; nothing, when an open transaction has lingered long enough. False at the end.
bool Writer::gather(Group& group) {
  std::unique_lock lock(mutex_);
  const auto work_came = [this] { return stopping_ || !queue_.empty(); };
  if (open_)
    queued_.wait_until(lock, commit_by_, work_came);
  else
    queued_.wait(lock, work_came);
  group.assign(queue_.begin(), queue_.end());
  queue_.clear();
  return !group.empty() || open_;
}

void Writer::loop() {
  name_this_thread("demat-writer");
  for (Group group; gather(group);)
    run_group(group);
}

void Writer::run_group(const Group& group) {
  std::optional<Error> failed;
  std::exception_ptr broken;
  unanswered_.insert(unanswered_.end(), group.begin(), group.end());
  try {
    failed = run_transaction(group);
  } catch (const Refusal& refusal) {
    failed = refusal.error();
  } catch (...) {
    broken = std::current_exception();
  }
  if (open_)
    std::erase_if(unanswered_, [](const auto& item) { return item->done; });
  else
    answer_all(failed, broken);
}

void Writer::answer_all(const std::optional<Error>& failed, const std::exception_ptr& broken) {
  for (const auto& item : std::exchange(unanswered_, {})) {
    if (item->done) continue;
    // Items that had already failed by themselves keep their own reason.
    if (!item->error && !item->broken) {
      item->error = failed;
      item->broken = broken;
    }
    answer(*item);
  }
}

/// Leaves the transaction open when nothing in it must be durable at once and its time is not over.
std::optional<Error> Writer::run_transaction(const Group& group) {
  try {
    begin();
    bool at_once = false;
    for (const auto& item : group) {
      run_item(*item);
      if (item->when == Answer::at_once) answer(*item);
      at_once = at_once || item->when == Answer::once_durable;
    }
    if (!at_once && !group.empty() && std::chrono::steady_clock::now() < commit_by_) return std::nullopt;
    commit();
  } catch (const Refusal& refusal) {
    undo();
    return refusal.error();
  } catch (...) {
    undo();
    throw;
  }
  crash_point("after_commit");
  for (auto* participant : participants_)
    participant->committed(db_);
  return std::nullopt;
}

void Writer::begin() {
  if (open_) return;
  committing_ = false;
  db_.run("BEGIN IMMEDIATE");
  open_ = true;
  commit_by_ = std::chrono::steady_clock::now() + linger;
}

void Writer::commit() {
  for (auto* participant : participants_)
    participant->before_commit(db_);
  crash_point("before_commit");
  committing_ = true;
  db_.run("COMMIT");
  open_ = false;
}

void Writer::undo() {
  open_ = false;
  if (db_.in_transaction()) db_.run("ROLLBACK");
  for (auto* participant : participants_)
    participant->undone(db_, committing_);
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
  // Under the lock: the item outlives the waiter's return, its group holds it.
  const std::lock_guard lock(item.mutex);
  item.done = true;
  item.answered.notify_one();
}

}  // namespace demat::store
