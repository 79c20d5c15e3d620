#include "protocols/xml/parser.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "protocols/xml/document_state.hpp"
#include "protocols/xml/encoding.hpp"
#include "protocols/xml/events.hpp"
#include "protocols/xml/node.hpp"
#include "protocols/xml/sax_stream.hpp"
#include "protocols/xml/tree_builder.hpp"
#include "protocols/xml/tree_parse.hpp"

namespace demat::xml {

using detail::ElementNode;
using detail::Node;

Document::Document(std::unique_ptr<detail::DocumentState> state) : state_(std::move(state)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Encoding Document::encoding() const {
  return state_->encoding;
}
Element Document::root() const {
  return Element{static_cast<const Node*>(state_->root)};
}
bool Document::lean() const {
  return !state_->holes.empty();
}

bool Document::keeps_bytes() const {
  return !state_->bytes.empty();
}

std::size_t Document::canonicalised() const {
  return state_->canonicalised;
}

std::optional<ElementSpan> Document::span(const Element& element) const {
  const auto ordinal = detail::as_element(static_cast<const Node*>(element.handle()))->ordinal;
  const auto found =
      std::lower_bound(state_->placed.begin(), state_->placed.end(), ordinal,
                       [](const auto& placed, auto wanted) { return placed.ordinal < wanted; });
  if (found == state_->placed.end() || found->ordinal != ordinal) return std::nullopt;
  return found->span;
}

namespace {

/// The elements below `root`, itself included, for which `wanted` holds, in document order.
template <class Wanted>
std::vector<const Node*> select(const Node* root, const Wanted& wanted) {
  std::vector<const Node*> found;
  for (const Node* node = root; node != nullptr; node = detail::following(node, root))
    if (node->kind == Node::Kind::element && wanted(*detail::as_element(node))) found.push_back(node);
  return found;
}

bool carries(const ElementNode& element, std::string_view name) {
  for (std::size_t i = 0; i < element.attribute_count; ++i)
    if (element.attributes[i * 5 + 2] == nullptr && detail::view(element.attributes[i * 5]) == name)
      return true;
  return false;
}

}  // namespace

std::vector<Element> Document::all(std::string_view name, std::string_view ns) const {
  std::vector<Element> found;
  if (name == detail::signature_name && ns == detail::dsig_ns) {
    for (const auto* node : state_->signatures)
      found.push_back(Element{node});
    return found;
  }
  for (const auto* node : select(state_->root, [&](const ElementNode& element) {
         return detail::view(element.name) == name && detail::view(element.ns) == ns;
       }))
    found.push_back(Element{node});
  return found;
}

std::vector<Element> Document::with_attribute(std::string_view name) const {
  std::vector<Element> found;
  if (name == detail::id_attribute) {
    for (const auto* node : state_->identified)
      found.push_back(Element{node});
    return found;
  }
  for (const auto* node :
       select(state_->root, [&](const ElementNode& element) { return carries(element, name); }))
    found.push_back(Element{node});
  return found;
}

Document::Oddities Document::oddities() const {
  const auto& noted = state_->oddities;
  Oddities found;
  if (noted.instruction != nullptr) found.instruction = Element{noted.instruction};
  if (noted.relative_namespace != nullptr) found.relative_namespace = Element{noted.relative_namespace};
  for (const auto* node : noted.other_ids) {
    const auto* element = detail::as_element(node);
    for (std::size_t i = 0; i < element->attribute_count; ++i) {
      const xmlChar** fields = element->attributes + i * 5;
      auto name = std::string(detail::view(fields[0]));
      for (char& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      const bool usual = fields[2] == nullptr && detail::view(fields[0]) == detail::id_attribute;
      if (name == "id" && !usual)
        found.other_ids.push_back(detail::decode(detail::view(fields[3], fields[4])));
    }
  }
  return found;
}

void Document::visit(Visitor& visitor) const {
  detail::VisitorSink sink({&visitor});
  detail::walk(*this, sink);
}

namespace {

/// Every refusal of parse(), chunk by chunk, and what the scanner noted.
Status scan(const ByteSource& source, detail::StructureScanner& scanner) {
  constexpr std::size_t chunk_bytes = 65'536;
  std::vector<char> buffer(chunk_bytes);
  std::optional<detail::EncodingCheck> encoding;
  for (std::size_t offset = 0;;) {
    const auto got = source.read(offset, buffer);
    if (!got) return failure(got.error());
    const std::string_view chunk(buffer.data(), *got);
    if (!encoding) {
      const auto head = chunk.substr(0, detail::declaration_window);
      if (auto status = detail::check_encoding(head); !status) return status;
      encoding.emplace(head);
    }
    if (chunk.empty()) return {};
    if (auto status = encoding->feed(chunk); !status) return status;
    if (auto status = scanner.feed(chunk); !status) return status;
    offset += chunk.size();
  }
}

/// Keeps of the long texts those that are base64 throughout, and counts their lines.
Result<std::vector<detail::Hole>> base64_only(const ByteSource& source,
                                              std::vector<detail::Hole> candidates) {
  constexpr std::size_t chunk_bytes = 65'536;
  std::vector<char> buffer(chunk_bytes);
  std::vector<detail::Hole> kept;
  for (auto& hole : candidates) {
    bool plain = true;
    for (std::size_t at = hole.begin; plain && at < hole.end;) {
      const auto got = source.read(at, std::span(buffer).first(std::min(chunk_bytes, hole.end - at)));
      if (!got) return failure(got.error());
      if (*got == 0) break;
      const std::string_view chunk(buffer.data(), *got);
      plain = detail::is_base64_text(chunk);
      hole.lines += static_cast<std::size_t>(std::count(chunk.begin(), chunk.end(), '\n'));
      at += chunk.size();
    }
    if (plain) kept.push_back(hole);
  }
  return kept;
}

Result<Document> parse_tree(std::string_view bytes, const ParseLimits& limits, bool borrowed) {
  auto state = std::make_unique<detail::DocumentState>();
  if (auto status = detail::run_tree(bytes, limits, *state, nullptr); !status)
    return failure(std::move(status.error()));
  if (!borrowed) detail::keep_bytes(*state);
  return Document{std::move(state)};
}

}  // namespace

Result<Document> parse(std::string_view bytes, const ParseLimits& limits) {
  return parse_tree(bytes, limits, false);
}

Result<Document> parse_borrowed(std::string_view bytes, const ParseLimits& limits) {
  return parse_tree(bytes, limits, true);
}

Result<std::size_t> structured_bytes(const ByteSource& source, const ParseLimits& limits) {
  detail::StructureScanner scanner(limits, long_text_bytes);
  if (auto status = scan(source, scanner); !status) return failure(std::move(status.error()));
  const auto holes = base64_only(source, scanner.take_long_texts());
  if (!holes) return failure(holes.error());
  std::size_t hidden = 0;
  for (const auto& hole : *holes)
    hidden += hole.end - hole.begin;
  return source.size() - hidden;
}

Result<Document> parse_lean(const ByteSource& source, const ParseLimits& limits, std::size_t long_text) {
  auto state = std::make_unique<detail::DocumentState>();
  detail::StructureScanner scanner(limits, long_text);
  if (auto status = scan(source, scanner); !status) return failure(std::move(status.error()));
  auto holes = base64_only(source, scanner.take_long_texts());
  if (!holes) return failure(std::move(holes.error()));
  state->holes = std::move(*holes);
  state->placed = scanner.take_placed();
  state->source = &source;
  detail::TreeBuilder builder(state->arena, state->holes);
  if (auto status = detail::run_sax(source, state->holes, builder, &state->names); !status)
    return failure(std::move(status.error()));
  std::array<char, detail::declaration_window> head{};
  const auto got = source.read(0, head);
  if (!got) return failure(got.error());
  detail::finish_tree(*state, builder, scanner.elements(), {head.data(), *got});
  return Document{std::move(state)};
}

}  // namespace demat::xml
