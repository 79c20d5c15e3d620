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

ThreadErrors::ThreadErrors() : outer_(xmlStructuredError), outer_context_(xmlStructuredErrorContext) {
  xmlSetStructuredErrorFunc(this, on_error);
}

ThreadErrors::~ThreadErrors() {
  xmlSetStructuredErrorFunc(outer_context_, outer_);
}

void ThreadErrors::on_error(void* self, xmlErrorPtr error) {
  auto& first = static_cast<ThreadErrors*>(self)->first_;
  if (error != nullptr && error->level >= XML_ERR_ERROR && first.empty()) first = technical(*error);
}

std::string technical(const xmlError& error) {
  std::string text = error.message == nullptr ? "?" : error.message;
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  if (error.file == nullptr) return text;
  return std::string{error.file} + ":" + std::to_string(error.line) + ": " + text;
}

std::size_t line_of(const xmlNode* node) {
  if (node->line < 65535) return node->line;
  if (node->type == XML_ELEMENT_NODE && node->psvi != nullptr)
    return static_cast<std::size_t>(reinterpret_cast<std::uintptr_t>(node->psvi));
  return node->line;
}

}  // namespace demat::xml::detail
