#include "gateway/signing/signer.hpp"

#include "gateway/signing/errors.hpp"
#include "protocols/xades/certificate.hpp"

namespace demat::signing {
namespace {

class AgentsCard final : public Signer {
 public:
  [[nodiscard]] const Bytes& certificate_der() const override { return none_; }
  [[nodiscard]] Result<Bytes> sign(std::string_view) const override { return failure(key_of_agent()); }

 private:
  const Bytes none_;
};

}  // namespace

std::shared_ptr<const Signer> agents_card() {
  return std::make_shared<const AgentsCard>();
}

Result<Validity> validity_of(const Signer& signer) {
  const auto certificate = xades::Certificate::from_der(signer.certificate_der());
  if (!certificate) return failure(certificate.error());
  return Validity{certificate->not_before(), certificate->not_after()};
}

}  // namespace demat::signing
