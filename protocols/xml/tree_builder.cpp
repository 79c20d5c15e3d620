#include "protocols/xml/tree_builder.hpp"

#include <libxml/uri.h>

#include <algorithm>
#include <memory>

#include "protocols/xml/libxml.hpp"

namespace demat::xml::detail {
namespace {

const xmlChar** copy(Arena& arena, const xmlChar** from, std::size_t count) {
  if (count == 0) return nullptr;
  auto** to = arena.take<const xmlChar*>(count);
  std::copy(from, from + count, to);
  return to;
}

/// "Id" in capitals and small letters as may be.
bool is_some_id(const xmlChar* name) {
  return (name[0] | 0x20) == 'i' && (name[1] | 0x20) == 'd' && name[2] == 0;
}

bool is_id(const xmlChar** fields) {
  return fields[2] == nullptr && view(fields[0]) == id_attribute;
}

bool is_xml(const xmlChar* prefix) {
  return prefix != nullptr && view(prefix) == "xml";
}

}  // namespace

/// As libxml2 reads it: canonicalisation is not defined for a relative one.
bool TreeBuilder::is_relative(const xmlChar* uri) {
  if (uri == nullptr || *uri == 0 || std::ranges::find(absolute_, uri) != absolute_.end()) return false;
  using Uri = std::unique_ptr<xmlURI, decltype([](xmlURI* one) { xmlFreeURI(one); })>;
  const Uri parsed{xmlParseURI(reinterpret_cast<const char*>(uri))};
  if (!parsed || parsed->scheme == nullptr || *parsed->scheme == 0) return true;
  constexpr std::size_t remembered = 64;
  if (absolute_.size() < remembered) absolute_.push_back(uri);
  return false;
}

/// A file may have hundreds of thousands of bordereaux side by side: to find the number of one by counting
/// would make paths quadratic. Further in, the siblings of one element are counted when they are asked for.
void TreeBuilder::count(ElementNode* node) {
  if (depth_ >= 1 && depth_ <= siblings_.size()) node->number = ++siblings_[depth_ - 1][node->name];
  if (depth_ < siblings_.size() && !siblings_[depth_].empty()) siblings_[depth_] = {};
}

void TreeBuilder::append(Node* node) {
  node->parent = open_;
  if (open_->last == nullptr)
    open_->first = node;
  else
    open_->last->next = node;
  open_->last = node;
}

std::string_view TreeBuilder::kept_text() {
  constexpr std::size_t short_text = 64;
  if (pending_ == blanks_) return blanks_;
  const auto kept = arena_.keep(pending_);
  const bool blank = kept.size() <= short_text && kept.find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (blank) blanks_ = kept;
  return kept;
}

void TreeBuilder::flush() {
  if (pending_.empty()) return;
  auto* node = arena_.make<Node>();
  node->content = kept_text();
  append(node);
  pending_.clear();
}

void TreeBuilder::start(const RawElement& element) {
  flush();
  auto* node = arena_.make<ElementNode>();
  node->kind = Node::Kind::element;
  node->name = element.name;
  node->prefix = element.prefix;
  node->ns = element.ns;
  node->line = static_cast<std::uint32_t>(element.line);
  node->ordinal = elements_++;
  node->namespace_count = static_cast<std::uint32_t>(element.namespace_count);
  node->namespaces = copy(arena_, element.namespaces, std::size_t{node->namespace_count} * 2);
  node->attribute_count = static_cast<std::uint32_t>(element.attribute_count);
  node->attributes = copy(arena_, element.attributes, std::size_t{node->attribute_count} * 5);
  for (std::size_t i = 0; i < node->namespace_count; ++i)
    if (oddities_.relative_namespace == nullptr && is_relative(node->namespaces[i * 2 + 1]))
      oddities_.relative_namespace = node;
  bool identified = false;
  bool otherwise = false;
  for (std::size_t i = 0; i < node->attribute_count; ++i) {
    const xmlChar** fields = node->attributes + i * 5;
    const auto value = arena_.keep(view(fields[3], fields[4]));
    fields[3] = reinterpret_cast<const xmlChar*>(value.data());
    fields[4] = fields[3] + value.size();
    if (!is_some_id(fields[0])) continue;
    const bool usual = is_id(fields);
    identified = identified || usual;
    otherwise = otherwise || (!usual && (fields[2] == nullptr || is_xml(fields[1])));
  }
  if (identified) identified_.push_back(node);
  if (otherwise) oddities_.other_ids.push_back(node);
  if (next_hole_ < holes_.size() && holes_[next_hole_].owner == node->ordinal)
    node->hole = &holes_[next_hole_++];
  if (node->ns != nullptr && view(node->name) == signature_name && view(node->ns) == dsig_ns)
    signatures_.push_back(node);
  count(node);
  if (open_ != nullptr)
    append(node);
  else
    root_ = node;
  open_ = node;
  ++depth_;
}

void TreeBuilder::end() {
  flush();
  open_ = open_->parent;
  --depth_;
}

void TreeBuilder::text(std::string_view piece) {
  if (open_ != nullptr) pending_ += piece;
}

void TreeBuilder::comment(std::string_view content) {
  if (open_ == nullptr) return;  // before or after the root: in no subtree
  flush();
  auto* node = arena_.make<Node>();
  node->kind = Node::Kind::comment;
  node->content = arena_.keep(content);
  append(node);
}

void TreeBuilder::instruction(const xmlChar* target, std::string_view content) {
  if (open_ == nullptr) return;
  flush();
  auto* node = arena_.make<InstructionNode>();
  node->kind = Node::Kind::instruction;
  node->target = reinterpret_cast<const xmlChar*>(arena_.keep(view(target)).data());
  node->content = arena_.keep(content);
  append(node);
  if (oddities_.instruction == nullptr) oddities_.instruction = open_;
}

}  // namespace demat::xml::detail
