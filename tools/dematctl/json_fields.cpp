#include "tools/dematctl/json_fields.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

namespace demat::ctl {
namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
  return json::serialize(*value);
}

std::int64_t number_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64()) return 0;
  return std::max<std::int64_t>(0, value->get_int64());
}

bool flag_of(const json::object& object, std::string_view key, bool otherwise) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

const json::object* object_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

std::vector<json::object> objects_of(const json::object& object, std::string_view key) {
  std::vector<json::object> items;
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return items;
  for (const json::value& item : value->get_array()) {
    if (const auto* inner = item.if_object()) items.push_back(*inner);
  }
  return items;
}

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
  std::vector<std::string> items;
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return items;
  for (const json::value& item : value->get_array()) {
    if (const auto* text = item.if_string()) items.emplace_back(text->data(), text->size());
  }
  return items;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts)
    all += (all.empty() ? "" : " ") + text;
  return all;
}

json::array as_array(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts)
    array.emplace_back(text);
  return array;
}

}  // namespace demat::ctl
