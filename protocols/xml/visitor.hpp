#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "protocols/base/finding.hpp"

namespace demat::xml {

struct Attribute {
  std::string_view name;   ///< local name
  std::string_view ns;     ///< namespace URI, empty when none
  std::string_view value;  ///< UTF-8, entities resolved
};

/// An element as rules see it: the same whether it comes from a DOM or from the streaming road.
struct StartElement {
  std::string_view name;  ///< local name
  std::string_view ns;    ///< namespace URI, empty when none
  std::span<const Attribute> attributes;
  std::size_t depth = 0;  ///< 1 for the root
  std::size_t line = 0;

  /// The value of attribute `name` without namespace; empty when absent (PES leaves hold their value in V).
  [[nodiscard]] std::string_view attribute(std::string_view wanted) const {
    for (const auto& a : attributes)
      if (a.ns.empty() && a.name == wanted) return a.value;
    return {};
  }
  [[nodiscard]] bool has_attribute(std::string_view wanted) const {
    for (const auto& a : attributes)
      if (a.ns.empty() && a.name == wanted) return true;
    return false;
  }
};

/// Receives a document in order. Rules are visitors; one pass feeds them all.
class Visitor {
 public:
  virtual ~Visitor() = default;
  /// `path` is the element's place such as /PES_Aller/EnTetePES/CodCol or .../Bordereau[2]; valid for the
  /// call.
  virtual void start(const StartElement& element, std::string_view path) = 0;
  virtual void end(std::string_view name, std::string_view path) = 0;
  /// Text in pieces; may be called several times for one text.
  virtual void text(std::string_view /*piece*/) {}
  /// False stops the pass (the header reader has what it wants).
  [[nodiscard]] virtual bool wants_more() const { return true; }
};

}  // namespace demat::xml
