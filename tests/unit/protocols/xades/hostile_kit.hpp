#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "signing_kit.hpp"

/// Files made to deceive a verifier of signatures, with the outcome that docs/signatures.md promises for
/// each.
namespace demat::test::hostile {

enum class Outcome {
  passed,         ///< nothing to say
  warned,         ///< passes, and the code is said as a warning
  failed,         ///< the code is said as an error
  indeterminate,  ///< refused for now: no signature failed
  unreadable,     ///< the parser refuses it with the code
};
void PrintTo(Outcome outcome, std::ostream* out);

/// Whether stock xmlsec1, given the Ids and told to take any certificate, accepts the file: then the attack
/// is real, and only our own rules stand against it.
enum class Stock { fooled, unasked };

/// What a hostile file points at, hoping that somebody looks there.
struct Lures {
  std::string file = "file:///dev/null";
  std::string http = "http://127.0.0.1:9/";
};

/// docs/check.py reads number, name, outcome and code out of the tables: they stay literals in this order.
struct Case {
  const char* number;
  const char* name;
  Outcome outcome;
  const char* code;  ///< empty for `passed`
  Stock stock;
  std::function<std::string(const Lures&)> file;
};
void PrintTo(const Case& one, std::ostream* out);

[[nodiscard]] std::vector<Case> stated_cases();   ///< T01..T51, T55
[[nodiscard]] std::vector<Case> placing_cases();  ///< ours: what is signed, and where
[[nodiscard]] std::vector<Case> writing_cases();  ///< ours: names, texts, encodings
[[nodiscard]] std::vector<Case> key_cases();      ///< ours: keys, certificates, values
[[nodiscard]] std::vector<Case> massive_cases();  ///< T52..T54 and ours: what is long or many
[[nodiscard]] std::vector<Case> all_cases();

// How they are made.

[[nodiscard]] std::string sign_with(const std::string& bytes, const xades::SignRequest& request);
/// One bordereau BORD1, signed by the ordinary identity; the same with BORD2.
[[nodiscard]] std::string one_signed();
[[nodiscard]] std::string two_signed();
[[nodiscard]] std::string globally_signed();
/// Another key, with a certificate of the same subject as the ordinary one.
[[nodiscard]] const Identity& attacker();

struct Resigning {
  std::size_t signature = 0;         ///< which one, in document order
  std::string prefixes;              ///< PrefixList of the content's canonicalisation
  const Identity* signer = nullptr;  ///< null: the ordinary one
  bool keep_digests = false;         ///< the value alone is made anew
  const char* digest = "SHA256";     ///< of SignatureMethod and of the references
};
/// What a signer in possession of the key would have made of this layout: digests of the references that lead
/// to an element are computed anew, then the signature value.
[[nodiscard]] std::string resigned(std::string bytes, const Resigning& how = {});

/// `text` with every `from` replaced; at least one.
[[nodiscard]] std::string replaced_all(std::string text, std::string_view from, std::string_view to);
/// From the first `open` at or after `from` to the end of the next `close`, both included.
[[nodiscard]] std::string between(const std::string& text, std::string_view open, std::string_view close,
                                  std::size_t from = 0);
/// The bordereau with this Id, without its signature.
[[nodiscard]] std::string unsigned_bordereau(const std::string& bytes, const std::string& id);
[[nodiscard]] std::string signature_text(const std::string& bytes, std::size_t number = 0);
/// KeyInfo's only certificate replaced, and CertDigest, issuer and serial made to fit it.
[[nodiscard]] std::string dressed(std::string bytes, const Bytes& der, const std::string& serial = {});
[[nodiscard]] std::string sha256_base64(std::string_view bytes);
/// Base64 of the SHA-256 of the canonical bordereau of the first signature, or of the first element called
/// so.
[[nodiscard]] std::string content_digest(const std::string& bytes);
[[nodiscard]] std::string element_digest(const std::string& bytes, std::string_view name);
[[nodiscard]] std::string key_value(const Identity& identity);  ///< ds:KeyValue

/// Whether the report comes to the outcome of the case; empty, or what differs.
[[nodiscard]] std::string difference(const Case& one, const xades::DocumentReport& report);
[[nodiscard]] std::string codes(const xades::DocumentReport& report);
/// In the middle of the life of the ordinary signatures.
[[nodiscard]] xades::VerifyOptions options(xades::Engine engine);

}  // namespace demat::test::hostile
