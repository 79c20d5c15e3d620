#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

#include "gateway/store/connection.hpp"

namespace demat::store {

/// What must follow the group transaction: the journal's head, the blob files. Called on the writer's thread.
class Participant {
 public:
  virtual ~Participant() = default;
  virtual void item_begins() = 0;
  virtual void item_undone() = 0;
  /// Last writes of the group; throws Refusal to undo all of it.
  virtual void before_commit(Connection& db) = 0;
  virtual void committed(Connection& db) = 0;
  /// The whole group is undone. After a failed COMMIT (`unsure`) what was written may come back at the next
  /// start, so nothing that a row could name may be removed.
  virtual void undone(Connection& db, bool unsure) = 0;
};

/// Group commit (design §4): callers queue work, one thread runs everything queued in one transaction, each
/// item inside its own savepoint, and answers all of them after the COMMIT. An item that fails undoes only
/// itself. There is no artificial delay: the group is what gathered during the previous commit. Work whose
/// loss in a crash means nothing (a lease) may be `eager`: it is answered at once and goes to disk with what
/// follows. Work that nobody waits for closely may go `in company`: answered once it is durable like any
/// other, but with the next commit that comes anyway, which costs a flow no flush of its own. Thread-safe.
class Writer {
 public:
  /// When a caller is answered: before its commit, after a commit at once, or after one that it may share.
  enum class Answer { at_once, once_durable, in_company };
  using Work = std::function<void(Connection&)>;
  static constexpr std::size_t max_queue = 4096;  ///< beyond it: `store.busy`
  /// A transaction that holds no work to be durable at once is ended after this.
  static constexpr std::chrono::milliseconds linger{10};

  /// `db` and the participants are used by the writer's thread only, and must outlive it.
  Writer(Connection& db, std::vector<Participant*> participants);
  ~Writer();  ///< finishes what is queued
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Runs `work(Connection&)` and returns its value once it is on disk. `work` fails by throwing Refusal;
  /// other exceptions are thrown again here.
  template <class F>
  auto run(F&& work) -> Result<std::invoke_result_t<F&, Connection&>> {
    return run_as(Answer::once_durable, std::forward<F>(work));
  }

  /// The same, but returns before it is on disk. What is written later is never durable without it, unless
  /// its transaction failed as a whole: then it is undone, unheard.
  template <class F>
  auto run_eagerly(F&& work) -> Result<std::invoke_result_t<F&, Connection&>> {
    return run_as(Answer::at_once, std::forward<F>(work));
  }

  /// Runs every work in the same transaction, each in a savepoint of its own, in order; one answer for each.
  std::vector<Status> run_together(std::vector<Work> works, Answer when = Answer::once_durable);

 private:
  struct Item {
    Work work;
    Answer when = Answer::once_durable;
    std::optional<Error> error;
    std::exception_ptr broken;
    std::mutex mutex;
    std::condition_variable answered;
    bool done = false;
  };
  using Group = std::vector<std::shared_ptr<Item>>;

  template <class F>
  auto run_as(Answer when, F&& work) -> Result<std::invoke_result_t<F&, Connection&>> {
    using T = std::invoke_result_t<F&, Connection&>;
    if constexpr (std::is_void_v<T>) {
      return submit(when, [&work](Connection& db) { work(db); });
    } else {
      std::optional<T> value;
      auto status = submit(when, [&work, &value](Connection& db) { value.emplace(work(db)); });
      if (!status) return failure(std::move(status.error()));
      return std::move(*value);
    }
  }

  Status submit(Answer when, Work work);
  [[nodiscard]] Status enqueue(const Group& items);
  static Status await(Item& item);
  void loop();
  [[nodiscard]] bool gather(Group& group);
  void run_group(const Group& group);
  void run_item(Item& item);
  std::optional<Error> run_transaction(const Group& group);
  void answer_all(const std::optional<Error>& failed, const std::exception_ptr& broken);
  void begin();
  void commit();
  void undo();
  static void answer(Item& item);

  Connection& db_;
  std::vector<Participant*> participants_;
  std::mutex mutex_;
  std::condition_variable queued_;
  std::deque<std::shared_ptr<Item>> queue_;
  bool stopping_ = false;
  bool open_ = false;  // a transaction that lingers; the writer's thread only, as the next three
  Group unanswered_;   // of that transaction
  bool committing_ = false;
  std::chrono::steady_clock::time_point commit_by_{};
  std::thread thread_;  // last: it uses all the others
};

}  // namespace demat::store
