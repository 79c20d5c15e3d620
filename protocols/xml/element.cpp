#include <vector>

#include "protocols/xml/libxml.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xml {
namespace {

const xmlNode* as_node(const void* handle) {
  return static_cast<const xmlNode*>(handle);
}

const xmlAttr* find_attribute(const xmlNode* node, std::string_view name) {
  for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next)
    if (attribute->ns == nullptr && detail::view(attribute->name) == name) return attribute;
  return nullptr;
}

/// 1 for the first element of its name under its parent.
std::size_t number_of(const xmlNode* node) {
  std::size_t number = 1;
  for (const xmlNode* before = node->prev; before != nullptr; before = before->prev)
    if (before->type == XML_ELEMENT_NODE && xmlStrEqual(before->name, node->name) != 0) ++number;
  return number;
}

void append_text(const xmlNode* root, std::string& out) {
  const xmlNode* node = root->children;
  while (node != nullptr) {
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
      out += detail::view(node->content);
    if (node->type == XML_ELEMENT_NODE && node->children != nullptr) {
      node = node->children;
      continue;
    }
    while (node != root && node->next == nullptr)
      node = node->parent;
    if (node == root) return;
    node = node->next;
  }
}

}  // namespace

std::string_view Element::name() const {
  return detail::view(as_node(node_)->name);
}

std::string_view Element::ns() const {
  const auto* ns = as_node(node_)->ns;
  return ns == nullptr ? std::string_view{} : detail::view(ns->href);
}

std::size_t Element::line() const {
  return detail::line_of(as_node(node_));
}

std::string Element::path() const {
  std::vector<const xmlNode*> chain;
  for (const auto* node = as_node(node_); node != nullptr && node->type == XML_ELEMENT_NODE;
       node = node->parent)
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
  std::string value;
  if (const auto* attribute = find_attribute(as_node(node_), name))
    for (const xmlNode* text = attribute->children; text != nullptr; text = text->next)
      value += detail::view(text->content);
  return value;
}

bool Element::has_attribute(std::string_view name) const {
  return find_attribute(as_node(node_), name) != nullptr;
}

std::string Element::text() const {
  std::string out;
  append_text(as_node(node_), out);
  return out;
}

std::vector<Element> Element::children() const {
  std::vector<Element> found;
  for (const xmlNode* child = as_node(node_)->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) found.push_back(Element{child});
  return found;
}

std::vector<Element> Element::children(std::string_view name, std::string_view ns) const {
  std::vector<Element> found;
  for (const auto& child : children())
    if (child.name() == name && child.ns() == ns) found.push_back(child);
  return found;
}

bool Element::has_parent() const {
  const auto* parent = as_node(node_)->parent;
  return parent != nullptr && parent->type == XML_ELEMENT_NODE;
}

Element Element::parent() const {
  return Element{as_node(node_)->parent};
}

}  // namespace demat::xml
