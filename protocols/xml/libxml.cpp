#include "protocols/xml/libxml.hpp"

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

}  // namespace demat::xml::detail
