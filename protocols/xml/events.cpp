#include "protocols/xml/events.hpp"

#include <algorithm>

#include "protocols/xml/libxml.hpp"

namespace demat::xml::detail {
namespace {

constexpr std::string_view escaped_ampersand = "&#38;";

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

std::string encode(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '&') {
      out += escaped_ampersand;
    } else {
      out += c;
    }
  }
  return out;
}

/// The start tag of a DOM element in SAX2 form; buffers are reused from element to element.
class Converter {
 public:
  RawElement convert(const xmlNode* node) {
    namespaces_.clear();
    attributes_.clear();
    held_.clear();
    for (const xmlNs* ns = node->nsDef; ns != nullptr; ns = ns->next) {
      namespaces_.push_back(ns->prefix);
      namespaces_.push_back(ns->href);
    }
    for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next)
      ++held_count_;
    held_.reserve(held_count_);  // the views below must not move
    held_count_ = 0;
    for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next)
      add(attribute);
    RawElement raw;
    raw.name = node->name;
    raw.prefix = node->ns == nullptr ? nullptr : node->ns->prefix;
    raw.ns = node->ns == nullptr ? nullptr : node->ns->href;
    raw.namespace_count = static_cast<int>(namespaces_.size() / 2);
    raw.namespaces = namespaces_.data();
    raw.attribute_count = static_cast<int>(attributes_.size() / 5);
    raw.attributes = attributes_.data();
    raw.line = line_of(node);
    return raw;
  }

 private:
  void add(const xmlAttr* attribute) {
    std::string_view value;
    const xmlNode* text = attribute->children;
    if (text != nullptr && text->next == nullptr && view(text->content).find('&') == std::string_view::npos) {
      value = view(text->content);
    } else if (text != nullptr) {
      std::string whole;
      for (; text != nullptr; text = text->next)
        whole += view(text->content);
      held_.push_back(encode(whole));
      value = held_.back();
    }
    attributes_.push_back(attribute->name);
    attributes_.push_back(attribute->ns == nullptr ? nullptr : attribute->ns->prefix);
    attributes_.push_back(attribute->ns == nullptr ? nullptr : attribute->ns->href);
    const auto* begin = reinterpret_cast<const xmlChar*>(value.empty() ? "" : value.data());
    attributes_.push_back(begin);
    attributes_.push_back(begin + value.size());
  }

  std::vector<const xmlChar*> namespaces_;
  std::vector<const xmlChar*> attributes_;
  std::vector<std::string> held_;
  std::size_t held_count_ = 0;
};

}  // namespace

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
  const auto* root = static_cast<const xmlNode*>(document.root().handle());
  Converter converter;
  const xmlNode* node = root;
  while (node != nullptr && sink.wants_more()) {
    if (node->type == XML_ELEMENT_NODE) {
      sink.start(converter.convert(node));
      if (node->children != nullptr) {
        node = node->children;
        continue;
      }
      sink.end();
    } else if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
      sink.text(view(node->content));
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
