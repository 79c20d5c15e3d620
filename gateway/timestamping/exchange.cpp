#include "gateway/timestamping/exchange.hpp"

#include <array>
#include <string_view>

#include "gateway/timestamping/errors.hpp"
#include "gateway/transport/curl_faults.hpp"
#include "gateway/transport/curl_handle.hpp"
#include "protocols/timestamp/timestamp.hpp"

namespace demat::timestamping {
namespace {

std::size_t on_answer(char* data, std::size_t /*one*/, std::size_t size, void* user) {
  auto& answer = *static_cast<Bytes*>(user);
  if (answer.size() + size > timestamp::max_token) return 0;
  const auto bytes = as_bytes({data, size});
  answer.insert(answer.end(), bytes.begin(), bytes.end());
  return size;
}

void set_options(CURL* handle, const config::TimestampAuthority& authority) {
  transport::set_tls(handle, authority.ca.string(), "");
  if (authority.ca.empty()) curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_URL, authority.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  if (!authority.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(handle, CURLOPT_USERNAME, authority.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, authority.password.reveal().c_str());
  }
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(authority.connect_timeout.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(authority.timeout.count()));
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
}

bool is_reply(const char* media_type) {
  constexpr std::string_view reply = "application/timestamp-reply";
  return media_type != nullptr && std::string_view(media_type).starts_with(reply);
}

}  // namespace

Result<Bytes> exchange(const config::TimestampAuthority& authority, const Bytes& request) {
  const transport::CurlEasy easy = transport::make_easy();
  const transport::CurlMulti multi = transport::make_multi();
  CURL* const handle = easy.get();
  Bytes answer;
  std::array<char, CURL_ERROR_SIZE> words{};
  transport::CurlList headers;
  headers.add("Content-Type: application/timestamp-query");
  headers.add("Accept: application/timestamp-reply");
  headers.add("Expect:");
  set_options(handle, authority);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.data());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_answer);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words.data());
  const CURLcode code = transport::perform(multi.get(), handle);
  long status = 0;
  const char* media_type = nullptr;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &media_type);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  if (code != CURLE_OK) return failure(unreachable(authority.name, transport::words_of(code, words.data())));
  if (status != 200) return failure(unreachable(authority.name, "HTTP " + std::to_string(status)));
  if (!is_reply(media_type)) return failure(unreachable(authority.name, "no application/timestamp-reply"));
  return answer;
}

}  // namespace demat::timestamping
