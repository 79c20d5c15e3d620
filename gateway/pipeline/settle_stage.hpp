#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/pipeline/answer_settler.hpp"
#include "gateway/pipeline/dependencies.hpp"

namespace demat::pipeline {

/// Settles what has been imported (AnswerSettler), batch by batch; one that cannot be settled now waits
/// without standing before the others. Used by one thread.
class SettleStage {
 public:
  explicit SettleStage(const Dependencies& dependencies)
      : deps_(dependencies), settler_(dependencies.store, dependencies.recorder) {}

  /// Settles what has been imported; true when there may be more.
  bool pass();

 private:
  /// A return that could not be settled yet.
  struct Stuck {
    std::uint32_t failures = 0;
    Instant until{};
  };
  [[nodiscard]] Status settle_elsewhere(const flow::Return& item);
  void put_aside(const flow::Return& item, const Error& error);

  Dependencies deps_;
  AnswerSettler settler_;
  std::map<ReturnId, Stuck> stuck_;
};

}  // namespace demat::pipeline
