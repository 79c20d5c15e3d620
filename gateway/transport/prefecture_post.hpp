#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/transport/curl_handle.hpp"
#include "gateway/transport/peer.hpp"

namespace demat::transport {

/// How far one POST came, as libcurl showed it: what its outcome is judged by.
struct PostProgress {
  CURLcode code = CURLE_OK;
  std::string message;                 ///< libcurl's own words
  bool body_begun = false;             ///< a byte of the body may have left
  bool body_whole = false;             ///< all of it was handed to the connection
  long status = 0;                     ///< of the final answer (not 1xx); 0: none came
  std::string answer;                  ///< its status line
  std::optional<Error> source_failed;  ///< our own bytes could not be read
};

/// What the end of a POST means. Exact by these rules (actes 8-1..8-3, 8-8):
/// - no byte of the body left: not delivered, whatever happened;
/// - a configured success code after the whole body: delivered, even if the rest of the answer is cut;
/// - 4xx: not delivered, but 409 (a conflict: the server may hold the envelope);
/// - 5xx: not delivered before the whole body left; after it ambiguous, unless the configuration says that
///   such an answer means not delivered;
/// - any other answer, and none: ambiguous.
[[nodiscard]] tl::expected<void, PutFailure> judge_post(const config::Destination& to,
                                                        const PostProgress& progress);

/// Posts envelopes to the ministry: HTTPS, multipart/form-data, client certificate (actes 5.1). Every POST
/// has a connection of its own, so that libcurl never repeats a request by itself. The server is verified, by
/// authority, name and pin as configured, before the request leaves; the body leaves after "100 Continue" or
/// one second of silence. Not thread-safe.
class PrefecturePost {
 public:
  explicit PrefecturePost(const config::Destination& to) : to_(to) {}  ///< borrowed

  [[nodiscard]] tl::expected<void, PutFailure> put(const PutRequest& request, Transcript& transcript);
  /// Connects and verifies, and sends nothing.
  [[nodiscard]] Status probe(Transcript& transcript);

 private:
  void set_options(CURL* handle) const;
  [[nodiscard]] PostProgress attempt(const PutRequest& request, Transcript& transcript) const;

  const config::Destination& to_;
  bool expect_ = true;  ///< cleared when the server does not know "Expect: 100-continue"
};

}  // namespace demat::transport
