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

void register_ids(xmlDoc* doc, const Element& element, detail::DocumentState& state) {
  auto* node = static_cast<xmlNode*>(const_cast<void*>(element.handle()));
  for (xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next) {
    if (attribute->ns != nullptr || detail::view(attribute->name) != "Id") continue;
    const auto value = element.attribute("Id");
    if (xmlAddID(nullptr, doc, detail::xstr(value.c_str()), attribute) == nullptr) state.duplicate_ids = true;
  }
  for (const auto& child : element.children())
    register_ids(doc, child, state);
}

DsigVerdict run_xmlsec(xmlSecDSigCtx& context, const Element& signature) {
  auto* node = static_cast<xmlNode*>(const_cast<void*>(signature.handle()));
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
  auto* doc = static_cast<xmlDoc*>(const_cast<void*>(document.handle()));
  auto& state = *static_cast<detail::DocumentState*>(doc->_private);
  const std::lock_guard lock(state.xmlsec);
  if (!state.ids_registered) {
    register_ids(doc, document.root(), state);
    state.ids_registered = true;
  }
  if (state.duplicate_ids) return DsigVerdict{false, "duplicate Id"};
  return run_xmlsec(*context, signature);
}

}  // namespace demat::xml
