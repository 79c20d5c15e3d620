#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xades/instant.hpp"

struct x509_st;  // OpenSSL's X509

namespace demat::xades {

/// A parsed X.509 certificate, with just what a XAdES signature says and needs. It says nothing about trust.
/// Movable, not copyable; const use from several threads is safe.
class Certificate {
 public:
  enum class NonRepudiation { present, absent, unspecified };  ///< unspecified: no keyUsage extension

  /// Errors: `xades.certificate_unreadable` (permanent) when `der` is not exactly one certificate.
  [[nodiscard]] static Result<Certificate> from_der(std::span<const std::uint8_t> der);
  ~Certificate();
  Certificate(Certificate&&) noexcept;
  Certificate& operator=(Certificate&&) noexcept;

  [[nodiscard]] const Bytes& der() const;
  /// Issuer as RFC 2253 has it, UTF-8: keywords of its table, every other type as `oid=#DER` (signature 1.5).
  [[nodiscard]] const std::string& issuer() const;
  [[nodiscard]] std::string serial_decimal() const;
  [[nodiscard]] std::string subject_common_name() const;  ///< UTF-8; empty when there is none
  [[nodiscard]] Instant not_before() const;
  [[nodiscard]] Instant not_after() const;
  [[nodiscard]] bool is_rsa() const;
  /// Not one that costs seconds to verify with, or that no key generator makes: at most 8192 bits, an odd
  /// exponent of at most 64. With any other, verifies_rsa_sha256() says no without trying.
  [[nodiscard]] bool has_usual_rsa_key() const;
  [[nodiscard]] int key_bits() const;
  /// RSA with at least 2048 bits and a public exponent of at least 65537 (signature RS6, T47).
  [[nodiscard]] bool has_strong_rsa_key() const;
  [[nodiscard]] NonRepudiation non_repudiation() const;

  /// Whether `text`, in any spelling of RFC 2253/4514, names this issuer (compared as names, signature 1.5).
  [[nodiscard]] bool issuer_is(std::string_view text) const;
  /// Whether `decimal` is this serial number; white space around and leading zeros do not matter.
  [[nodiscard]] bool serial_is(std::string_view decimal) const;
  /// Whether `signature` is RSA PKCS#1 v1.5 with SHA-256 of `data` by this certificate's key.
  [[nodiscard]] bool verifies_rsa_sha256(std::string_view data,
                                         std::span<const std::uint8_t> signature) const;
  /// OpenSSL's object, for who builds paths from it: never null, lives as long as this, to be read only (or
  /// kept by X509_up_ref).
  [[nodiscard]] x509_st* native() const;

 private:
  struct Impl;
  explicit Certificate(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A parsed certificate that several may share. Parsing costs a quarter of a millisecond in OpenSSL 3, as
/// much as a signature: whoever meets the same one often keeps it.
using CertificatePtr = std::shared_ptr<const Certificate>;

class CertificateShelf;

/// Certificates met so far, so that each is parsed once. Not thread-safe.
class CertificateCache {
 public:
  /// `shelf`, which outlives this, is asked for what is not known yet; null: none.
  explicit CertificateCache(std::vector<CertificatePtr> known, CertificateShelf* shelf = nullptr)
      : known_(std::move(known)), shelf_(shelf) {}
  /// Errors: those of Certificate::from_der.
  [[nodiscard]] Result<CertificatePtr> get(const Bytes& der);

 private:
  std::vector<CertificatePtr> known_;
  CertificateShelf* shelf_;
};

}  // namespace demat::xades
