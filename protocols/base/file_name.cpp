#include "protocols/base/file_name.hpp"

#include <algorithm>
#include <array>

#include "protocols/base/utf8.hpp"

namespace demat {
namespace {

constexpr std::size_t max_extension = 16;

/// Names that Windows keeps for devices, whatever their extension.
bool is_device(std::string_view name) {
  std::string stem(name.substr(0, name.find('.')));
  std::transform(stem.begin(), stem.end(), stem.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  constexpr std::array<std::string_view, 4> plain{"CON", "PRN", "AUX", "NUL"};
  if (std::find(plain.begin(), plain.end(), stem) != plain.end()) return true;
  return stem.size() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")) && stem[3] >= '0' &&
         stem[3] <= '9';
}

std::string cleaned(std::string_view raw) {
  const auto slash = raw.find_last_of("/\\");
  if (slash != raw.npos) raw.remove_prefix(slash + 1);
  // Controls and invisible characters become blanks, bad bytes a mark.
  std::string name = utf8_visible(raw);
  constexpr std::string_view unwelcome = ":*?\"<>|`$";
  for (char& c : name)
    if (unwelcome.find(c) != unwelcome.npos) c = '_';
  const auto begin = name.find_first_not_of(". -~");
  if (begin == name.npos) return {};
  name = name.substr(begin, name.find_last_not_of(". ") - begin + 1);
  return name.find_first_not_of("._ ") == name.npos ? std::string() : name;
}

}  // namespace

FileNameParts file_name_parts(std::string_view name) {
  const auto point = name.rfind('.');
  if (point == name.npos || point == 0 || name.size() - point > max_extension) return {name, {}};
  return {name.substr(0, point), name.substr(point)};
}

std::string safe_file_name(std::string_view raw, std::string_view otherwise) {
  std::string name = cleaned(raw);
  if (name.empty()) name = cleaned(otherwise);
  if (name.empty()) name = "piece-jointe";
  if (is_device(name)) name.insert(name.begin(), '_');
  const auto parts = file_name_parts(name);
  return std::string(utf8_first(parts.stem, max_safe_name - parts.extension.size())) +
         std::string(parts.extension);
}

}  // namespace demat
