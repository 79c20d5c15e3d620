#include "tools/dematctl/connection_settings.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "gateway/config/nearest.hpp"
#include "gateway/config/toml_table.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;

struct Row {
  std::string_view key;
  const char* variable;
  std::string ConnectionSettings::*member;
  bool is_path;
};
constexpr std::array rows{Row{"url", "DEMATCTL_URL", &ConnectionSettings::url, false},
                          Row{"cert", "DEMATCTL_CERT", &ConnectionSettings::cert, true},
                          Row{"key", "DEMATCTL_KEY", &ConnectionSettings::key, true},
                          Row{"ca", "DEMATCTL_CA", &ConnectionSettings::ca, true},
                          Row{"authority", "DEMATCTL_AUTHORITY", &ConnectionSettings::authority, false}};

fs::path default_file(const config::Environment& environment) {
  if (const std::string folder = environment("XDG_CONFIG_HOME"); !folder.empty())
    return fs::path(folder) / "dematctl.toml";
  const std::string home = environment("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".config" / "dematctl.toml";
}

/// The key may have come from a source of lower precedence than `cert`: then it belongs to another
/// certificate.
struct Sources {
  int cert = 0;
  int key = 0;
};

std::string unknown_key(const config::Table& table) {
  for (const auto& [name, value] : table.values) {
    if (std::none_of(rows.begin(), rows.end(), [&](const Row& row) { return row.key == name; })) return name;
  }
  return {};
}

Answer<config::Table> read_file(const fs::path& file, bool required) {
  std::error_code error;
  if (file.empty() || (!required && !fs::exists(file, error))) return config::Table{};
  auto table = config::parse_toml_file(file);
  if (!table) return fail({Exit::usage, table.error(), {}});
  if (const std::string name = unknown_key(*table); !name.empty()) {
    std::vector<std::string_view> known;
    known.reserve(rows.size());
    for (const Row& row : rows)
      known.push_back(row.key);
    const std::string meant = config::nearest(name, known);
    return usage_failure("config.unknown_key",
                         file.string() + " : clé inconnue « " + name + " »" +
                             (meant.empty() ? "" : " ; vouliez-vous dire « " + meant + " » ?"),
                         file.string() + ": unknown key \"" + name + "\"" +
                             (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
  }
  return std::move(*table);
}

}  // namespace

Answer<ConnectionSettings> complete(ConnectionSettings given, const std::string& config_option,
                                    const config::Environment& environment) {
  std::string named = config_option.empty() ? environment("DEMATCTL_CONFIG") : config_option;
  const fs::path file = named.empty() ? default_file(environment) : fs::path(named);
  const auto table = read_file(file, !named.empty());
  if (!table) return fail(table.error());
  Sources sources{given.cert.empty() ? 3 : 0, given.key.empty() ? 3 : 0};
  const auto note = [&](const Row& row, int source) {
    if (row.key == "cert") sources.cert = source;
    if (row.key == "key") sources.key = source;
  };
  for (const Row& row : rows) {
    std::string& value = given.*(row.member);
    if (value.empty()) {
      value = environment(row.variable);
      if (!value.empty()) note(row, 1);
    }
    if (value.empty()) {
      value = table->text(row.key);
      if (!value.empty()) note(row, 2);
      if (!value.empty() && row.is_path) value = (fs::absolute(file).parent_path() / value).string();
    }
  }
  if (sources.key > sources.cert) given.key.clear();
  return given;
}

}  // namespace demat::ctl
