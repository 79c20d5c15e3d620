#pragma once

#include <libxml/xmlstring.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace demat::xml::detail {

/// A text that was left in the source (stack X6): bytes [begin, end), all of them base64 digits or blanks.
struct Hole {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t lines = 0;    ///< line ends in it
  std::uint32_t owner = 0;  ///< ordinal of the element whose whole content it is
};

/// What is looked for in nearly every tree.
inline constexpr std::string_view dsig_ns = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr std::string_view signature_name = "Signature";
inline constexpr std::string_view id_attribute = "Id";

struct ElementNode;

/// A node of our own tree. Everything lies in the document's arena or in the parser's dictionary.
struct Node {
  enum class Kind : std::uint8_t { element, text, comment, instruction };
  Kind kind = Kind::text;
  /// Of an outer element among the siblings of its name, from 1; 0: not counted.
  std::uint32_t number = 0;
  Node* next = nullptr;
  ElementNode* parent = nullptr;
  std::string_view content;  ///< of a text, comment or instruction
};

struct InstructionNode : Node {
  const xmlChar* target = nullptr;
};

/// Attributes and namespaces are kept as SAX2 gave them: groups of local name, prefix, URI, value begin,
/// value end, '&' in a value written "&#38;"; and pairs of prefix and URI.
struct ElementNode : Node {
  const xmlChar* name = nullptr;
  const xmlChar* prefix = nullptr;
  const xmlChar* ns = nullptr;
  Node* first = nullptr;
  Node* last = nullptr;
  const xmlChar** attributes = nullptr;
  const xmlChar** namespaces = nullptr;
  const Hole* hole = nullptr;
  std::uint32_t attribute_count = 0;
  std::uint32_t namespace_count = 0;
  std::uint32_t ordinal = 0;  ///< in document order, 0 for the root
  std::uint32_t line = 0;
};

[[nodiscard]] inline const ElementNode* as_element(const Node* node) {
  return static_cast<const ElementNode*>(node);
}

/// What no flow needs, and what two readers may understand in two ways; null: not met.
struct Oddities {
  const Node* instruction = nullptr;         ///< the element around the first processing instruction
  const Node* relative_namespace = nullptr;  ///< the first that declares one
  std::vector<const Node*> other_ids;        ///< with an `ID`, `id`, `iD` or `xml:id`, in document order
};

/// The node after `node` in document order within the subtree of `root`; null at the end. `into`: visit the
/// children of `node` first.
[[nodiscard]] inline const Node* following(const Node* node, const Node* root, bool into = true) {
  if (into && node->kind == Node::Kind::element && as_element(node)->first != nullptr)
    return as_element(node)->first;
  while (node != root && node->next == nullptr)
    node = node->parent;
  return node == root ? nullptr : node->next;
}

}  // namespace demat::xml::detail
