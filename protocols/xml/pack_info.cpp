#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "protocols/base/toml.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::xml {
namespace {

Error invalid(std::string_view fr, std::string_view en, std::size_t line = 0) {
  auto error = permanent_error("pack.invalid", "", "");
  error.fr = "pack.toml : " + std::string{fr};
  error.en = "pack.toml: " + std::string{en};
  error.place.line = line;
  return error;
}

std::size_t line_of(const toml::node& node) {
  return static_cast<std::size_t>(node.source().begin.line);
}

Status only_keys(const toml::table& table, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    const std::string name{key.str()};
    return failure(
        invalid("clé inconnue « " + name + " ».", "unknown key \"" + name + "\".", line_of(value)));
  }
  return {};
}

Result<std::string> text(const toml::table& table, std::string_view key, bool may_be_empty = false) {
  const auto value = table[key].value<std::string>();
  if (value && (may_be_empty || !value->empty())) return *value;
  const std::string name{key};
  return failure(invalid("texte attendu pour la clé « " + name + " ».",
                         "a text is expected for key \"" + name + "\".", line_of(table)));
}

/// A path that stays inside the pack.
bool stays_inside(const std::string& file) {
  const std::filesystem::path path{file};
  if (path.is_absolute() || path.has_root_name()) return false;
  const auto normal = path.lexically_normal();
  return !normal.empty() && *normal.begin() != "..";
}

Result<PackEntry> read_entry(const toml::table& table) {
  if (auto status = only_keys(table, {"root", "namespace", "file", "unsupported"}); !status)
    return failure(std::move(status.error()));
  PackEntry entry;
  const std::initializer_list<std::pair<const char*, std::string*>> fields = {
      {"root", &entry.root}, {"namespace", &entry.ns}, {"file", &entry.file}};
  for (const auto& [key, field] : fields) {
    auto value = text(table, key, field == &entry.ns);
    if (!value) return failure(std::move(value.error()));
    *field = std::move(*value);
  }
  if (!stays_inside(entry.file))
    return failure(invalid("le fichier « " + entry.file + " » sort du dossier.",
                           "file \"" + entry.file + "\" leaves the folder.", line_of(table)));
  if (const auto* list = table["unsupported"].as_array()) {
    for (const auto& item : *list) {
      const auto name = item.value<std::string>();
      if (!name)
        return failure(
            invalid("« unsupported » : noms attendus.", "\"unsupported\": names expected.", line_of(table)));
      entry.unsupported.push_back(*name);
    }
  } else if (table.contains("unsupported")) {
    return failure(
        invalid("« unsupported » : liste attendue.", "\"unsupported\": a list is expected.", line_of(table)));
  }
  return entry;
}

Status read_entries(const toml::table& table, PackInfo& info) {
  const auto* entries = table["entry"].as_array();
  if (entries == nullptr || entries->empty())
    return failure(invalid("aucune table [[entry]].", "no [[entry]] table."));
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& item : *entries) {
    const auto* entry_table = item.as_table();
    if (entry_table == nullptr)
      return failure(invalid("[[entry]] attendu.", "[[entry]] expected.", line_of(item)));
    auto entry = read_entry(*entry_table);
    if (!entry) return failure(std::move(entry.error()));
    if (!seen.emplace(entry->root, entry->ns).second)
      return failure(invalid("racine « " + entry->root + " » décrite deux fois.",
                             "root \"" + entry->root + "\" is described twice.", line_of(item)));
    info.entries.push_back(std::move(*entry));
  }
  return {};
}

Result<PackInfo> read_table(const toml::table& table) {
  if (auto status = only_keys(table, {"protocol", "version", "title", "entry"}); !status)
    return failure(std::move(status.error()));
  PackInfo info;
  const std::initializer_list<std::pair<const char*, std::string*>> fields = {
      {"protocol", &info.protocol}, {"version", &info.version}, {"title", &info.title}};
  for (const auto& [key, field] : fields) {
    auto value = text(table, key);
    if (!value) return failure(std::move(value.error()));
    *field = std::move(*value);
  }
  if (auto status = read_entries(table, info); !status) return failure(std::move(status.error()));
  return info;
}

}  // namespace

Result<PackInfo> read_pack_info(const std::filesystem::path& folder) {
  std::ifstream stream(folder / "pack.toml", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && bytes.empty())
    return failure(permanent_error(
        "pack.unreadable",
        "Aucun jeu de schémas dans « " + folder.string() + " » : pack.toml y est absent ou illisible.",
        "No schema pack in \"" + folder.string() + "\": its pack.toml is absent or unreadable."));
  if (const auto status = check_toml_characters(bytes); !status)
    return failure(invalid(status.error().fr, status.error().en, status.error().place.line));
  try {
    auto info = read_table(toml::parse(bytes));
    if (info) info->folder = folder;
    return info;
  } catch (const toml::parse_error& error) {
    const std::string why{error.description()};
    return failure(
        invalid("syntaxe TOML incorrecte.", why, static_cast<std::size_t>(error.source().begin.line)));
  } catch (const TomlAssertion&) {
    return failure(invalid("syntaxe TOML incorrecte.", "this is not correct TOML."));
  }
}

}  // namespace demat::xml
