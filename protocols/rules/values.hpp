#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

/// The values that rules compare: dates, numbers, amounts. Nothing here allocates on the good path.
namespace demat::rules {

/// The text without the white space of XML around it, as schemas collapse it.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// Characters of a text in UTF-8, which is what limits of length count.
[[nodiscard]] std::size_t characters(std::string_view utf8);
[[nodiscard]] bool all_digits(std::string_view text);
/// xs:boolean; neither is true of what is none.
[[nodiscard]] bool yes(std::string_view value);
[[nodiscard]] bool no(std::string_view value);

/// A decimal number times ten to the power of `decimals`, "12.5" with 2 being 1250; nothing when it is not
/// one, has more decimals than that (zeros apart) or more than 16 digits in all (leading zeros apart).
[[nodiscard]] std::optional<std::int64_t> scaled(std::string_view text, int decimals);
/// An amount in cents: 14 digits before the point.
[[nodiscard]] std::optional<std::int64_t> cents(std::string_view amount);
/// "-1234.50" of -123450, as schemas want it.
[[nodiscard]] std::string decimal(std::int64_t cents);
/// Adds `more`; false, and `sum` is left as it was, where the sum is beyond 64 bits.
[[nodiscard]] bool add(std::int64_t& sum, std::int64_t more);

/// A whole number without sign; nothing when it is none or has more than 18 digits.
[[nodiscard]] std::optional<std::uint64_t> whole(std::string_view digits);

/// The same of an xs:decimal without decimals, which schemas let be written "+2", "02" or "2.0" too.
[[nodiscard]] std::optional<std::uint64_t> count(std::string_view number);

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
