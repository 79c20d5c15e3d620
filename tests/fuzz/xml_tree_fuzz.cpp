// links: demat_base demat_xml LibXml2::LibXml2
// Our tree against libxml2's: what we accept, it accepts, and the canonical forms are the same.

#include <libxml/c14n.h>
#include <libxml/parser.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/xml/canonical.hpp"
#include "protocols/xml/parser.hpp"
#include "tests/fuzz/require.hpp"

namespace {

struct FreeDoc {
  void operator()(xmlDoc* doc) const { xmlFreeDoc(doc); }
};
struct FreeParser {
  void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};
struct FreeText {
  void operator()(xmlChar* text) const { xmlFree(text); }
};

void silent(void*, xmlErrorPtr) {}

/// Exclusive, with comments, of the root alone. Nothing where libxml2 cannot: relative namespace names.
std::optional<std::string> reference(std::string_view bytes) {
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(xmlNewParserCtxt());
  parser->sax->serror = silent;
  const std::unique_ptr<xmlDoc, FreeDoc> doc(
      xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr,
                        XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOCDATA));
  demat::fuzz::require(doc != nullptr && parser->wellFormed == 1, "libxml2 refuses what we accept");
  for (xmlNode* node = doc->children; node != nullptr;) {
    xmlNode* const next = node->next;
    if (node->type != XML_ELEMENT_NODE) {
      xmlUnlinkNode(node);
      xmlFreeNode(node);
    }
    node = next;
  }
  xmlChar* text = nullptr;
  const int size = xmlC14NDocDumpMemory(doc.get(), nullptr, XML_C14N_EXCLUSIVE_1_0, nullptr, 1, &text);
  const std::unique_ptr<xmlChar, FreeText> owned(text);
  if (size < 0) return std::nullopt;
  return std::string{reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using demat::fuzz::require;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto document = demat::xml::parse(bytes);
  const demat::MemorySource source(bytes);
  const auto lean = demat::xml::parse_lean(source, {}, 16);
  require(document.has_value() == lean.has_value(), "one road reads what the other refuses");
  if (!document) return 0;
  const auto ours =
      demat::xml::canonical(*document, document->root(), demat::xml::C14n::exclusive_with_comments);
  const auto theirs = demat::xml::canonical(*lean, lean->root(), demat::xml::C14n::exclusive_with_comments);
  require(ours && theirs, "no canonical form");
  require(*ours == *theirs, "a lean document has another canonical form");
  const auto third = reference(bytes);
  require(!third || *ours == *third, "not libxml2's canonical form");
  return 0;
}
