#include <openssl/err.h>

#include "protocols/timestamp/errors.hpp"
#include "protocols/timestamp/timestamp.hpp"
#include "protocols/timestamp/tsa.hpp"

namespace demat::timestamp {
namespace {

const EVP_MD* method_of(Digester::Algorithm algorithm) {
  switch (algorithm) {
    case Digester::Algorithm::sha256:
      return EVP_sha256();
    case Digester::Algorithm::sha384:
      return EVP_sha384();
    case Digester::Algorithm::sha512:
      return EVP_sha512();
    case Digester::Algorithm::sha1:
      break;  // nobody asks for a proof that is weak from its first day
  }
  return nullptr;
}

bool state_imprint(TS_REQ* request, const EVP_MD* method, const Bytes& digest) {
  const ImprintPtr imprint(TS_MSG_IMPRINT_new());
  const AlgorithmPtr algorithm(X509_ALGOR_new());
  X509_ALGOR_set_md(algorithm.get(), method);
  Bytes copy = digest;
  return TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
         TS_MSG_IMPRINT_set_msg(imprint.get(), copy.data(), static_cast<int>(copy.size())) == 1 &&
         TS_REQ_set_msg_imprint(request, imprint.get()) == 1;
}

bool state_nonce(TS_REQ* request, const Bytes& nonce) {
  const NumberPtr number(BN_bin2bn(nonce.data(), static_cast<int>(nonce.size()), nullptr));
  const IntegerPtr value(BN_to_ASN1_INTEGER(number.get(), nullptr));
  return value && TS_REQ_set_nonce(request, value.get()) == 1;
}

bool state_policy(TS_REQ* request, const std::string& policy) {
  if (policy.empty()) return true;
  const ObjectPtr object(OBJ_txt2obj(policy.c_str(), 1));
  return object && TS_REQ_set_policy_id(request, object.get()) == 1;
}

}  // namespace

Result<Bytes> make_request(const Ask& ask) {
  const EVP_MD* const method = method_of(ask.algorithm);
  if (method == nullptr || ask.imprint.size() != static_cast<std::size_t>(EVP_MD_get_size(method)))
    return failure(bad_request("imprint"));
  if (ask.nonce.size() < 8 || ask.nonce.size() > 20) return failure(bad_request("nonce"));
  const RequestPtr request(TS_REQ_new());
  const bool made = request && TS_REQ_set_version(request.get(), 1) == 1 &&
                    state_imprint(request.get(), method, ask.imprint) &&
                    state_nonce(request.get(), ask.nonce) && TS_REQ_set_cert_req(request.get(), 1) == 1;
  if (!made || !state_policy(request.get(), ask.policy)) {
    ERR_clear_error();
    return failure(bad_request(made ? "policy" : "request"));
  }
  return cms::der_of(request.get(), i2d_TS_REQ);
}

}  // namespace demat::timestamp
