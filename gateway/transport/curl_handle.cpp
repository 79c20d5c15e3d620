#include "gateway/transport/curl_handle.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <new>
#include <stdexcept>

namespace demat::transport {
namespace {

/// libcurl's process-wide state; never torn down, because other threads may still hold handles at exit.
bool initialise() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("curl_global_init failed");
  struct sigaction action {};
  action.sa_handler = SIG_IGN;
  if (::sigaction(SIGPIPE, &action, nullptr) != 0) throw std::runtime_error("cannot ignore SIGPIPE");
  return true;
}

/// libcurl 7.88 forgets to name a socket when the answer to EPSV came at once: it would sleep out its whole
/// time before it opens the data connection. So the first look is soon, and the later ones rarer.
constexpr int least_patience_ms = 1;
constexpr int most_patience_ms = 64;

}  // namespace

CurlEasy make_easy() {
  static const bool initialised = initialise();
  static_cast<void>(initialised);
  CurlEasy handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  return handle;
}

CurlMulti make_multi() {
  CurlMulti handle(curl_multi_init());
  if (!handle) throw std::bad_alloc();
  return handle;
}

CURLcode perform(CURLM* multi, CURL* easy) {
  if (curl_multi_add_handle(multi, easy) != CURLM_OK) return CURLE_FAILED_INIT;
  CURLcode result = CURLE_OK;
  int running = 1;
  int patience_ms = least_patience_ms;
  while (running > 0) {
    CURLMcode state = curl_multi_perform(multi, &running);
    int news = 0;
    if (state == CURLM_OK && running > 0) state = curl_multi_poll(multi, nullptr, 0, patience_ms, &news);
    patience_ms = news > 0 ? least_patience_ms : std::min(2 * patience_ms, most_patience_ms);
    if (state != CURLM_OK) {
      result = CURLE_FAILED_INIT;
      break;
    }
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) result = message->data.result;
  }
  curl_multi_remove_handle(multi, easy);
  return result;
}

void CurlList::add(const std::string& line) {
  curl_slist* longer = curl_slist_append(list_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list_.release());  // the head is the same, or this was the first line
  list_.reset(longer);
}

std::string escape(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> escaped(
      curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), &curl_free);
  if (!escaped) throw std::bad_alloc();
  return escaped.get();
}

void OpenSockets::watch(CURL* handle) {
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &OpenSockets::open_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, &OpenSockets::close_socket);
  curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, this);
}

void OpenSockets::cut() const {
  for (const curl_socket_t fd : open_)
    ::shutdown(fd, SHUT_RDWR);
}

curl_socket_t OpenSockets::open_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  static_cast<OpenSockets*>(self)->open_.insert(fd);
  return fd;
}

int OpenSockets::close_socket(void* self, curl_socket_t fd) {
  static_cast<OpenSockets*>(self)->open_.erase(fd);
  return ::close(fd);
}

}  // namespace demat::transport
