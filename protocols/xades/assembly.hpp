#pragma once

#include <string>

#include "protocols/base/digest.hpp"
#include "protocols/xades/certificate.hpp"
#include "protocols/xades/instant.hpp"
#include "protocols/xades/policy.hpp"
#include "protocols/xades/sign.hpp"

namespace demat::xades {

/// The Ids that one signature brings: `<element>_SIG_<n>` and its companions (signature 1.5, family L).
struct SignatureIds {
  std::string element;  ///< Id of the element covered
  std::string signature;
  [[nodiscard]] std::string value() const { return signature + "_SV"; }
  [[nodiscard]] std::string properties() const { return signature + "_SP"; }
};

/// What every signature of one document has in common, computed once.
class Assembly {
 public:
  Assembly(const SignRequest& request, const Certificate& certificate);

  /// exc-c14n of SignedProperties as it will stand in the document, UTF-8: the bytes to digest.
  [[nodiscard]] std::string canonical_properties(const SignatureIds& ids) const;
  /// exc-c14n of SignedInfo as it will stand in the document: the bytes to sign.
  [[nodiscard]] std::string canonical_signed_info(const SignatureIds& ids, const Bytes& content_digest,
                                                  const Bytes& properties_digest) const;
  /// The whole ds:Signature, ASCII only, with its own namespace declarations: it means the same wherever it
  /// is inserted, in any ASCII-compatible encoding.
  [[nodiscard]] std::string signature(const SignatureIds& ids, const Bytes& content_digest,
                                      const Bytes& properties_digest, const Bytes& value) const;

 private:
  enum class Form { canonical, document };
  [[nodiscard]] std::string signed_info(Form form, const SignatureIds& ids, const Bytes& content_digest,
                                        const Bytes& properties_digest) const;
  [[nodiscard]] std::string properties(Form form, const SignatureIds& ids) const;
  [[nodiscard]] std::string signed_signature_properties(Form form) const;

  Policy policy_;
  SignerStatement statement_;
  std::string signing_time_;
  std::string certificate_base64_;
  std::string certificate_digest_;
  std::string issuer_;
  std::string serial_;
  std::string canonical_body_;  ///< of SignedProperties
  std::string document_body_;
};

}  // namespace demat::xades
