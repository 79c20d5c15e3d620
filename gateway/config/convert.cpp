#include "gateway/config/convert.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace demat::config {
namespace {

using Unit = std::pair<std::string_view, std::int64_t>;

constexpr std::array durations{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"min", 60'000}, Unit{"h", 3'600'000},
                               Unit{"d", 86'400'000}};
constexpr std::array sizes{
    Unit{"B", 1},       Unit{"kB", 1'000},      Unit{"MB", 1'000'000},     Unit{"GB", 1'000'000'000},
    Unit{"KiB", 1'024}, Unit{"MiB", 1'048'576}, Unit{"GiB", 1'073'741'824}};

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "15 min" with one of `units`; the number is not negative, and neither it nor the product overflows.
template <std::size_t N>
std::optional<std::int64_t> with_unit(std::string_view text, const std::array<Unit, N>& units) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = whole(text.substr(0, digits));
  std::string_view unit = text.substr(digits);
  while (!unit.empty() && unit.front() == ' ')
    unit.remove_prefix(1);
  for (const auto& [name, factor] : units) {
    if (number && unit == name && *number <= std::numeric_limits<std::int64_t>::max() / factor)
      return *number * factor;
  }
  return std::nullopt;
}

template <std::size_t N>
std::optional<std::int64_t> scaled(const Value& value, const std::array<Unit, N>& units, std::int64_t bare) {
  std::optional<std::int64_t> number = as_integer(value);
  if (!number) return value.kind == Value::Kind::text ? with_unit(value.text, units) : std::nullopt;
  const std::int64_t most = std::numeric_limits<std::int64_t>::max() / bare;
  return *number > most || *number < -most ? std::nullopt : std::optional(*number * bare);
}

}  // namespace

std::optional<std::string> as_text(const Value& value) {
  return value.kind == Value::Kind::text ? std::optional(value.text) : std::nullopt;
}

std::optional<std::int64_t> as_integer(const Value& value) {
  if (value.kind == Value::Kind::integer) return value.integer;
  return value.from_environment ? whole(value.text) : std::nullopt;
}

std::optional<double> as_number(const Value& value) {
  if (value.kind == Value::Kind::number) return value.number;
  if (const auto integer = as_integer(value)) return static_cast<double>(*integer);
  if (!value.from_environment) return std::nullopt;
  double number = 0;
  const char* const last = value.text.data() + value.text.size();
  const auto [end, error] = std::from_chars(value.text.data(), last, number);
  return error == std::errc{} && end == last ? std::optional(number) : std::nullopt;
}

std::optional<bool> as_flag(const Value& value) {
  if (value.kind == Value::Kind::flag) return value.flag;
  if (!value.from_environment) return std::nullopt;
  if (value.text == "true" || value.text == "1") return true;
  return value.text == "false" || value.text == "0" ? std::optional(false) : std::nullopt;
}

std::optional<std::chrono::milliseconds> as_duration(const Value& value) {
  const auto number = scaled(value, durations, 1'000);
  return number ? std::optional(std::chrono::milliseconds(*number)) : std::nullopt;
}

std::optional<std::int64_t> as_size(const Value& value) {
  return scaled(value, sizes, 1);
}

std::optional<std::vector<std::string>> as_texts(const Value& value) {
  std::vector<std::string> texts;
  if (value.from_environment) {
    for (std::size_t begin = 0; begin <= value.text.size();) {
      const std::size_t end = std::min(value.text.find(',', begin), value.text.size());
      texts.push_back(value.text.substr(begin, end - begin));
      begin = end + 1;
    }
    return texts;
  }
  if (value.kind != Value::Kind::list) return std::nullopt;
  for (const Value& item : value.items) {
    if (item.kind != Value::Kind::text) return std::nullopt;
    texts.push_back(item.text);
  }
  return texts;
}

std::optional<std::vector<int>> as_integers(const Value& value, int low, int high) {
  std::vector<Value> items = value.items;
  if (value.from_environment) {
    for (auto& text : as_texts(value).value_or(std::vector<std::string>()))
      items.push_back(Value::of_environment(std::move(text)));
  } else if (value.kind != Value::Kind::list) {
    return std::nullopt;
  }
  std::vector<int> numbers;
  for (const Value& item : items) {
    const auto number = as_integer(item);
    if (!number || *number < low || *number > high) return std::nullopt;
    numbers.push_back(static_cast<int>(*number));
  }
  return numbers;
}

}  // namespace demat::config
