#include "protocols/xades/certificate_shelf.hpp"

#include <algorithm>

namespace demat::xades {

CertificatePtr CertificateShelf::find(const Bytes& der) const {
  const std::lock_guard lock(mutex_);
  const auto at = std::find_if(kept_.begin(), kept_.end(),
                               [&](const CertificatePtr& one) { return one && one->der() == der; });
  return at == kept_.end() ? nullptr : *at;
}

Result<CertificatePtr> CertificateShelf::get(const Bytes& der) {
  if (auto known = find(der)) return known;
  // Decoded without the lock: two threads may do so at once, and both results are right.
  auto parsed = Certificate::from_der(der);
  if (!parsed) return failure(std::move(parsed.error()));
  auto certificate = std::make_shared<const Certificate>(std::move(*parsed));
  if (der.size() > longest) return certificate;
  const std::lock_guard lock(mutex_);
  kept_[next_] = certificate;
  next_ = (next_ + 1) % places;
  return certificate;
}

}  // namespace demat::xades
