#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <string>
#include <utility>

#include "gateway/http/problem.hpp"
#include "gateway/http/server.hpp"

namespace demat::http {

/// Bytes of bodies in memory, over all connections. Lives on the I/O thread.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t limit) : limit_(limit) {}
  /// A part of the budget, given back when dropped.
  class Part {
   public:
    Part() = default;
    Part(MemoryBudget* budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {}
    Part(Part&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    Part& operator=(Part&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Part() {
      if (budget_ != nullptr) budget_->used_ -= bytes_;
    }
    [[nodiscard]] explicit operator bool() const { return budget_ != nullptr; }

   private:
    MemoryBudget* budget_ = nullptr;
    std::size_t bytes_ = 0;
  };
  /// Empty when it does not fit.
  [[nodiscard]] Part take(std::size_t bytes) {
    if (used_ + bytes > limit_) return {};
    used_ += bytes;
    return {this, bytes};
  }
  /// What is taken stays taken; a lower limit holds for the next.
  void set_limit(std::size_t limit) { limit_ = limit; }

 private:
  std::size_t limit_;
  std::size_t used_ = 0;
};

/// What all connections of a server share; everything but `pool` belongs to the I/O thread.
struct Shared {
  Shared(ServerOptions o, Router r, std::size_t workers)
      : options(std::move(o)), router(std::move(r)), pool(workers), budget(options.http.memory_budget) {}
  ServerOptions options;  ///< of `http`, only the limits change (Server::reload)
  const Router router;
  boost::asio::thread_pool pool;
  MemoryBudget budget;
  bool stopping = false;

  void trouble(std::string_view code, std::string_view detail) const {
    if (options.observer.trouble) options.observer.trouble(code, detail);
  }
};

}  // namespace demat::http
