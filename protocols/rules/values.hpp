#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_set>

/// The values that rules compare: dates, numbers. Nothing here allocates on the good path.
namespace demat::rules {

/// A whole number without sign; nothing when it is none or has more than 18 digits.
[[nodiscard]] std::optional<std::uint64_t> whole(std::string_view digits);

/// Day part of an xs:date, "2026-01-14"; empty when it has not that form. Days compare as texts.
[[nodiscard]] std::string_view day(std::string_view date);

/// Numbers already seen. What comes in its order, one after the other, takes no memory.
class Numbers {
 public:
  /// Kept apart from the run; beyond, numbers are taken for new.
  static constexpr std::size_t max_kept = 100'000;

  /// False when the number was there already.
  bool add(std::uint64_t number);
  void clear();

 private:
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  bool any_ = false;
  std::unordered_set<std::uint64_t> others_;
};

}  // namespace demat::rules
