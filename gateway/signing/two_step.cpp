#include "gateway/signing/two_step.hpp"

#include <fmt/format.h>

#include <utility>

#include "protocols/xades/certificate.hpp"

namespace demat::signing {
namespace {

Error changed(std::string_view element) {
  return permanent_error(
      "signature.changed",
      "Ce qui est à signer n'est plus ce qui a été remis : la politique de signature ou le signataire "
      "configuré a changé. Reprenez la demande.",
      "What is to be signed is no longer what was handed out: the signature policy or the configured signer "
      "has changed. Ask anew.",
      element);
}

Error wrong_value(std::string_view element) {
  return permanent_error(
      "signature.value",
      fmt::format(
          "La signature de « {} » n'a pas été faite par la clé du certificat présenté, ou l'a été sur "
          "autre chose que les octets remis. Rien n'est perdu : signez de nouveau.",
          element),
      fmt::format("The signature of \"{}\" was not made by the key of the certificate given, or over other "
                  "bytes than those handed out. Nothing is lost: sign again.",
                  element),
      element);
}

xades::SignRequest request_of(const CardSignature& card, xades::SignBytes sign) {
  xades::SignRequest request;
  request.policy = card.policy;
  request.statement = card.statement;
  request.signing_time = card.signing_time;
  request.certificate_der = card.certificate_der;
  request.sign = std::move(sign);
  return request;
}

}  // namespace

Result<std::vector<ToBeSigned>> first_step(const CardSignature& card, const xml::Document& document,
                                           std::size_t size) {
  std::vector<ToBeSigned> out;
  const auto plan = xades::plan_signatures(
      document, size, request_of(card, [&out](std::string_view signed_info) -> Result<Bytes> {
        out.push_back({{}, std::string(signed_info)});
        return Bytes(1);
      }));
  if (!plan) return failure(plan.error());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i].element = plan->at(i).element;
  return out;
}

Result<std::vector<xades::Insertion>> second_step(const CardSignature& card, const xml::Document& document,
                                                  std::size_t size, const std::vector<CardValue>& values) {
  const auto certificate = xades::Certificate::from_der(card.certificate_der);
  if (!certificate) return failure(certificate.error());
  std::size_t done = 0;
  auto plan = xades::plan_signatures(document, size,
                                     request_of(card, [&](std::string_view signed_info) -> Result<Bytes> {
                                       if (done == values.size()) return failure(changed(""));
                                       const auto& next = values[done++];
                                       if (sha256(signed_info) != next.signed_info)
                                         return failure(changed(next.element));
                                       if (!certificate->verifies_rsa_sha256(signed_info, next.value))
                                         return failure(wrong_value(next.element));
                                       return next.value;
                                     }));
  if (plan && done != values.size()) return failure(changed(values[done].element));
  return plan;
}

}  // namespace demat::signing
