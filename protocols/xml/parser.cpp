#include "protocols/xml/parser.hpp"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <vector>

#include "protocols/xml/document_state.hpp"
#include "protocols/xml/encoding.hpp"
#include "protocols/xml/events.hpp"
#include "protocols/xml/libxml.hpp"
#include "protocols/xml/markup_scanner.hpp"
#include "protocols/xml/parse_errors.hpp"

namespace demat::xml {

struct Document::Impl {
  Impl(detail::DocPtr parsed, Encoding stated) : encoding(std::move(stated)), doc(std::move(parsed)) {
    doc->_private = &state;
  }
  Encoding encoding;
  detail::DocumentState state;
  detail::DocPtr doc;
};

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Encoding Document::encoding() const {
  return impl_->encoding;
}
const void* Document::handle() const {
  return impl_->doc.get();
}
Element Document::root() const {
  return Element{xmlDocGetRootElement(impl_->doc.get())};
}

namespace {

/// The elements below `root`, itself included, for which `wanted` holds, in document order.
template <class Wanted>
std::vector<const xmlNode*> select(const xmlNode* root, const Wanted& wanted) {
  std::vector<const xmlNode*> found;
  const xmlNode* node = root;
  while (node != nullptr) {
    if (node->type == XML_ELEMENT_NODE) {
      if (wanted(*node)) found.push_back(node);
      if (node->children != nullptr) {
        node = node->children;
        continue;
      }
    }
    while (node != root && node->next == nullptr)
      node = node->parent;
    if (node == root) break;
    node = node->next;
  }
  return found;
}

bool carries(const xmlNode& element, std::string_view name) {
  for (const xmlAttr* attribute = element.properties; attribute != nullptr; attribute = attribute->next)
    if (attribute->ns == nullptr && detail::view(attribute->name) == name) return true;
  return false;
}

}  // namespace

std::vector<Element> Document::all(std::string_view name, std::string_view ns) const {
  std::vector<Element> found;
  for (const auto* node : select(xmlDocGetRootElement(impl_->doc.get()), [&](const xmlNode& element) {
         return detail::view(element.name) == name &&
                (element.ns == nullptr ? ns.empty() : detail::view(element.ns->href) == ns);
       }))
    found.push_back(Element{node});
  return found;
}

std::vector<Element> Document::with_attribute(std::string_view name) const {
  std::vector<Element> found;
  for (const auto* node : select(xmlDocGetRootElement(impl_->doc.get()),
                                 [&](const xmlNode& element) { return carries(element, name); }))
    found.push_back(Element{node});
  return found;
}

void Document::visit(Visitor& visitor) const {
  detail::VisitorSink sink({&visitor});
  detail::walk(*this, sink);
}

namespace {

void on_error(void* user_data, xmlErrorPtr error) {
  auto* context = static_cast<xmlParserCtxt*>(user_data);
  if (error != nullptr) static_cast<detail::ParseErrors*>(context->_private)->add(*error);
}

/// The guard has refused every DOCTYPE already; should one ever reach libxml2, the parser stops here.
void on_doctype(void* user_data, const xmlChar*, const xmlChar*, const xmlChar*) {
  xmlStopParser(static_cast<xmlParserCtxt*>(user_data));
}

/// libxml2 keeps 16 bits of line number per element; the whole number goes to `psvi`, which nothing else uses
/// here.
void on_start_keeping_line(void* user_data, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
                           int namespace_count, const xmlChar** namespaces, int attribute_count,
                           int defaulted, const xmlChar** attributes) {
  auto* context = static_cast<xmlParserCtxt*>(user_data);
  xmlSAX2StartElementNs(user_data, name, prefix, uri, namespace_count, namespaces, attribute_count, defaulted,
                        attributes);
  if (context->node != nullptr && context->input != nullptr && context->node->line == 65535)
    context->node->psvi = reinterpret_cast<void*>(static_cast<std::uintptr_t>(context->input->line));
}

}  // namespace

Result<Document> parse(std::string_view bytes, const ParseLimits& limits) {
  detail::ensure_libxml();
  const auto head = bytes.substr(0, detail::declaration_window);
  if (auto status = detail::check_encoding(head); !status) return failure(std::move(status.error()));
  if (auto status = detail::EncodingCheck(head).feed(bytes); !status)
    return failure(std::move(status.error()));
  detail::MarkupScanner guard(limits);
  if (auto status = guard.feed(bytes); !status) return failure(std::move(status.error()));
  if (bytes.size() > static_cast<std::size_t>(INT_MAX))
    return failure(permanent_error("xml.too_large", "Fichier trop volumineux.", "The file is too large."));

  const detail::ParserPtr parser{xmlNewParserCtxt()};
  if (!parser) throw std::bad_alloc();
  detail::ParseErrors errors;
  parser->_private = &errors;
  parser->sax->serror = on_error;
  parser->sax->internalSubset = on_doctype;
  if (guard.lines() >= 65535) parser->sax->startElementNs = on_start_keeping_line;
  detail::DocPtr doc{xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr,
                                       nullptr, detail::parse_options)};
  if (!doc || errors.any() || parser->wellFormed != 1 || xmlDocGetRootElement(doc.get()) == nullptr)
    return failure(errors.take());
  return Document{std::make_unique<Document::Impl>(std::move(doc), declared_encoding(head))};
}

}  // namespace demat::xml
