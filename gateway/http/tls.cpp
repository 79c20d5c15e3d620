#include "gateway/http/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "protocols/base/digest.hpp"
#include "protocols/base/owned.hpp"

namespace demat::http {
namespace {

std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string out = reason == nullptr ? "unknown" : reason;
  ERR_clear_error();
  return out;
}

Error tls_error(std::string_view code, std::string_view fr, std::string_view en,
                const std::filesystem::path& file) {
  return permanent_error(code, fr, en, file.string() + ": " + openssl_reason());
}

/// Mozilla's "intermediate" for 1.2: forward secrecy and AEAD only. 1.3 keeps OpenSSL's own list.
constexpr const char* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

constexpr long session_seconds = 300;  // a revoked or removed certificate is not resumed for longer

Bytes der_of(const X509* certificate) {
  unsigned char* raw = nullptr;
  const int size = i2d_X509(certificate, &raw);
  if (size <= 0) return {};
  Bytes out(raw, raw + size);
  OPENSSL_free(raw);
  return out;
}

/// `sent`: everything that came, perhaps with the certificate itself; null on a resumed session.
PeerChain chain_of(const X509* certificate, const STACK_OF(X509) * sent) {
  PeerChain out;
  out.der = der_of(certificate);
  out.sha256 = demat::sha256({reinterpret_cast<const char*>(out.der.data()), out.der.size()}).str();
  for (int i = 0; sent != nullptr && i < sk_X509_num(sent); ++i) {
    Bytes one = der_of(sk_X509_value(sent, i));
    if (one != out.der) out.offered.push_back(std::move(one));
  }
  return out;
}

std::string subject_of(const X509* certificate) {
  const Owned<BIO, BIO_free> text(BIO_new(BIO_s_mem()));
  if (!text || X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0)
    return {};
  char* data = nullptr;
  const long length = BIO_get_mem_data(text.get(), &data);
  return length > 0 ? std::string(data, static_cast<std::size_t>(length)) : std::string();
}

/// OpenSSL makes the alert of it.
int error_of(PeerFault fault) {
  switch (fault) {
    case PeerFault::none:
      return X509_V_OK;
    case PeerFault::unknown_authority:
      return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    case PeerFault::expired:
      return X509_V_ERR_CERT_HAS_EXPIRED;
    case PeerFault::unsupported:
      return X509_V_ERR_INVALID_PURPOSE;
    case PeerFault::weak:
      return X509_V_ERR_EE_KEY_TOO_SMALL;
    case PeerFault::revoked:
      return X509_V_ERR_CERT_REVOKED;
    case PeerFault::other:
      break;
  }
  return X509_V_ERR_APPLICATION_VERIFICATION;
}

/// In place of OpenSSL's own verification. An exception must not cross OpenSSL: the handshake fails, and is
/// told.
int judge_at_handshake(X509_STORE_CTX* context, void* judge) {
  int error = X509_V_ERR_APPLICATION_VERIFICATION;
  try {
    const auto verdict = (*static_cast<const PeerJudge*>(judge))(
        chain_of(X509_STORE_CTX_get0_cert(context), X509_STORE_CTX_get0_untrusted(context)));
    if (verdict) error = error_of(verdict->fault);
  } catch (const std::exception&) {
    error = X509_V_ERR_UNSPECIFIED;
  }
  X509_STORE_CTX_set_error(context, error);
  return error == X509_V_OK ? 1 : 0;
}

/// The connection stands, and its certificate opens nothing by itself: who is asked at each request says.
int leave_to_requests(X509_STORE_CTX* context, void* /*unused*/) {
  X509_STORE_CTX_set_error(context, X509_V_ERR_APPLICATION_VERIFICATION);
  return 1;
}

Status set_client_check(SSL_CTX* raw, const TlsFiles& files, const TlsJudge& judge) {
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  if (judge.judge != nullptr) {
    // OpenSSL only reads through the pointer; its type says otherwise.
    auto* const asked = const_cast<PeerJudge*>(judge.judge);
    SSL_CTX_set_cert_verify_callback(raw, judge.at_handshake ? judge_at_handshake : leave_to_requests, asked);
    return {};
  }
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(files.client_ca.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(raw, files.client_ca.c_str()) != 1)
    return failure(tls_error("tls.client_ca", "Les autorités de certification des clients sont illisibles.",
                             "The certification authorities of clients cannot be read.", files.client_ca));
  SSL_CTX_set_client_CA_list(raw, names);  // takes ownership
  return {};
}

}  // namespace

Result<SslContext> make_server_context(const TlsFiles& files, const TlsJudge& judge) {
  SslContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) throw std::bad_alloc();
  SSL_CTX* raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_cipher_list(raw, tls12_ciphers);
  SSL_CTX_set_timeout(raw, session_seconds);
  static constexpr unsigned char session_context[] = "dematd";
  SSL_CTX_set_session_id_context(raw, session_context, sizeof session_context - 1);

  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) != 1)
    return failure(tls_error("tls.certificate", "Le certificat du serveur est illisible.",
                             "The server certificate cannot be read.", files.certificate));
  if (SSL_CTX_use_PrivateKey_file(raw, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(raw) != 1)
    return failure(tls_error("tls.key", "La clé du serveur est illisible ou ne va pas avec son certificat.",
                             "The server key cannot be read or does not fit its certificate.", files.key));
  if (auto status = set_client_check(raw, files, judge); !status) return failure(std::move(status.error()));
  return context;
}

Peer peer_of(SSL* ssl) {
  Peer out;
  X509* const certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr) return out;
  out.verified = SSL_get_verify_result(ssl) == X509_V_OK;
  out.chain = chain_of(certificate, SSL_get_peer_cert_chain(ssl));
  out.certificate.sha256 = out.chain.sha256;
  out.certificate.subject = subject_of(certificate);
  return out;
}

}  // namespace demat::http
