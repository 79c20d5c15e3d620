#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace demat::papers::kit {

/// A key and a certificate that signed itself, made on the spot.
class Identity {
 public:
  explicit Identity(const std::string& name);
  ~Identity();
  Identity(Identity&&) noexcept;

  struct Choice {
    bool certificate_inside = true;
    bool detached = true;
    bool names_certificate = false;    ///< signingCertificateV2 (CAdES)
    bool attributes = true;            ///< else the bytes are signed, and no time is stated
    const Identity* beside = nullptr;  ///< its certificate lies inside, too
  };
  /// CMS SignedData over `bytes`, DER.
  [[nodiscard]] std::string sign(std::string_view bytes) const;
  [[nodiscard]] std::string sign(std::string_view bytes, Choice choice) const;
  [[nodiscard]] std::string certificate_der() const;
  /// Another certificate of the same key, name and number.
  [[nodiscard]] Identity twin() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

[[nodiscard]] std::string pem(std::string_view der, const std::string& label);
[[nodiscard]] std::string sha1_of(std::string_view bytes);

/// How a PDF is signed.
struct SigningChoice {
  std::string sub_filter = "ETSI.CAdES.detached";
  std::string field = "Signature1";
  std::string made_at{};  ///< /M
  Identity::Choice cms;
};

/// Adds a signature field to `pdf` (made by PdfText, whose catalog is object 1) in an incremental update, and
/// signs everything but the hole.
[[nodiscard]] std::string signed_pdf(const std::string& pdf, const Identity& identity,
                                     const SigningChoice& choice = {});

/// The same pdf with an incremental update that replaces object `number`.
[[nodiscard]] std::string updated_pdf(const std::string& pdf, int number, const std::string& body);

}  // namespace demat::papers::kit
