#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/config/section_checks.hpp"

namespace demat::config {

/// The parts of "https://host[:port][/path]".
struct PostUrl {
  std::string host;
  std::string port;  ///< empty: 443
  std::string path;  ///< "/" when absent
};

/// Nothing for what may not be posted to: another scheme, credentials, a query string or a fragment
/// (decisions: credentials never in the URL), blanks and control characters.
[[nodiscard]] std::optional<PostUrl> post_url_from(std::string_view url);

/// What a destination of mode "prefecture" needs beside what every destination needs (actes 5).
void check_prefecture(const Destination& to, Section& section);

}  // namespace demat::config
