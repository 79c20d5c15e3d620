#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocols/xml/arena.hpp"
#include "protocols/xml/events.hpp"
#include "protocols/xml/node.hpp"

namespace demat::xml::detail {

/// Makes a tree of the events of one document. Names stay in the parser's dictionary, which must be kept as
/// long as the tree.
class TreeBuilder final : public EventSink {
 public:
  /// `holes` in document order; both outlive the tree.
  TreeBuilder(Arena& arena, const std::vector<Hole>& holes) : arena_(arena), holes_(holes) {}

  void start(const RawElement& element) override;
  void end() override;
  void text(std::string_view piece) override;
  void comment(std::string_view content) override;
  void instruction(const xmlChar* target, std::string_view content) override;

  [[nodiscard]] const ElementNode* root() const { return root_; }
  [[nodiscard]] std::size_t elements() const { return elements_; }
  /// What is asked for most, noted on the way: every ds:Signature, and every element with an `Id`.
  [[nodiscard]] std::vector<const Node*> take_signatures() { return std::move(signatures_); }
  [[nodiscard]] std::vector<const Node*> take_identified() { return std::move(identified_); }
  [[nodiscard]] Oddities take_oddities() { return std::move(oddities_); }

 private:
  void flush();
  void append(Node* node);
  [[nodiscard]] std::string_view kept_text();
  void count(ElementNode* node);
  [[nodiscard]] bool is_relative(const xmlChar* uri);

  Arena& arena_;
  const std::vector<Hole>& holes_;
  ElementNode* root_ = nullptr;
  ElementNode* open_ = nullptr;
  std::string pending_;      ///< the text being gathered
  std::string_view blanks_;  ///< the last text of white space: indentation repeats
  std::uint32_t elements_ = 0;
  std::size_t depth_ = 0;  ///< of what is open
  /// Names met so far beside the open elements of depth 2 and 3.
  std::array<std::unordered_map<const xmlChar*, std::uint32_t>, 2> siblings_;
  std::size_t next_hole_ = 0;
  std::vector<const Node*> signatures_;
  std::vector<const Node*> identified_;
  Oddities oddities_;
  std::vector<const xmlChar*> absolute_;  ///< namespaces looked at; names are kept once
};

}  // namespace demat::xml::detail
