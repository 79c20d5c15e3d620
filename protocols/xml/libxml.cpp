#include "protocols/xml/libxml.hpp"

#include <cstdint>
#include <mutex>

#include "protocols/xml/pack_files.hpp"

namespace demat::xml::detail {

void ensure_libxml() {
  static std::once_flag once;
  std::call_once(once, [] {
    xmlInitParser();
    xmlSetExternalEntityLoader(load_pack_file);
  });
}

std::size_t line_of(const xmlNode* node) {
  if (node->line < 65535) return node->line;
  if (node->type == XML_ELEMENT_NODE && node->psvi != nullptr)
    return static_cast<std::size_t>(reinterpret_cast<std::uintptr_t>(node->psvi));
  return node->line;
}

}  // namespace demat::xml::detail
