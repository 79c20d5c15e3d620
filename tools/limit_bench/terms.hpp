#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/owned.hpp"
#include "tools/limit_bench/measure.hpp"

namespace limit_bench {

using Key = demat::Owned<EVP_PKEY, EVP_PKEY_free>;
using Certificate = demat::Owned<X509, X509_free>;

/// A fresh RSA-2048 key and a certificate of its own, for TLS and for signing.
struct Identity {
  Key key;
  Certificate certificate;
  std::vector<std::uint8_t> der;
};
[[nodiscard]] Identity make_identity();

/// RSA PKCS#1 v1.5 with SHA-256 through EVP.
[[nodiscard]] std::vector<std::uint8_t> rsa_sign(EVP_PKEY* key, std::string_view bytes);
[[nodiscard]] bool rsa_verify(EVP_PKEY* key, std::string_view bytes,
                              const std::vector<std::uint8_t>& signature);

/// All figures are µs of CPU. `bytes` is the flow, `schema` the XSD file of its root.
struct XmlTerms {
  double parse = 0;     ///< libxml2 DOM, made and freed
  double validate = 0;  ///< xmlSchemaValidateDoc on a ready DOM
  double c14n = 0;      ///< exclusive c14n of the whole DOM into SHA-256
};
[[nodiscard]] XmlTerms xml_terms(const Effort& effort, const std::string& bytes, const std::string& schema);
/// libxml2 DOM alone, made and freed.
[[nodiscard]] double parse_term(const Effort& effort, const std::string& bytes);
/// Exclusive c14n of the whole of a ready DOM into SHA-256.
[[nodiscard]] double c14n_term(const Effort& effort, const std::string& bytes);
/// What proves an output right: parse, one digest, one RSA verification, a comparison of the bytes.
[[nodiscard]] double reverify_term(const Effort& effort, const std::string& signed_bytes,
                                   const Identity& identity);

[[nodiscard]] double sha256_term(const Effort& effort, const std::string& bytes);
[[nodiscard]] double sha1_term(const Effort& effort, const std::string& bytes);
[[nodiscard]] double rsa_term(const Effort& effort, const Identity& identity);
/// One copy of the bytes with `inserted` in the middle.
[[nodiscard]] double splice_term(const Effort& effort, const std::string& bytes, std::string_view inserted);

/// Receiving `size` bytes over TLS 1.3 on loopback with a kept connection: CPU of the receiving thread.
[[nodiscard]] double tls_term(const Effort& effort, std::size_t size, const Identity& identity);

/// The writes of one flow, SQLite with WAL and synchronous=FULL: 8 steps (accept with the payload, claim,
/// verdict with the signed payload, claim, intent, outcome, acquit with its payload, settlement), each with a
/// row and an event, `group` flows advancing together in each transaction.
[[nodiscard]] double durable_term(const Effort& effort, const std::string& original,
                                  const std::string& signed_bytes, const std::string& acquit,
                                  std::size_t group, std::size_t inline_limit);

/// One payload and its row, ten to a transaction: what intake alone must write.
[[nodiscard]] double payload_term(const Effort& effort, const std::string& original,
                                  std::size_t inline_limit);

/// Where a put goes: ftp://user:password@host:port/folder/, or sftp://user@host:port/folder/ with a key.
struct Peer {
  std::string url;
  std::string key{};          ///< file of the private key
  std::string known_hosts{};  ///< file with the host's key, which is checked
};
/// One put over a kept connection by libcurl: CPU of the client.
[[nodiscard]] double put_term(const Effort& effort, const Peer& peer, const std::string& bytes);

}  // namespace limit_bench
