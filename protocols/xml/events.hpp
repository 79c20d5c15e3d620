#pragma once

#include <libxml/xmlstring.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "protocols/xml/parser.hpp"
#include "protocols/xml/path_tracker.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::xml::detail {

/// A start tag in libxml2's SAX2 terms, whether it comes from the parser or from a DOM. Attributes are groups
/// of five: local name, prefix, URI, value begin, value end; '&' in a value is written "&#38;", as the parser
/// does.
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

/// What the two roads (streaming parser, walk over a DOM) feed.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void start(const RawElement& element) = 0;
  virtual void end() = 0;
  virtual void text(std::string_view piece) = 0;
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

/// Walks a DOM. Stops early when the sink wants no more.
void walk(const Document& document, EventSink& sink);

}  // namespace demat::xml::detail
