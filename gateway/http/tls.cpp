#include "gateway/http/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "protocols/base/digest.hpp"

namespace demat::http {
namespace {

struct BioFree {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};

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

}  // namespace

Result<SslContext> make_server_context(const TlsFiles& files) {
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
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(files.client_ca.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(raw, files.client_ca.c_str()) != 1)
    return failure(tls_error("tls.client_ca", "Les autorités de certification des clients sont illisibles.",
                             "The certification authorities of clients cannot be read.", files.client_ca));
  SSL_CTX_set_client_CA_list(raw, names);  // takes ownership
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  return context;
}

PeerCertificate peer_certificate(SSL* ssl) {
  PeerCertificate out;
  X509* certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr || SSL_get_verify_result(ssl) != X509_V_OK) return out;
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return out;
  out.sha256 = demat::sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}).str();
  OPENSSL_free(der);
  const std::unique_ptr<BIO, BioFree> text(BIO_new(BIO_s_mem()));
  if (text && X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) >= 0) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(text.get(), &data);
    if (length > 0) out.subject.assign(data, static_cast<std::size_t>(length));
  }
  return out;
}

}  // namespace demat::http
