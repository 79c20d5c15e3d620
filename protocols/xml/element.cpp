#include <vector>

#include "protocols/xml/events.hpp"
#include "protocols/xml/libxml.hpp"
#include "protocols/xml/node.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xml {
namespace {

using detail::ElementNode;
using detail::Node;

const ElementNode* as_node(const void* handle) {
  return detail::as_element(static_cast<const Node*>(handle));
}

/// The attribute's five fields; null when it is absent.
const xmlChar** find_attribute(const ElementNode* node, std::string_view name) {
  for (std::size_t i = 0; i < node->attribute_count; ++i) {
    const xmlChar** fields = node->attributes + i * 5;
    if (fields[2] == nullptr && detail::view(fields[0]) == name) return fields;
  }
  return nullptr;
}

/// 1 for the first element of its name under its parent.
std::size_t number_of(const ElementNode* node) {
  if (node->number > 0) return node->number;
  if (node->parent == nullptr) return 1;
  std::size_t number = 1;
  for (const Node* before = node->parent->first; before != node; before = before->next)
    if (before->kind == Node::Kind::element && detail::as_element(before)->name == node->name) ++number;
  return number;
}

}  // namespace

std::string_view Element::name() const {
  return detail::view(as_node(node_)->name);
}

std::string_view Element::ns() const {
  return detail::view(as_node(node_)->ns);
}

std::size_t Element::line() const {
  return as_node(node_)->line;
}

std::string Element::path() const {
  std::vector<const ElementNode*> chain;
  for (const auto* node = as_node(node_); node != nullptr; node = node->parent)
    chain.push_back(node);
  std::string path;
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
    path += '/';
    path += detail::view((*it)->name);
    if (const auto number = number_of(*it); number > 1) path += '[' + std::to_string(number) + ']';
  }
  return path;
}

std::string Element::attribute(std::string_view name) const {
  const xmlChar** fields = find_attribute(as_node(node_), name);
  if (fields == nullptr) return {};
  const auto value = detail::view(fields[3], fields[4]);
  if (value.find('&') == std::string_view::npos) return std::string{value};
  return detail::decode(value);
}

bool Element::has_attribute(std::string_view name) const {
  return find_attribute(as_node(node_), name) != nullptr;
}

std::string Element::text() const {
  std::string out;
  const auto* const root = as_node(node_);
  for (const Node* node = root; node != nullptr; node = detail::following(node, root))
    if (node->kind == Node::Kind::text) out += node->content;
  return out;
}

std::vector<Element> Element::children() const {
  std::vector<Element> found;
  for (const Node* child = as_node(node_)->first; child != nullptr; child = child->next)
    if (child->kind == Node::Kind::element) found.push_back(Element{child});
  return found;
}

std::vector<Element> Element::children(std::string_view name, std::string_view ns) const {
  std::vector<Element> found;
  for (const Node* child = as_node(node_)->first; child != nullptr; child = child->next) {
    if (child->kind != Node::Kind::element) continue;
    const Element element{child};
    if (element.name() == name && element.ns() == ns) found.push_back(element);
  }
  return found;
}

bool Element::has_parent() const {
  return as_node(node_)->parent != nullptr;
}

Element Element::parent() const {
  return Element{static_cast<const Node*>(as_node(node_)->parent)};
}

}  // namespace demat::xml
