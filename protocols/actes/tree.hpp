#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"

/// A message as a small tree of its own. Internal to this folder.
namespace demat::actes {

struct TreeAttribute {
  std::string name;  ///< local name: prefixes are forgotten by some (actes 3.5)
  std::string value;
};

struct TreeNode {
  std::string name;  ///< local name
  std::string ns;
  std::string text;  ///< of the element itself, without that of its children
  std::string path;
  std::size_t line = 0;
  std::vector<TreeAttribute> attributes;
  std::vector<TreeNode> children;
  std::string
      written{};  ///< of a ds:Signature: its exclusive canonical form, which verifies like the original

  [[nodiscard]] Place place() const { return {line, path}; }
  /// Empty when absent.
  [[nodiscard]] std::string attribute(std::string_view wanted) const;
  [[nodiscard]] const TreeNode* child(std::string_view wanted) const;  ///< the first; null when absent
  [[nodiscard]] std::vector<const TreeNode*> all(std::string_view wanted) const;
};

inline constexpr std::size_t max_message_bytes = 8'388'608;  ///< a 7-2 has some 100 KB
inline constexpr std::size_t max_message_nodes = 100'000;

/// Namespace of ds:Signature.
inline constexpr std::string_view signature_ns = "http://www.w3.org/2000/09/xmldsig#";

/// Parses after putting right what the label says of the encoding; what was wrong goes to `remarks`.
[[nodiscard]] Result<TreeNode> read_tree(std::string_view bytes, Report& remarks);

/// Text without the blanks around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace demat::actes
