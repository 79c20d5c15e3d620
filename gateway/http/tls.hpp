#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>

#include "gateway/http/message.hpp"
#include "protocols/base/result.hpp"

namespace demat::http {

struct TlsFiles {
  std::filesystem::path certificate;  ///< PEM chain of the server
  std::filesystem::path key;
  std::filesystem::path client_ca;  ///< PEM: who may issue client certificates
};

struct SslContextFree {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextFree>;

/// A server context: TLS 1.2 and 1.3, no renegotiation, resumption allowed (stack C8). The client certificate
/// is asked for in the first handshake and verified against client_ca; a client without one gets through, so
/// that it can be told in plain words what is missing. Errors: `tls.certificate`, `tls.key`, `tls.client_ca`.
[[nodiscard]] Result<SslContext> make_server_context(const TlsFiles& files);

/// The verified certificate of the peer; empty fields when it showed none.
[[nodiscard]] PeerCertificate peer_certificate(SSL* ssl);

}  // namespace demat::http
