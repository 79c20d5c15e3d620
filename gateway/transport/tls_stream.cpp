#include "gateway/transport/tls_stream.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <limits>

#include "gateway/transport/curl_faults.hpp"

namespace demat::transport {

Status TlsStream::open() {
  CurlEasy easy = make_easy();
  const bool ipv6 = place_.host.find(':') != std::string::npos;
  const std::string url =
      "https://" + (ipv6 ? "[" + place_.host + "]" : place_.host) + ":" + std::to_string(place_.port) + "/";
  std::array<char, CURL_ERROR_SIZE> words{};
  set_tls(easy.get(), place_.ca, place_.max_tls);
  curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(place_.connect_timeout.count()));
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, words.data());
  const CURLcode code = curl_easy_perform(easy.get());
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, nullptr);
  if (code == CURLE_OK) {
    handle_ = std::move(easy);
    return {};
  }
  const std::string text = words_of(code, words.data());
  return failure(make_error(fault_of(code, text), place_.destination, text));
}

Status TlsStream::wait(short events, Deadline deadline) const {
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &fd);
  if (fd == CURL_SOCKET_BAD) return failure(make_error(Fault::interrupted, place_.destination, "closed"));
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  pollfd watched{fd, events, 0};
  const auto patience = std::clamp<std::int64_t>(left.count(), 0, most);
  // An interrupted wait is a short one: the caller looks at the clock again.
  static_cast<void>(::poll(&watched, 1, static_cast<int>(patience)));
  if (std::chrono::steady_clock::now() < deadline) return {};
  return failure(make_error(Fault::timeout, place_.destination, "no answer in time"));
}

Status TlsStream::write(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(handle_.get(), bytes.data(), bytes.size(), &sent);
    bytes.remove_prefix(sent);
    if (code == CURLE_AGAIN) {
      if (Status ready = wait(POLLOUT, deadline); !ready) return ready;
    } else if (code != CURLE_OK) {
      return failure(make_error(Fault::interrupted, place_.destination, curl_easy_strerror(code)));
    }
  }
  return {};
}

Result<std::size_t> TlsStream::read(std::span<char> buffer, Deadline deadline) {
  for (;;) {
    std::size_t got = 0;
    const CURLcode code = curl_easy_recv(handle_.get(), buffer.data(), buffer.size(), &got);
    if (code == CURLE_OK && got > 0) {
      // A server that never stops talking must not outlast its time either.
      if (std::chrono::steady_clock::now() < deadline) return got;
      return failure(make_error(Fault::timeout, place_.destination, "no end in time"));
    }
    if (code != CURLE_AGAIN) {
      const char* const words = code == CURLE_OK ? "closed by the server" : curl_easy_strerror(code);
      return failure(make_error(Fault::interrupted, place_.destination, words));
    }
    if (const Status ready = wait(POLLIN, deadline); !ready) return failure(ready.error());
  }
}

}  // namespace demat::transport
