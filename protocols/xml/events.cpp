#include "protocols/xml/events.hpp"

#include <algorithm>

#include "protocols/xml/libxml.hpp"
#include "protocols/xml/node.hpp"

namespace demat::xml::detail {
std::string decode(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    const auto next = value.find(escaped_ampersand, at);
    out += value.substr(at, next - at);
    if (next == std::string_view::npos) break;
    out += '&';
    at = next + escaped_ampersand.size();
  }
  return out;
}

void VisitorSink::fill_attributes(const RawElement& element) {
  attributes_.clear();
  decoded_.clear();
  const auto count = static_cast<std::size_t>(element.attribute_count);
  decoded_.reserve(count);  // the views below must not move
  for (std::size_t i = 0; i < count; ++i) {
    const xmlChar** fields = element.attributes + i * 5;
    auto value = view(fields[3], fields[4]);
    if (value.find(escaped_ampersand) != std::string_view::npos) {
      decoded_.push_back(decode(value));
      value = decoded_.back();
    }
    attributes_.push_back({view(fields[0]), view(fields[2]), value});
  }
}

void VisitorSink::start(const RawElement& element) {
  tracker_.enter(element.name, view(element.name));
  names_.push_back(element.name);
  if (visitors_.empty()) return;
  fill_attributes(element);
  const StartElement start{view(element.name), view(element.ns), attributes_, tracker_.depth(), element.line};
  for (auto* visitor : visitors_)
    if (visitor->wants_more()) visitor->start(start, tracker_.path());
}

void VisitorSink::end() {
  for (auto* visitor : visitors_)
    if (visitor->wants_more()) visitor->end(view(names_.back()), tracker_.path());
  names_.pop_back();
  tracker_.leave();
}

void VisitorSink::text(std::string_view piece) {
  for (auto* visitor : visitors_)
    if (visitor->wants_more()) visitor->text(piece);
}

bool VisitorSink::wants_more() const {
  return std::any_of(visitors_.begin(), visitors_.end(), [](const Visitor* v) { return v->wants_more(); });
}

void walk(const Document& document, EventSink& sink) {
  const auto* const root = as_element(static_cast<const Node*>(document.root().handle()));
  const Node* node = root;
  while (node != nullptr && sink.wants_more()) {
    if (node->kind == Node::Kind::element) {
      const auto* element = as_element(node);
      sink.start({element->name, element->prefix, element->ns, static_cast<int>(element->namespace_count),
                  element->namespaces, static_cast<int>(element->attribute_count), element->attributes,
                  element->line});
      if (element->first != nullptr) {
        node = element->first;
        continue;
      }
      sink.end();
    } else if (node->kind == Node::Kind::text) {
      sink.text(node->content);
    }
    while (node != root && node->next == nullptr) {
      node = node->parent;
      sink.end();
    }
    if (node == root) break;
    node = node->next;
  }
}

}  // namespace demat::xml::detail
