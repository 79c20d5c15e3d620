#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/config/section_checks.hpp"

namespace demat::config {

/// The parts of "smtp://host[:port]" or "smtps://host[:port]".
struct SmtpUrl {
  bool tls = false;  ///< from the first byte
  std::string host;
  std::string port;  ///< empty: the usual one, 25 or 465
};

/// Nothing for another scheme, credentials, a path or a query: secrets have no place in a URL, and the rest
/// has no meaning.
[[nodiscard]] std::optional<SmtpUrl> smtp_url_from(std::string_view url);

/// What [mail] needs to send anything; nothing is asked of one without a url.
void check_mail(const Mail& mail, Section section);

}  // namespace demat::config
