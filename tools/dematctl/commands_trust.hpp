#pragma once

#include <filesystem>
#include <string>

#include "tools/dematctl/commands.hpp"

/// Signatures and trust profiles: what the commands do (trust.cpp).
namespace demat::ctl {

struct SignaturesOptions {
  std::string id;
  bool english = false;
  std::filesystem::path evidence{};  ///< folder for what the report rests on; empty: not asked for
};
/// The report about the signatures of a flow. Ends with `refused` when they do not hold, `unavailable` when
/// that cannot be told yet. With `evidence` the revocation lists and OCSP responses go to that folder, named
/// by their SHA-256, and the report as signatures.json beside them.
[[nodiscard]] Exit signatures(Session& session, const SignaturesOptions& options);

struct VerifyFileOptions {
  std::filesystem::path file;
  bool english = false;
};
/// The same for a file, which is not kept.
[[nodiscard]] Exit verify_file(Session& session, const VerifyFileOptions& options);

/// Authorities and revocation lists of every trust profile, where the lists come from, and every certificate
/// in use with its end.
[[nodiscard]] Exit certs_list(Session& session);
/// Has the revocation lists fetched now, waits a minute at most, and says what came of it. Ends with
/// `unavailable` when one did not come.
[[nodiscard]] Exit certs_fetch(Session& session);
/// What an operator should look at; ends with `refused` when signers fail or wait because of it.
[[nodiscard]] Exit certs_check(Session& session);

struct ExplainOptions {
  std::filesystem::path file;  ///< PEM or DER; with PEM, further certificates help to build the path
  std::string profile;
  std::string at;  ///< "2026-01-15T10:30:00Z"; empty: now
  bool english = false;
  bool client = false;  ///< judged for the door, not as a signer's
};
/// What a profile says of a certificate.
[[nodiscard]] Exit certs_explain(Session& session, const ExplainOptions& options);

}  // namespace demat::ctl
