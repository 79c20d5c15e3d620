#pragma once

#include <string>
#include <string_view>

#include "gateway/signing/token_link.hpp"

namespace demat::signing {

/// Which private key of a token; both empty: the only one that signs.
struct KeyQuery {
  std::string label;
  Bytes id;
  bool allow_p256 = false;
  bool combined_mechanism = true;  ///< false: never hashes in the token
  [[nodiscard]] std::string text() const;
};

/// A private key as found in one generation of a link.
struct KeyInToken {
  std::uint64_t generation = 0;
  CK_OBJECT_HANDLE handle = 0;
  std::string label;
  Bytes id;
  CK_MECHANISM_TYPE mechanism = 0;
  bool asks_each_time = false;  ///< CKA_ALWAYS_AUTHENTICATE
  bool never_left = false;      ///< sensitive and not extractable, now and ever (signature RS1)
  std::string attributes;       ///< the four of RS1 in words, for messages
};

/// Errors: `signing.token.no_key`, `.mechanism` (permanent), `.failed`.
[[nodiscard]] Result<KeyInToken> find_key(const TokenLink::Session& session, const KeyQuery& query,
                                          std::string_view token);

/// The certificate with the id of the key, else with its label; DER. Errors: `signing.token.no_certificate`
/// (permanent), `.failed`.
[[nodiscard]] Result<Bytes> find_certificate(const TokenLink::Session& session, const KeyInToken& key,
                                             std::string_view token);

/// One signature over `data` in the form that Signer::sign promises. Falls back from the mechanism that
/// hashes in the token to the one that does not, and remembers that in `key` (signature 6.5). The session is
/// not good for anything else after a failure. Errors: `signing.token.failed`, `.pin`.
[[nodiscard]] Result<Bytes> sign_in_token(TokenLink& link, const TokenLink::Session& session, KeyInToken& key,
                                          std::string_view data);

}  // namespace demat::signing
