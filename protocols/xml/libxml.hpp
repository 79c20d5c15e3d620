#pragma once

// For this folder only: handles and small helpers around libxml2. Public headers never include it.

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <memory>
#include <string>
#include <string_view>

namespace demat::xml::detail {

/// Initialises libxml2 once for the process and installs the entity loader that refuses everything but the
/// files of a pack being compiled (signature S6). Cheap when already done; thread-safe.
void ensure_libxml();

struct FreeDoc {
  void operator()(xmlDoc* doc) const { xmlFreeDoc(doc); }
};
struct FreeParser {
  void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};
struct FreeXml {
  void operator()(void* memory) const { xmlFree(memory); }
};
using DocPtr = std::unique_ptr<xmlDoc, FreeDoc>;
using ParserPtr = std::unique_ptr<xmlParserCtxt, FreeParser>;

[[nodiscard]] inline const xmlChar* xstr(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}
[[nodiscard]] inline std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(text)};
}
[[nodiscard]] inline std::string_view view(const xmlChar* begin, const xmlChar* end) {
  return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin)};
}

/// Options of every parse of untrusted input (stack X2, X3): big texts are allowed, the network is not,
/// entities are never substituted.
inline constexpr int parse_options =
    XML_PARSE_HUGE | XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_NOCDATA;

/// While alive, takes libxml2's complaints of this thread that no parser or validator of ours is asked to
/// handle, which would otherwise be printed: schema files being read, XPointer inside xmlsec. Keeps the first
/// one.
class ThreadErrors {
 public:
  ThreadErrors();
  ~ThreadErrors();
  ThreadErrors(const ThreadErrors&) = delete;
  ThreadErrors& operator=(const ThreadErrors&) = delete;
  [[nodiscard]] const std::string& first() const { return first_; }

 private:
  static void on_error(void* self, xmlErrorPtr error);

  std::string first_;
  xmlStructuredErrorFunc outer_;
  void* outer_context_;
};

/// "file:line: message" of an error, for operators.
[[nodiscard]] std::string technical(const xmlError& error);

}  // namespace demat::xml::detail
