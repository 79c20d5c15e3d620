#include "gateway/transport/curl_faults.hpp"

#include <algorithm>
#include <array>

namespace demat::transport {
namespace {

/// A TLS alert in OpenSSL's words that says no to our certificate. With TLS 1.3 it comes after the handshake,
/// so libcurl tells it as a failed read.
bool refuses_our_certificate(std::string_view words) {
  constexpr std::array<std::string_view, 4> signs{"certificate required", "unknown ca", "access denied",
                                                  "handshake failure"};
  const auto said = [words](std::string_view sign) { return words.find(sign) != std::string_view::npos; };
  const bool certificate = words.find("alert") != std::string_view::npos && said("certificate");
  return certificate || (said("alert") && std::any_of(signs.begin(), signs.end(), said));
}

}  // namespace

Fault fault_of(CURLcode code, std::string_view words) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return Fault::unreachable;
    case CURLE_OPERATION_TIMEDOUT:
      return Fault::timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return Fault::identity;
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_LOGIN_DENIED:
      return Fault::login;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return refuses_our_certificate(words) ? Fault::login : Fault::interrupted;
    default:
      return Fault::refused;
  }
}

std::string words_of(CURLcode code, std::string_view message) {
  return message.empty() ? curl_easy_strerror(code) : std::string(message);
}

void set_tls(CURL* handle, const std::string& ca, const std::string& max_tls) {
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_SSL_ENABLE_ALPN, 0L);
  if (!ca.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, ca.c_str());
  curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);  // Debian's default would trust every public authority
  curl_easy_setopt(handle, CURLOPT_CA_CACHE_TIMEOUT, 0L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, ca.empty() ? 0L : 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  const long most = max_tls == "1.2" ? static_cast<long>(CURL_SSLVERSION_MAX_TLSv1_2)
                                     : static_cast<long>(CURL_SSLVERSION_MAX_DEFAULT);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2) | most);
}

}  // namespace demat::transport
