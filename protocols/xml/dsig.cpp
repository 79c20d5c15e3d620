#include "protocols/xml/dsig.hpp"

#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/openssl/app.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

#include "protocols/xml/document_state.hpp"
#include "protocols/xml/libxml.hpp"
#include "protocols/xml/pack_files.hpp"

namespace demat::xml {
namespace {

constexpr std::string_view dsig_ns = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::size_t max_references = 8;

// xmlsec reports through one callback per process, without user data (signature 6.3).
thread_local std::string* current_reason = nullptr;

void on_xmlsec_error(const char*, int, const char* function, const char*, const char*, int reason,
                     const char*) {
  if (current_reason == nullptr || !current_reason->empty()) return;
  *current_reason =
      std::string{"xmlsec "} + (function == nullptr ? "?" : function) + " " + std::to_string(reason);
}

/// Collects xmlsec's first complaint of this thread while alive.
class ReasonScope {
 public:
  explicit ReasonScope(std::string& reason) { current_reason = &reason; }
  ~ReasonScope() { current_reason = nullptr; }
  ReasonScope(const ReasonScope&) = delete;
  ReasonScope& operator=(const ReasonScope&) = delete;
};

bool ensure_xmlsec() {
  static const bool ready = [] {
    detail::ensure_libxml();
    if (xmlSecInit() < 0 || xmlSecCryptoAppInit(nullptr) < 0 || xmlSecCryptoInit() < 0) return false;
    xmlSecErrorsSetCallback(on_xmlsec_error);
    // xmlSecInit() puts a loader of its own before ours.
    xmlSetExternalEntityLoader(detail::load_pack_file);
    return true;
  }();
  return ready;
}

struct FreeContext {
  void operator()(xmlSecDSigCtx* context) const { xmlSecDSigCtxDestroy(context); }
};
using ContextPtr = std::unique_ptr<xmlSecDSigCtx, FreeContext>;

/// Only what the profile may use (signature 1.9, 6.3, S1): no SHA-1, no XPath, no XSLT.
bool restrict_context(xmlSecDSigCtx& context) {
  context.enabledReferenceUris = xmlSecTransformUriTypeEmpty | xmlSecTransformUriTypeSameDocument;
  context.flags |= XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
  const std::array both = {xmlSecTransformInclC14NId, xmlSecTransformInclC14NWithCommentsId,
                           xmlSecTransformExclC14NId, xmlSecTransformExclC14NWithCommentsId,
                           xmlSecTransformSha256Id,   xmlSecTransformSha384Id,
                           xmlSecTransformSha512Id};
  const std::array signature_only = {xmlSecTransformRsaSha256Id,   xmlSecTransformRsaSha384Id,
                                     xmlSecTransformRsaSha512Id,   xmlSecTransformEcdsaSha256Id,
                                     xmlSecTransformEcdsaSha384Id, xmlSecTransformEcdsaSha512Id};
  const auto in_reference = [&](auto id) { return xmlSecDSigCtxEnableReferenceTransform(&context, id) == 0; };
  const auto in_signature = [&](auto id) { return xmlSecDSigCtxEnableSignatureTransform(&context, id) == 0; };
  return std::all_of(both.begin(), both.end(),
                     [&](auto id) { return in_reference(id) && in_signature(id); }) &&
         in_reference(xmlSecTransformEnvelopedId) &&
         std::all_of(signature_only.begin(), signature_only.end(), in_signature);
}

/// "" or "#name": no XPointer expression gets near an evaluator.
bool is_plain_reference(std::string_view uri) {
  if (uri.empty()) return true;
  if (uri[0] != '#' || uri.size() == 1) return false;
  return uri.find_first_of("()'\"/[]# \t\r\n") == 0 && uri.find_first_of("()'\"/[]# \t\r\n", 1) == uri.npos;
}

/// Why xmlsec should not even be asked; empty when it may.
std::string refusal(const Element& signature) {
  if (signature.name() != "Signature" || signature.ns() != dsig_ns) return "not a ds:Signature";
  const auto infos = signature.children("SignedInfo", dsig_ns);
  if (infos.size() != 1) return "SignedInfo missing or repeated";
  const auto references = infos.front().children("Reference", dsig_ns);
  if (references.empty() || references.size() > max_references) return "no Reference, or too many";
  for (const auto& reference : references)
    if (!reference.has_attribute("URI") || !is_plain_reference(reference.attribute("URI")))
      return "Reference outside the document";
  return {};
}

void register_ids(xmlNode* node, detail::XmlsecTree& tree) {
  for (xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next) {
    if (attribute->ns != nullptr || detail::view(attribute->name) != "Id") continue;
    std::string value;
    for (const xmlNode* text = attribute->children; text != nullptr; text = text->next)
      value += detail::view(text->content);
    if (xmlAddID(nullptr, tree.doc.get(), detail::xstr(value.c_str()), attribute) == nullptr)
      tree.duplicate_ids = true;
  }
  for (xmlNode* child = node->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) register_ids(child, tree);
}

void ignore_error(void*, xmlErrorPtr) {}

/// libxml2's own tree of the bytes that our parser accepted; null when it will not have them.
detail::DocPtr libxml_tree(std::string_view bytes) {
  const detail::ParserPtr parser{xmlNewParserCtxt()};
  if (!parser) throw std::bad_alloc();
  parser->sax->serror = ignore_error;
  return detail::DocPtr{xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr,
                                          nullptr, detail::parse_options)};
}

/// The element with this number in document order.
xmlNode* element_at(xmlDoc* doc, std::uint32_t ordinal) {
  xmlNode* const root = xmlDocGetRootElement(doc);
  for (xmlNode* node = root; node != nullptr;) {
    if (node->type == XML_ELEMENT_NODE) {
      if (ordinal-- == 0) return node;
      if (node->children != nullptr) {
        node = node->children;
        continue;
      }
    }
    while (node != root && node->next == nullptr)
      node = node->parent;
    if (node == root) return nullptr;
    node = node->next;
  }
  return nullptr;
}

DsigVerdict run_xmlsec(xmlSecDSigCtx& context, xmlNode* node) {
  std::string reason;
  const ReasonScope scope(reason);
  const detail::ThreadErrors quiet;
  const int rc = xmlSecDSigCtxVerify(&context, node);
  if (rc == 0 && context.status == xmlSecDSigStatusSucceeded) return {true, {}};
  if (reason.empty()) reason = "signature value or a digest does not match";
  return {false, reason};
}

}  // namespace

Result<DsigVerdict> verify_signature(const Document& document, const Element& signature,
                                     const Bytes& certificate_der) {
  if (auto why = refusal(signature); !why.empty()) return DsigVerdict{false, std::move(why)};
  if (!document.keeps_bytes()) return DsigVerdict{false, "the bytes are not in memory"};
  const auto library_error = [] {
    return failure(waiting_error("dsig.library", "Vérification de signature momentanément impossible.",
                                 "Signature verification is not possible for now."));
  };
  if (!ensure_xmlsec()) return library_error();
  const ContextPtr context{xmlSecDSigCtxCreate(nullptr)};
  if (!context || !restrict_context(*context)) return library_error();
  {
    std::string reason;
    const ReasonScope scope(reason);
    // A preset key makes xmlsec ignore KeyInfo (signature S3); the context owns it.
    context->signKey =
        xmlSecCryptoAppKeyLoadMemory(certificate_der.data(), static_cast<xmlSecSize>(certificate_der.size()),
                                     xmlSecKeyDataFormatCertDer, nullptr, nullptr, nullptr);
    if (context->signKey == nullptr) return DsigVerdict{false, "certificate cannot be read"};
  }
  const auto& state = document.state();
  auto& tree = state.xmlsec;
  const std::lock_guard lock(tree.mutex);
  if (!tree.doc) {
    tree.doc = libxml_tree(state.bytes);
    if (!tree.doc) return DsigVerdict{false, "libxml2 does not read the document"};
    register_ids(xmlDocGetRootElement(tree.doc.get()), tree);
  }
  if (tree.duplicate_ids) return DsigVerdict{false, "duplicate Id"};
  const auto ordinal = detail::as_element(static_cast<const detail::Node*>(signature.handle()))->ordinal;
  xmlNode* const node = element_at(tree.doc.get(), ordinal);
  if (node == nullptr || detail::view(node->name) != "Signature")
    return DsigVerdict{false, "signature not found again"};
  return run_xmlsec(*context, node);
}

}  // namespace demat::xml
