#pragma once

#include <array>
#include <cstddef>
#include <mutex>

#include "protocols/xades/certificate.hpp"

namespace demat::xades {

/// Certificates met lately, kept from one document to the next and shared by threads: the same few signers
/// come again and again, and decoding their certificates is a third of what verifying a small flow costs.
/// Bounded: so many, none longer than a certificate is; the one kept longest goes first. What it gives
/// depends on the bytes alone and says nothing of trust. Thread-safe.
class CertificateShelf {
 public:
  static constexpr std::size_t places = 64;
  static constexpr std::size_t longest = 16'384;  ///< bytes of DER

  /// Errors: those of Certificate::from_der, which are not kept.
  [[nodiscard]] Result<CertificatePtr> get(const Bytes& der);

 private:
  [[nodiscard]] CertificatePtr find(const Bytes& der) const;

  mutable std::mutex mutex_;  ///< guards both
  std::array<CertificatePtr, places> kept_;
  std::size_t next_ = 0;
};

}  // namespace demat::xades
