#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"

namespace demat::trust_desk {

/// Bounds of a download.
struct DownloadRules {
  std::vector<std::string>
      hosts;  ///< "crl.example.fr", "*.example.fr"; named in full it may lie on a private network
  std::chrono::milliseconds timeout{20'000};  ///< of each hop, connection included
  std::size_t most = 32'000'000;              ///< bytes
};

/// What we have already.
struct Having {
  std::string etag;
  std::optional<std::chrono::sys_seconds> modified;
};

struct Downloaded {
  bool unchanged = false;  ///< what we have is still right; the rest is then empty
  Bytes bytes;             ///< as sent: no content coding is undone
  std::string etag;
  std::optional<std::chrono::sys_seconds> modified;
};

/// Gets a file over http or https. Each hop of a redirection (3 at most) must lead to a listed host. Blocks
/// for the time limit at most, ends early when `stop` is asked. Errors (waiting but for the first two):
/// `trust.fetch_address`, `trust.fetch_host`, `trust.fetch_private`, `trust.fetch_redirects`,
/// `trust.fetch_status`, `trust.fetch_too_large`, `trust.fetch_unreachable`.
[[nodiscard]] Result<Downloaded> download(const std::string& url, const DownloadRules& rules,
                                          const Having& having, const std::stop_token& stop);

/// Sends `body` and gives the answer's, without following redirections. Errors: as above.
[[nodiscard]] Result<Bytes> ask_web(const std::string& url, const Bytes& body, const std::string& media_type,
                                    const DownloadRules& rules, const std::stop_token& stop);

/// The host of an http or https address without credentials, in lower case; `trust.fetch_address` otherwise.
[[nodiscard]] Result<std::string> web_host(const std::string& url);

}  // namespace demat::trust_desk
