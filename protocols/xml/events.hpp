#pragma once

#include <libxml/xmlstring.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "protocols/xml/parser.hpp"
#include "protocols/xml/path_tracker.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::xml::detail {

/// A start tag in libxml2's SAX2 terms, whether it comes from the parser or from a tree. Attributes are
/// groups of five: local name, prefix, URI, value begin, value end; '&' in a value is written "&#38;", as the
/// parser does.
struct RawElement {
  const xmlChar* name = nullptr;
  const xmlChar* prefix = nullptr;
  const xmlChar* ns = nullptr;
  int namespace_count = 0;
  const xmlChar** namespaces = nullptr;
  int attribute_count = 0;
  const xmlChar** attributes = nullptr;
  std::size_t line = 0;
};

/// What the two roads (streaming parser, walk over a tree) feed.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void start(const RawElement& element) = 0;
  virtual void end() = 0;
  virtual void text(std::string_view piece) = 0;
  virtual void comment(std::string_view /*content*/) {}
  virtual void instruction(const xmlChar* /*target*/, std::string_view /*content*/) {}
  [[nodiscard]] virtual bool wants_more() const { return true; }
};

/// Turns events into calls of visitors, with the path of each element.
class VisitorSink : public EventSink {
 public:
  explicit VisitorSink(std::vector<Visitor*> visitors) : visitors_(std::move(visitors)) {}

  void start(const RawElement& element) override;
  void end() override;
  void text(std::string_view piece) override;
  [[nodiscard]] bool wants_more() const override;

 protected:
  [[nodiscard]] const PathTracker& tracker() const { return tracker_; }

 private:
  void fill_attributes(const RawElement& element);

  std::vector<Visitor*> visitors_;
  PathTracker tracker_;
  std::vector<const xmlChar*> names_;  ///< of the open elements
  std::vector<Attribute> attributes_;  ///< of the current start tag
  std::vector<std::string> decoded_;   ///< values that held an ampersand
};

/// Feeds two sinks with the same events; wants more as long as one of them does.
class TeeSink final : public EventSink {
 public:
  TeeSink(EventSink& first, EventSink& second) : first_(first), second_(second) {}
  void start(const RawElement& element) override {
    first_.start(element);
    second_.start(element);
  }
  void end() override {
    first_.end();
    second_.end();
  }
  void text(std::string_view piece) override {
    first_.text(piece);
    second_.text(piece);
  }
  void comment(std::string_view content) override {
    first_.comment(content);
    second_.comment(content);
  }
  void instruction(const xmlChar* target, std::string_view content) override {
    first_.instruction(target, content);
    second_.instruction(target, content);
  }
  [[nodiscard]] bool wants_more() const override { return first_.wants_more() || second_.wants_more(); }

 private:
  EventSink& first_;
  EventSink& second_;
};

/// A raw attribute value as it is meant: "&#38;" is '&'.
[[nodiscard]] std::string decode(std::string_view value);
inline constexpr std::string_view escaped_ampersand = "&#38;";

/// Walks a tree. Stops early when the sink wants no more.
void walk(const Document& document, EventSink& sink);

}  // namespace demat::xml::detail
