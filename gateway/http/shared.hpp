#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <map>
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

/// Requests under way, per certificate: none takes all the workers from the others. Lives on the I/O thread.
class Seats {
 public:
  class Seat {
   public:
    Seat() = default;
    Seat(Seats* seats, std::string whose) : seats_(seats), whose_(std::move(whose)) {}
    Seat(Seat&& other) noexcept
        : seats_(std::exchange(other.seats_, nullptr)), whose_(std::move(other.whose_)) {}
    Seat& operator=(Seat&& other) noexcept {
      std::swap(seats_, other.seats_);
      std::swap(whose_, other.whose_);
      return *this;
    }
    ~Seat() {
      if (seats_ != nullptr) seats_->give_back(whose_);
    }
    [[nodiscard]] explicit operator bool() const { return seats_ != nullptr; }

   private:
    Seats* seats_ = nullptr;
    std::string whose_;
  };
  /// Empty when `whose` has `most` already.
  [[nodiscard]] Seat take(const std::string& whose, std::size_t most) {
    auto& count = taken_[whose];
    if (count >= most) return {};
    ++count;
    return {this, whose};
  }

 private:
  void give_back(const std::string& whose) {
    const auto found = taken_.find(whose);
    if (--found->second == 0) taken_.erase(found);
  }
  std::map<std::string, std::size_t> taken_;
};

/// What all connections of a server share; everything but `pool` belongs to the I/O thread.
struct Shared {
  Shared(ServerOptions o, Router r, std::size_t workers)
      : options(std::move(o)), router(std::move(r)), pool(workers), budget(options.http.memory_budget) {}
  ServerOptions options;  ///< of `http`, only the limits change (Server::reload)
  const Router router;
  boost::asio::thread_pool pool;
  MemoryBudget budget;
  Seats seats;
  bool stopping = false;

  void trouble(std::string_view code, std::string_view detail) const {
    if (options.observer.trouble) options.observer.trouble(code, detail);
  }
};

}  // namespace demat::http
