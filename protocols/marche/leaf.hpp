#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/base/error.hpp"
#include "protocols/rules/values.hpp"

namespace demat::marche {

/// An amount in cents of euro.
using Cents = std::int64_t;

/// One value of a contract (attribute V), as it came without the blanks around it, and where it stood.
/// Readers do not judge: what is no amount or no date gives nothing.
struct Leaf {
  std::string text;
  std::string_view element;  ///< its local name; empty when the document does not have it
  std::size_t line = 0;

  [[nodiscard]] bool present() const { return !element.empty(); }
  [[nodiscard]] bool is(std::string_view value) const { return text == value; }
  /// "1234.5" is 123450; up to 14 digits, decimals beyond the second only when they are zeros.
  [[nodiscard]] std::optional<Cents> cents() const;
  /// xs:date; a time zone behind it is passed over.
  [[nodiscard]] std::optional<std::chrono::year_month_day> date() const;
  /// A whole number as xs:decimal may write it ("2", "02", "2.0"), below 1 000 000 000.
  [[nodiscard]] std::optional<unsigned> number() const;
  /// As xs:boolean: "1" or "true".
  [[nodiscard]] bool yes() const { return rules::yes(text); }
};

/// What every part of a contract knows of itself.
struct Block {
  Place place;
  std::string_view element;  ///< local name: "ModificationTitulaire"
};

/// Where a leaf of `block` stands; the block itself when the leaf is absent.
[[nodiscard]] Place place_of(const Block& block, const Leaf& leaf);

using rules::decimal;
using rules::trimmed;

}  // namespace demat::marche
