#include "protocols/xsd/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "protocols/xml/value_space.hpp"

namespace demat::xsd {
namespace {

constexpr std::size_t longest_probe = 2'000;

// What exports and people really write, whatever the type.
constexpr std::array common{
    "",           " ",          ".",          "nc",         "NC",          "0",       "00",
    "000",        "1",          "01",         "001",        "9",           "-1",      "+5",
    "5.0",        "0.00",       "0.01",       "-0.01",      "12.345",      "1e3",     "1,5",
    "A",          "Z9",         "\xC3\xA9",   "A B",        "A-B",         "A_B",     "a.b",
    "A/B",        "A'B",        "true",       "false",      "2",           "2024",    "2024-02-29",
    "2023-02-29", "15/03/2024", "1899-12-31", "1900-01-01", "2024-01-01Z", "abc.pdf", "99999999999",
    "02A034",     "034000",     "A1",         "1A",         "AZ",          "(+)",     "2010",
    "2051",       "1999",       "12345678",   "12345678-9"};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

/// The type as XML Schema: one restriction per facet, since all of them apply.
std::string written(const ValueType& type) {
  std::string out = R"(<xs:simpleType><xs:restriction base="xs:)" + type.base + R"("/></xs:simpleType>)";
  for (const auto& facet : type.facets) {
    std::string step = "<xs:simpleType><xs:restriction>" + out;
    for (const auto& value : facet.values)
      step += "<xs:" + facet.name + " value=\"" + escaped(value) + "\"/>";
    out = step + "</xs:restriction></xs:simpleType>";
  }
  return out;
}

void lengths(std::size_t length, std::vector<std::string>& out) {
  for (const std::size_t n : {length - 1, length, length + 1}) {
    if (n > longest_probe) continue;
    out.emplace_back(n, 'A');
    out.emplace_back(n, '1');
    out.push_back(n == 0 ? std::string() : std::string(n - 1, 'a') + " ");
  }
}

void digits(std::size_t count, bool fraction, std::vector<std::string>& out) {
  for (const std::size_t n : {count - 1, count, count + 1}) {
    if (n == 0 || n > longest_probe) continue;
    if (fraction)
      out.push_back("1." + std::string(n, '7'));
    else
      for (const std::string& shape :
           {std::string(n, '9'), "-" + std::string(n, '9'), std::string(n, '9') + ".5"})
        out.push_back(shape);
  }
}

/// Single characters that patterns speak of, alone and between two letters.
void letters(const std::string& pattern, std::vector<std::string>& out) {
  for (const char c : pattern) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) continue;
    out.emplace_back(1, c);
    out.push_back(std::string("A") + c + "1");
  }
}

void probes(const ValueType& type, std::vector<std::string>& out) {
  for (const auto& facet : type.facets) {
    for (const auto& value : facet.values) {
      std::size_t number = 0;
      const bool counted =
          std::from_chars(value.data(), value.data() + value.size(), number).ec == std::errc{};
      if (facet.name == "pattern")
        letters(value, out);
      else
        out.push_back(value);
      if (!counted) continue;
      if (facet.name.ends_with("ength")) lengths(number, out);
      if (facet.name == "totalDigits") digits(number, false, out);
      if (facet.name == "fractionDigits") digits(number, true, out);
      if (facet.name.ends_with("clusive"))
        for (const int step : {-1, 1})
          out.push_back(std::to_string(static_cast<long long>(number) + step));
    }
  }
}

ValueChange tried(const ValueType& before, const ValueType& after) {
  ValueChange out;
  const auto a = xml::ValueSpace::make(written(before));
  const auto b = xml::ValueSpace::make(written(after));
  if (!a || !b) {
    out.unknown = true;
    return out;
  }
  std::vector<std::string> all(common.begin(), common.end());
  probes(before, all);
  probes(after, all);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (const auto& value : all) {
    const bool then = a->admits(value);
    const bool now = b->admits(value);
    if (now && !then) out.gained.push_back(value);
    if (then && !now) out.lost.push_back(value);
  }
  return out;
}

}  // namespace

const ValueChange& ValueComparer::compare(const ValueType& before, const ValueType& after) {
  const auto [known, fresh] = known_.try_emplace({written(before), written(after)});
  const bool same = before == after;
  if (fresh && !same && before.readable && after.readable) known->second = tried(before, after);
  if (fresh && !same && !(before.readable && after.readable)) known->second.unknown = true;
  return known->second;
}

}  // namespace demat::xsd
