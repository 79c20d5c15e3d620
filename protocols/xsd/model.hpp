#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::xsd {

/// One facet of a type; several values for alternatives (enumerations, patterns of one restriction).
struct Facet {
  std::string name;
  std::vector<std::string> values;
  friend bool operator==(const Facet&, const Facet&) = default;
};

/// A simple type: its built-in base and every facet met on the way down; all of them apply.
struct ValueType {
  std::string base = "string";
  std::vector<Facet> facets;
  bool readable = true;  ///< false: a union or a list, of which only the text is kept, in `base`
  friend bool operator==(const ValueType&, const ValueType&) = default;
};

struct AttributeUse {
  std::string name;
  bool required = false;
  ValueType type;
};

/// An element at its path. `least` and `most` take the groups around it into account: an alternative of a
/// choice may be absent.
struct Node {
  std::string path;    ///< "PES_Aller/EnTetePES/CodCol"
  std::string parent;  ///< its path; empty for the root
  std::string name;
  unsigned least = 1;
  unsigned most = 1;  ///< unbounded: see there
  std::vector<AttributeUse> attributes;
  std::optional<ValueType> text;  ///< of an element that holds text
  bool any = false;               ///< admits elements of any name inside
};
inline constexpr unsigned unbounded = ~0U;

/// One entry of a pack, unfolded: each element once, in the order of the schema.
struct Grammar {
  std::string root;
  std::string ns;
  std::vector<Node> nodes;
  /// (path of the parent, two of its children, in order) that cannot stand together.
  std::set<std::pair<std::string, std::pair<std::string, std::string>>> exclusive;
};

/// Reads the schema files of an entry with their includes and imports. What signatures hold is not unfolded,
/// nor a type inside itself. Redefinitions and substitution groups are not read: no pack uses them.
/// Errors: `pack.unreadable`, `pack.schema`.
[[nodiscard]] Result<Grammar> read_grammar(const std::filesystem::path& folder, const xml::PackEntry& entry);

}  // namespace demat::xsd
