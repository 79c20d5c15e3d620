#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "gateway/store/writer.hpp"

namespace demat::store {

/// Numbers 1, 2, 3... per key, in table `counter`. A number is told before its transaction is on disk: what
/// it goes into is written after it, on the same connection, and cannot be durable without it. When that
/// transaction is lost all the same (disk full), the next one carries what was told, so that no number is
/// given twice. Used by the writer's thread.
class Counters final : public Participant {
 public:
  [[nodiscard]] std::uint64_t count_up(Connection& db, const std::string& key);

  void item_begins() override {}
  void item_undone() override { lost_ = true; }
  void before_commit(Connection& db) override;
  void committed(Connection& db) override;
  void undone(Connection& db, bool unsure) override;

 private:
  std::map<std::string, std::uint64_t> told_;  // not known to be on disk
  bool lost_ = false;
};

}  // namespace demat::store
