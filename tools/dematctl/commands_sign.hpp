#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "gateway/signing/signer.hpp"
#include "tools/dematctl/commands.hpp"

/// Signature by the agent's own card, in two steps: what the command does (sign.cpp, card.cpp).
namespace demat::ctl {

struct SignOptions {
  Ids ids;
  bool list = false;             ///< only the flows that wait for an agent's signature
  bool yes = false;              ///< no question before the signature
  std::filesystem::path module;  ///< PKCS#11 library of the card's maker
  std::string token;             ///< label of the card
  std::string token_serial;
  std::string label;                  ///< of the key on the card
  std::string key_id;                 ///< its id, hexadecimal
  std::filesystem::path key;          ///< a key in a file: PEM, or PKCS#12
  std::filesystem::path certificate;  ///< PEM; beside a PEM key, or where the card does not show its own
  std::filesystem::path pin_file;     ///< PIN of the card, or passphrase of the file; else it is asked for
  std::string role;                   ///< stated in the signature; empty: what the gateway has configured
  std::string city;
  std::string postal_code;
  std::string country;
};

/// The agent's own key, opened when it is first needed: whoever has given a certificate learns what is wrong
/// with it before any PIN. Used by one thread.
class Card {
 public:
  virtual ~Card() = default;
  /// DER.
  [[nodiscard]] virtual Answer<Bytes> certificate() = 0;
  [[nodiscard]] virtual Answer<Bytes> sign(std::string_view signed_info) = 0;
};

/// The card or key file of the options. Asks on the terminal for what is secret, without showing it.
[[nodiscard]] Answer<std::unique_ptr<Card>> open_card(const SignOptions& options);

/// A yes to a question on the terminal; without one it is a no.
[[nodiscard]] bool confirmed(const std::string& question);

/// Shows what each flow holds, signs it with the card, and says what came of it.
[[nodiscard]] Exit sign(Session& session, const SignOptions& options);
/// The same with another card, and another answer to the question.
[[nodiscard]] Exit sign_with(Session& session, const SignOptions& options, Card& card,
                             const std::function<bool(const std::string&)>& asked);
/// The flows that wait for a signature by an agent.
[[nodiscard]] Exit sign_list(Session& session);

}  // namespace demat::ctl
