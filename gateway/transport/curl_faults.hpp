#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "gateway/transport/errors.hpp"

namespace demat::transport {

/// What a result code of libcurl means for a link over TLS; `words` are libcurl's own and tell a refused
/// client certificate (login) from a cut connection.
[[nodiscard]] Fault fault_of(CURLcode code, std::string_view words);

/// libcurl's message, else the general one of the code.
[[nodiscard]] std::string words_of(CURLcode code, std::string_view message);

/// Rules for every TLS connection: libcurl's environment is not asked for a proxy, nothing older than
/// TLS 1.2. An empty `ca` leaves the chain unverified: only together with a pin. `max_tls`: "1.2" or empty.
void set_tls(CURL* handle, const std::string& ca, const std::string& max_tls);

}  // namespace demat::transport
