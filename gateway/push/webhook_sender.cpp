#include "gateway/push/webhook_sender.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <mutex>
#include <stdexcept>

#include "gateway/push/event_hub.hpp"
#include "gateway/push/signature.hpp"
#include "gateway/push/url_policy.hpp"

namespace demat::push {
namespace {

struct Cleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Cleanup>;
using List = std::unique_ptr<curl_slist, FreeList>;

constexpr std::size_t most_answer = 65'536;

struct Exchange {
  bool private_ok = false;
  bool met_private = false;
  std::size_t answered = 0;
};

Handle make_handle() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  Handle handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  return handle;
}

curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& exchange = *static_cast<Exchange*>(self);
  if (!exchange.private_ok && is_private_address(address->addr)) {
    exchange.met_private = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// The answer's body means nothing to us; a long one ends the transfer.
std::size_t drop(char*, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  exchange.answered += size * count;
  return exchange.answered > most_answer ? 0 : size * count;
}

List headers_of(const store::DueDelivery& due, const std::string& body, Instant now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  List list;
  for (const auto& line : {std::string("Content-Type: application/json"), std::string("Expect:"),
                           "Demat-Delivery: " + due.delivery.id.str(),
                           "Demat-Signature: " + signature_of(due.secret, seconds, body),
                           "Demat-Environment: " + due.event.environment}) {
    auto* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

void prepare(CURL* handle, const store::DueDelivery& due, const std::string& body, const config::Push& push,
             Exchange& exchange) {
  curl_easy_setopt(handle, CURLOPT_URL, due.webhook.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!push.ca.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, push.ca.c_str());
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(push.timeout.count()));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(push.timeout.count()));
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &exchange);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "dematd");
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.c_str());
}

std::string code_of(CURLcode result, const Exchange& exchange) {
  if (exchange.met_private) return "push.private_address";
  if (result == CURLE_OPERATION_TIMEDOUT) return "push.timeout";
  const bool tls = result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CONNECT_ERROR ||
                   result == CURLE_SSL_CACERT_BADFILE || result == CURLE_SSL_CERTPROBLEM;
  return tls ? "push.tls" : "push.unreachable";
}

}  // namespace

SendOutcome send_webhook(const store::DueDelivery& due, const config::Push& push, Instant now) {
  if (!check_url(due.webhook.url, push)) return {0, "push.host"};
  Exchange exchange;
  exchange.private_ok = host_named(host_of(due.webhook.url), push.allowed_hosts);
  const std::string body = event_json(due.event);
  const auto headers = headers_of(due, body, now);
  const auto handle = make_handle();
  prepare(handle.get(), due, body, push, exchange);
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  const auto result = curl_easy_perform(handle.get());
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  const bool answered = result == CURLE_OK || (result == CURLE_WRITE_ERROR && status != 0);
  if (!answered) return {0, code_of(result, exchange)};
  const bool taken = status >= 200 && status < 300;
  return {static_cast<int>(status), taken ? "" : "push.refused"};
}

}  // namespace demat::push
