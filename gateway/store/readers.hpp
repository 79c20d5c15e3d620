#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include "gateway/store/connection.hpp"

namespace demat::store {

/// A bounded pool of read-only connections, opened as needed. Each read sees one snapshot. Thread-safe.
class Readers {
 public:
  static constexpr std::size_t max_connections = 8;

  explicit Readers(std::filesystem::path file) : file_(std::move(file)) {}

  /// Runs `work(Connection&)`; waits while all connections are in use.
  template <class F>
  auto run(F&& work) -> Result<std::invoke_result_t<F&, Connection&>> {
    try {
      const Loan loan(*this);
      loan.connection().run("BEGIN");
      const Snapshot snapshot(loan.connection());
      return work(loan.connection());
    } catch (const Refusal& refusal) {
      return failure(refusal.error());
    }
  }

 private:
  /// Ends the read transaction; a read has nothing to lose by a rollback.
  class Snapshot {
   public:
    explicit Snapshot(Connection& db) : db_(db) {}
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

   private:
    Connection& db_;
  };
  class Loan {
   public:
    explicit Loan(Readers& pool) : pool_(pool), connection_(pool.take()) {}
    ~Loan() { pool_.give_back(std::move(connection_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    [[nodiscard]] Connection& connection() const { return *connection_; }

   private:
    Readers& pool_;
    std::unique_ptr<Connection> connection_;
  };

  std::unique_ptr<Connection> take();
  void give_back(std::unique_ptr<Connection> connection);

  std::filesystem::path file_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> free_;
  std::size_t open_ = 0;
};

}  // namespace demat::store
