#include "tools/dematctl/config_edit.hpp"

#include <vector>

namespace demat::ctl {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// Whether a line opens the table [schemas]; a comment may follow.
bool opens_schemas(std::string_view line) {
  line = trimmed(line.substr(0, line.find('#')));
  return line.size() > 2 && line.front() == '[' && line.back() == ']' &&
         trimmed(line.substr(1, line.size() - 2)) == "schemas";
}

bool sets(std::string_view line, std::string_view key) {
  const std::string_view name = trimmed(line.substr(0, line.find('=')));
  return line.find('=') != std::string_view::npos && (name == key || name == "\"" + std::string(key) + "\"");
}

/// What follows the value: a comment, kept.
std::string comment_of(std::string_view line) {
  const std::size_t quote = line.rfind('"');
  const std::size_t hash = line.find('#', quote == std::string_view::npos ? 0 : quote);
  return hash == std::string_view::npos ? std::string() : "  " + std::string(trimmed(line.substr(hash)));
}

}  // namespace

std::string with_schema_version(std::string_view toml, std::string_view protocol, std::string_view version) {
  const std::string setting = std::string(protocol) + " = \"" + std::string(version) + "\"";
  std::vector<std::string> lines = lines_of(toml);
  bool inside = false;
  bool done = false;
  std::size_t section = lines.size();
  for (std::size_t i = 0; i < lines.size() && !done; ++i) {
    const std::string_view line = trimmed(lines[i]);
    if (line.starts_with('[')) {
      inside = opens_schemas(line);
      if (inside) section = i;
    } else if (inside && !line.starts_with('#') && sets(line, protocol)) {
      lines[i] = setting + comment_of(lines[i]);
      done = true;
    }
  }
  if (!done && section < lines.size()) {
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(section) + 1, setting);
  } else if (!done) {
    lines.insert(lines.end(), {"", "[schemas]", setting});
  }
  std::string out;
  for (const std::string& line : lines)
    out += line + "\n";
  return out;
}

}  // namespace demat::ctl
