#include "gateway/transport/listing.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <string>

#include "gateway/transport/names.hpp"

namespace demat::transport {
namespace {

/// Takes the next line, without its line end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Takes the next word and the blanks before it.
std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

/// "20260301123456[.sss]" in UTC.
std::optional<Instant> to_instant(std::string_view text) {
  if (text.size() < 14) return {};
  const auto part = [&](std::size_t at, std::size_t size) { return to_number(text.substr(at, size)); };
  const auto year = part(0, 4), month = part(4, 2), day = part(6, 2);
  const auto hour = part(8, 2), minute = part(10, 2), second = part(12, 2);
  if (!year || !month || !day || !hour || !minute || !second) return {};
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void keep(std::vector<RemoteFile>& files, std::string_view name, std::string_view directory,
          std::uint64_t size, std::optional<Instant> time = {}) {
  if (auto plain = listed_name(name, directory)) files.push_back({std::move(*plain), size, time});
}

/// "-rw-r--r--   1 owner group   213 Aug 26 16:31 name": the name begins one blank after the eighth word.
bool read_unix(std::string_view line, std::string_view directory, std::vector<RemoteFile>& files) {
  constexpr std::string_view kinds = "-dlbcps";
  if (line.size() < 10 || kinds.find(line.front()) == std::string_view::npos) return false;
  const char kind = line.front();
  std::string_view rest = line;
  std::optional<std::uint64_t> size;
  for (int word = 0; word < 8; ++word) {
    const std::string_view value = take_word(rest);
    if (value.empty()) return false;
    if (word == 4) size = to_number(value);
  }
  if (!size || rest.size() < 2) return false;
  rest.remove_prefix(1);
  if (kind == '-') keep(files, rest, directory, *size);
  return true;
}

/// "03-01-26  04:31PM       <DIR>|213 name"
bool read_dos(std::string_view line, std::string_view directory, std::vector<RemoteFile>& files) {
  if (line.size() < 10 || line[2] != '-' || line[5] != '-') return false;
  std::string_view rest = line;
  take_word(rest);
  take_word(rest);
  const std::string_view size_or_dir = take_word(rest);
  if (rest.size() < 2) return false;
  rest.remove_prefix(1);
  if (size_or_dir == "<DIR>") return true;
  const auto size = to_number(size_or_dir);
  if (size) keep(files, rest, directory, *size);
  return size.has_value();
}

}  // namespace

std::vector<RemoteFile> parse_mlsd(std::string_view text, std::string_view directory) {
  std::vector<RemoteFile> files;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    std::string_view facts = line.substr(0, blank);
    if (!facts.empty() && !facts.ends_with(';')) continue;
    bool file = true;
    std::uint64_t size = 0;
    std::optional<Instant> time;
    while (!facts.empty()) {
      const std::string_view fact = facts.substr(0, facts.find(';'));
      facts.remove_prefix(std::min(fact.size() + 1, facts.size()));
      const std::size_t equal = fact.find('=');
      if (equal == std::string_view::npos) continue;
      const std::string key = lower(fact.substr(0, equal));
      const std::string_view value = fact.substr(equal + 1);
      if (key == "type") file = lower(value) == "file";
      if (key == "size") size = to_number(value).value_or(0);
      if (key == "modify") time = to_instant(value);
    }
    if (file) keep(files, line.substr(blank + 1), directory, size, time);
  }
  return files;
}

std::optional<std::vector<RemoteFile>> parse_list(std::string_view text, std::string_view directory) {
  std::vector<RemoteFile> files;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty() || line.starts_with("total ")) continue;
    if (!read_unix(line, directory, files) && !read_dos(line, directory, files)) return {};
  }
  return files;
}

std::vector<RemoteFile> parse_nlst(std::string_view text, std::string_view directory) {
  std::vector<RemoteFile> files;
  while (!text.empty()) {
    keep(files, take_line(text), directory, 0);
  }
  return files;
}

}  // namespace demat::transport
