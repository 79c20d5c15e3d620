#include "protocols/xml/tree_parse.hpp"

#include <array>
#include <stdexcept>

#include "protocols/xml/encoding.hpp"
#include "protocols/xml/sax_stream.hpp"

namespace demat::xml::detail {
namespace {

constexpr std::array<bool, 256> make_base64() {
  std::array<bool, 256> table{};
  for (const char c :
       std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr auto base64_text = make_base64();

}  // namespace

bool is_base64_text(std::string_view text) {
  bool all = true;
  for (const char c : text)
    all = all && base64_text[static_cast<unsigned char>(c)];
  return all;
}

void finish_tree(DocumentState& state, TreeBuilder& builder, std::size_t scanned_elements,
                 std::string_view head) {
  if (builder.root() == nullptr || builder.elements() != scanned_elements)
    throw std::logic_error("xml: the guard and the parser disagree about the elements of a document");
  state.root = builder.root();
  state.encoding = declared_encoding(head);
  state.signatures = builder.take_signatures();
  state.identified = builder.take_identified();
  state.oddities = builder.take_oddities();
}

void keep_bytes(DocumentState& state) {
  // Only xmlsec will want them, for signatures.
  if (!state.signatures.empty()) state.copy = state.bytes;
  state.bytes = state.copy;
}

Status run_tree(std::string_view bytes, const ParseLimits& limits, DocumentState& state, EventSink* also) {
  StructureScanner guard(limits);
  TreeBuilder builder(state.arena, state.holes);
  state.bytes = bytes;
  if (also == nullptr) {
    if (auto status = run_sax(bytes, guard, builder, &state.names); !status) return status;
  } else {
    TeeSink both(builder, *also);
    if (auto status = run_sax(bytes, guard, both, &state.names); !status) return status;
  }
  state.placed = guard.take_placed();
  finish_tree(state, builder, guard.elements(), bytes.substr(0, declaration_window));
  return {};
}

}  // namespace demat::xml::detail
