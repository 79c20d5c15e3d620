#include "protocols/marche/leaf.hpp"

#include <charconv>

namespace demat::marche {
namespace {

template <class T>
std::optional<T> whole(std::string_view text) {
  T out{};
  if (text.empty() || !rules::all_digits(text)) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc{}) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Cents> Leaf::cents() const {
  return rules::cents(text);
}

std::optional<std::chrono::year_month_day> Leaf::date() const {
  constexpr std::size_t length = 10;
  const std::string_view all = text;
  if (all.size() < length || all[4] != '-' || all[7] != '-') return std::nullopt;
  const auto zone = all.substr(length);
  if (!zone.empty() && zone != "Z" && zone.front() != '+' && zone.front() != '-') return std::nullopt;
  const auto year = whole<int>(all.substr(0, 4));
  const auto month = whole<unsigned>(all.substr(5, 2));
  const auto day = whole<unsigned>(all.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day out{std::chrono::year{*year}, std::chrono::month{*month},
                                        std::chrono::day{*day}};
  if (!out.ok()) return std::nullopt;
  return out;
}

std::optional<unsigned> Leaf::number() const {
  constexpr std::uint64_t largest = 999'999'999;
  const auto out = rules::count(text);
  if (!out || *out > largest) return std::nullopt;
  return static_cast<unsigned>(*out);
}

Place place_of(const Block& block, const Leaf& leaf) {
  if (!leaf.present()) return block.place;
  return {leaf.line, block.place.path + "/" + std::string(leaf.element)};
}

}  // namespace demat::marche
