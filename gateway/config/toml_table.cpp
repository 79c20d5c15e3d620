#include "gateway/config/toml_table.hpp"

#include <fstream>
#include <iterator>

#include "protocols/base/toml.hpp"

namespace demat::config {
namespace {

Value to_value(const toml::node& node) {
  Value value;
  value.line = node.source().begin.line;
  if (const auto* text = node.as_string()) {
    value.kind = Value::Kind::text;
    value.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.kind = Value::Kind::integer;
    value.integer = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.kind = Value::Kind::number;
    value.number = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.kind = Value::Kind::flag;
    value.flag = flag->get();
  } else if (const auto* list = node.as_array()) {
    value.kind = Value::Kind::list;
    for (const auto& item : *list)
      value.items.push_back(to_value(item));
  }
  return value;
}

Table to_table(const toml::table& source) {
  Table table;
  table.line = source.source().begin.line;
  for (const auto& [key, node] : source) {
    const std::string name{key.str()};
    if (const auto* section = node.as_table()) {
      table.tables[name] = to_table(*section);
      continue;
    }
    const auto* list = node.as_array();
    if (list == nullptr || list->empty() || !list->is_homogeneous(toml::node_type::table)) {
      table.values[name] = to_value(node);
      continue;
    }
    for (const auto& item : *list)
      table.arrays[name].push_back(to_table(*item.as_table()));
  }
  return table;
}

}  // namespace

Value Value::of_environment(std::string text) {
  Value value;
  value.kind = Kind::text;
  value.text = std::move(text);
  value.from_environment = true;
  return value;
}

std::string Table::text(std::string_view key) const {
  const auto found = values.find(key);
  return found != values.end() && found->second.kind == Value::Kind::text ? found->second.text : "";
}

Result<Table> parse_toml(std::string_view text) {
  if (auto status = check_toml_characters(text); !status) return failure(std::move(status.error()));
  try {
    return to_table(toml::parse(text));
  } catch (const toml::parse_error& error) {
    const std::string reason{error.description()};
    Error failed = permanent_error("config.syntax", "Ce n'est pas du TOML correct : " + reason,
                                   "This is not correct TOML: " + reason);
    failed.place.line = error.source().begin.line;
    return failure(std::move(failed));
  } catch (const TomlAssertion&) {
    return failure(
        permanent_error("config.syntax", "Ce n'est pas du TOML correct.", "This is not correct TOML."));
  }
}

Result<Table> parse_toml_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::error_code ignored;
  if (!in || std::filesystem::is_directory(file, ignored)) {
    return failure(permanent_error("config.file", "Fichier illisible : " + file.string(),
                                   "Unreadable file: " + file.string()));
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse_toml(text);
}

}  // namespace demat::config
