#pragma once

#include <curl/curl.h>

#include <memory>
#include <set>
#include <string>

namespace demat::transport {

struct CurlCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using CurlEasy = std::unique_ptr<CURL, CurlCleanup>;

/// Makes an easy handle; initialises libcurl once for the process and has SIGPIPE ignored, as
/// CURLOPT_NOSIGNAL asks of its users.
[[nodiscard]] CurlEasy make_easy();

struct CurlMultiCleanup {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
/// Owns the connections that its transfers leave open.
using CurlMulti = std::unique_ptr<CURLM, CurlMultiCleanup>;
[[nodiscard]] CurlMulti make_multi();

/// Runs one transfer to its end, as curl_easy_perform() does, but looks again every 50 ms: the other one
/// sleeps a whole second when it misses an event of the data connection, about once in a hundred deposits.
[[nodiscard]] CURLcode perform(CURLM* multi, CURL* easy);

/// A list of commands for libcurl; owns its nodes.
class CurlList {
 public:
  void add(const std::string& line);
  [[nodiscard]] curl_slist* get() const { return list_.get(); }

 private:
  struct Free {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, Free> list_;
};

/// One URL path segment or whole name, percent-escaped ("%%" becomes "%25%25": rigs §1).
[[nodiscard]] std::string escape(const std::string& text);

/// The sockets that libcurl holds for one handle, so that they can be cut from inside a callback. Must
/// outlive the handle it watches.
class OpenSockets {
 public:
  /// Hooks itself into the handle's socket callbacks.
  void watch(CURL* handle);
  /// Shuts every open socket down: whatever libcurl sends next cannot leave.
  void cut() const;

 private:
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int close_socket(void* self, curl_socket_t fd);
  std::set<curl_socket_t> open_;
};

}  // namespace demat::transport
