#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>

#include "gateway/http/message.hpp"
#include "gateway/http/peer_judge.hpp"
#include "protocols/base/result.hpp"

namespace demat::http {

struct TlsFiles {
  std::filesystem::path certificate;  ///< PEM chain of the server
  std::filesystem::path key;
  std::filesystem::path client_ca;  ///< PEM: who may issue client certificates; empty with a judge
};

/// Who judges client certificates instead of client_ca.
struct TlsJudge {
  const PeerJudge* judge = nullptr;  ///< null: client_ca does; else it outlives the context
  bool at_handshake = true;          ///< a refusal ends the handshake; else it is left to the requests
};

struct SslContextFree {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextFree>;

/// A server context: TLS 1.2 and 1.3, no renegotiation, resumption allowed (stack C8). The client certificate
/// is asked for in the first handshake and verified against client_ca, or by the judge; a client without one
/// gets through, so that it can be told in plain words what is missing. Errors: `tls.certificate`, `tls.key`,
/// `tls.client_ca`.
[[nodiscard]] Result<SslContext> make_server_context(const TlsFiles& files, const TlsJudge& judge = {});

/// Who is at the other end after the handshake.
struct Peer {
  PeerCertificate certificate;  ///< empty fields when it showed none
  PeerChain chain;
  bool verified = false;  ///< TLS found it good, or the judge did; false: only a judge may let it in
};
[[nodiscard]] Peer peer_of(SSL* ssl);

}  // namespace demat::http
