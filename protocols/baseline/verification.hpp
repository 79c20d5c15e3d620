#pragma once

// Inner header: what signatures inside a document and beside a file have in common.

#include "protocols/baseline/baseline.hpp"
#include "protocols/baseline/reading.hpp"
#include "protocols/baseline/signature_method.hpp"

namespace demat::baseline {

/// Verifies one signature: its shape (the whitelist of signature S1) before any cryptography, then digests,
/// statement, designated certificate, value, time stamps. Kinds of signature say what the content is.
class Verification {
 public:
  Verification(const xml::Document& document, const Element& signature, std::optional<xades::Instant> now)
      : document_(document), signature_(signature), now_(now) {}
  virtual ~Verification() = default;
  Verification(const Verification&) = delete;
  Verification& operator=(const Verification&) = delete;

  Result<BaselineReport> run();

 protected:
  /// Where the signature stands, and what must not be around it. False: said why, nothing else is looked at.
  virtual bool check_place() = 0;
  /// Whether a reference is the one to the content; what form it must have then. False: said why.
  [[nodiscard]] virtual bool is_content(const Element& reference) const = 0;
  virtual bool check_content_form(const Element& reference) = 0;
  [[nodiscard]] virtual Result<Bytes> digest_content(Digester::Algorithm algorithm) const = 0;
  /// What is admitted besides exclusive canonicalisation and RSA with SHA-256, and how a fault is called.
  struct Kind {
    bool more_algorithms;
    bool inclusive;
    bool typed_properties;       ///< the Type of their reference is mandatory
    bool judges_circumstances;   ///< period and usage of the certificate
    const char* content;         ///< path of the content; empty: it has none
    const char* reference_code;  ///< of a reference that leads elsewhere
    const char* digest_code;     ///< of content that was changed
    const char* method_code;     ///< of an algorithm or key that is not admitted
  };
  [[nodiscard]] virtual const Kind& kind() const = 0;

  void say(std::string_view code, std::string_view value = {});
  bool wrong(std::string_view code, std::string_view value = {});

  const xml::Document& document_;
  const Element signature_;

 private:
  bool check_shape();
  bool check_object(const Element& object);
  bool check_ids();
  bool check_info();
  bool take_reference(const Element& reference);
  bool take_properties_form(const Element& reference);
  bool check_data_object();
  void note_reference(const Element& reference, bool content, const StatedDigest& digest);
  Status check_digests();
  void compare(bool content, const Bytes& computed);
  void read_statement();
  void bind_certificate();
  void take_certificate(xades::CertificatePtr certificate);
  bool check_key(const xades::Certificate& certificate);
  Status check_value();
  Status check_stamps();
  Status take_stamp(const Element& one);
  void conclude();
  [[nodiscard]] std::optional<xml::C14n> admitted_form(std::string_view uri) const;

  std::optional<xades::Instant> now_;
  std::optional<Element> info_, value_, key_info_, qualifying_, properties_;
  std::optional<SignatureMethod> method_;
  xml::C14n info_form_ = xml::C14n::exclusive;
  xml::C14n properties_form_ = xml::C14n::exclusive;
  std::string content_reference_id_;
  std::optional<StatedDigest> content_, stated_properties_;
  BaselineReport report_;
};

}  // namespace demat::baseline
