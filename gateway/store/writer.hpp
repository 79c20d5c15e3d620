#pragma once

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
/// itself. There is no artificial delay: the group is what gathered during the previous commit. Thread-safe.
class Writer {
 public:
  using Work = std::function<void(Connection&)>;
  static constexpr std::size_t max_queue = 4096;  ///< beyond it: `store.busy`

  /// `db` and the participants are used by the writer's thread only, and must outlive it.
  Writer(Connection& db, std::vector<Participant*> participants);
  ~Writer();  ///< finishes what is queued
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Runs `work(Connection&)` and returns its value once it is on disk. `work` fails by throwing Refusal;
  /// other exceptions are thrown again here.
  template <class F>
  auto run(F&& work) -> Result<std::invoke_result_t<F&, Connection&>> {
    using T = std::invoke_result_t<F&, Connection&>;
    if constexpr (std::is_void_v<T>) {
      return submit([&work](Connection& db) { work(db); });
    } else {
      std::optional<T> value;
      auto status = submit([&work, &value](Connection& db) { value.emplace(work(db)); });
      if (!status) return failure(std::move(status.error()));
      return std::move(*value);
    }
  }

 private:
  struct Item {
    Work work;
    std::optional<Error> error;
    std::exception_ptr broken;
    std::mutex mutex;
    std::condition_variable answered;
    bool done = false;
  };
  using Group = std::vector<std::shared_ptr<Item>>;

  Status submit(Work work);
  void loop();
  void run_group(Group& group);
  void run_item(Item& item);
  std::optional<Error> run_transaction(Group& group);
  static void answer(Item& item);

  Connection& db_;
  std::vector<Participant*> participants_;
  std::mutex mutex_;
  std::condition_variable queued_;
  std::deque<std::shared_ptr<Item>> queue_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all the others
};

}  // namespace demat::store
