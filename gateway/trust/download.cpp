#include "gateway/trust/download.hpp"

#include <curl/curl.h>
#include <fmt/chrono.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

#include "gateway/base/hosts.hpp"
#include "gateway/transport/curl_handle.hpp"

namespace demat::trust_desk {
namespace {

constexpr int most_hops = 3;
constexpr std::size_t longest_etag = 200;

Error bad_address(std::string_view url) {
  return permanent_error("trust.fetch_address", "L'adresse de la liste n'est ni http ni https.",
                         "The address of the list is neither http nor https.", url);
}

Error bad_host(std::string_view host) {
  return permanent_error("trust.fetch_host",
                         "L'hôte de cette adresse n'est pas dans fetch_hosts : la passerelle n'y va pas. "
                         "Ajoutez-le, ou déposez la "
                         "liste dans crls/.",
                         "The host of this address is not in fetch_hosts: the gateway does not go there. Add "
                         "it, or put the list "
                         "into crls/.",
                         host);
}

Error private_address(std::string_view host) {
  return waiting_error(
      "trust.fetch_private",
      "Cet hôte est à une adresse du réseau local : nommez-le en entier dans fetch_hosts s'il le "
      "faut.",
      "This host is at an address of the local network: name it in full in fetch_hosts if it is "
      "meant.",
      host);
}

Error too_many_redirects(std::string_view detail) {
  return waiting_error("trust.fetch_redirects", "Trop de redirections.", "Too many redirections.", detail);
}

Error bad_status(long status) {
  return waiting_error("trust.fetch_status", "Le serveur n'a pas donné la liste.",
                       "The server did not give the list.", "HTTP " + std::to_string(status));
}

Error too_large(std::size_t most) {
  return waiting_error("trust.fetch_too_large", "La liste est plus longue que fetch_max.",
                       "The list is longer than fetch_max.", std::to_string(most));
}

Error unreachable(std::string_view detail) {
  return waiting_error("trust.fetch_unreachable", "Le serveur des listes ne répond pas, ou pas à temps.",
                       "The server of the lists does not answer, or not in time.", detail);
}

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlFree>;

/// A part of an address; empty when it has none.
std::string part_of(CURLU* url, CURLUPart part) {
  char* raw = nullptr;
  if (curl_url_get(url, part, &raw, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owned(raw, &curl_free);
  return raw;
}

struct Transfer {
  const std::stop_token& stop;
  std::size_t most;
  bool private_ok = false;
  bool met_private = false;
  bool overflowed = false;
  Bytes bytes{};
  std::string etag{};
};

curl_socket_t open_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.private_ok && is_private_address(address->addr)) {
    transfer.met_private = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  transfer.overflowed = transfer.bytes.size() + bytes > transfer.most;
  if (transfer.overflowed) return 0;
  transfer.bytes.insert(transfer.bytes.end(), data, data + bytes);
  return bytes;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  constexpr std::string_view name = "etag:";
  const bool is_etag =
      line.size() > name.size() && std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
      });
  if (is_etag) {
    const auto from = line.find_first_not_of(" \t", name.size());
    const auto to = line.find_last_not_of(" \t\r\n");
    const bool fits = from != line.npos && to >= from && to - from < longest_etag;
    static_cast<Transfer*>(self)->etag = fits ? std::string(line.substr(from, to - from + 1)) : std::string();
  }
  return line.size();
}

int watch(void* self, curl_off_t /*all*/, curl_off_t /*now*/, curl_off_t /*up*/, curl_off_t /*sent*/) {
  return static_cast<Transfer*>(self)->stop.stop_requested() ? 1 : 0;
}

transport::CurlList conditions(const Having& having) {
  transport::CurlList headers;
  if (!having.etag.empty()) headers.add("If-None-Match: " + having.etag);
  if (having.modified)
    headers.add(fmt::format("If-Modified-Since: {:%a, %d %b %Y %H:%M:%S} GMT",
                            fmt::gmtime(std::chrono::system_clock::to_time_t(*having.modified))));
  return headers;
}

void prepare(CURL* handle, const std::string& url, const DownloadRules& rules, Transfer& transfer) {
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_HTTP_CONTENT_DECODING, 0L);  // a bomb stays as small as it was sent
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(rules.timeout.count()));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(rules.timeout.count()));
  curl_easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(rules.most));
  curl_easy_setopt(handle, CURLOPT_FILETIME, 1L);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "dematd");
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watch);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &transfer);
}

/// What one request gave: the file, or the next address.
struct Hop {
  Downloaded got;
  std::string next;
};

Result<Hop> ask(const std::string& url, const std::string& host, const DownloadRules& rules,
                const Having& having, const Bytes* body, const transport::CurlList& headers,
                const std::stop_token& stop) {
  Transfer transfer{stop, rules.most, host_named(host, rules.hosts)};
  const auto easy = transport::make_easy();
  prepare(easy.get(), url, rules, transfer);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  if (body != nullptr) {
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, body->data());
  }
  const CURLcode code = curl_easy_perform(easy.get());
  if (transfer.met_private) return failure(private_address(host));
  if (transfer.overflowed || code == CURLE_FILESIZE_EXCEEDED) return failure(too_large(rules.most));
  if (code != CURLE_OK) return failure(unreachable(curl_easy_strerror(code)));
  long status = 0;
  const char* next = nullptr;
  curl_off_t modified = -1;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy.get(), CURLINFO_REDIRECT_URL, &next);
  curl_easy_getinfo(easy.get(), CURLINFO_FILETIME_T, &modified);
  Hop hop;
  if (next != nullptr) {
    hop.next = next;
    return hop;
  }
  hop.got.unchanged = status == 304 && (!having.etag.empty() || having.modified);
  if (hop.got.unchanged) return hop;
  if (status != 200) return failure(bad_status(status));
  hop.got.bytes = std::move(transfer.bytes);
  hop.got.etag = std::move(transfer.etag);
  if (modified >= 0) hop.got.modified = std::chrono::sys_seconds(std::chrono::seconds(modified));
  return hop;
}

}  // namespace

Result<std::string> web_host(const std::string& url) {
  const Url parsed(curl_url());
  if (!parsed) throw std::bad_alloc();
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return failure(bad_address(url));
  const auto scheme = part_of(parsed.get(), CURLUPART_SCHEME);
  const bool web = scheme == "http" || scheme == "https";
  if (!web || !part_of(parsed.get(), CURLUPART_USER).empty()) return failure(bad_address(url));
  auto host = part_of(parsed.get(), CURLUPART_HOST);
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  while (host.ends_with('.'))
    host.pop_back();
  if (host.empty()) return failure(bad_address(url));
  return host;
}

Result<Downloaded> download(const std::string& url, const DownloadRules& rules, const Having& having,
                            const std::stop_token& stop) {
  std::string at = url;
  for (int hop = 0; hop <= most_hops; ++hop) {
    const auto host = web_host(at);
    if (!host) return failure(host.error());
    if (!host_listed(*host, rules.hosts)) return failure(bad_host(*host));
    auto answer = ask(at, *host, rules, having, nullptr, conditions(having), stop);
    if (!answer) return failure(std::move(answer.error()));
    if (answer->next.empty()) return std::move(answer->got);
    at = std::move(answer->next);
  }
  return failure(too_many_redirects(url));
}

Result<Bytes> ask_web(const std::string& url, const Bytes& body, const std::string& media_type,
                      const DownloadRules& rules, const std::stop_token& stop) {
  const auto host = web_host(url);
  if (!host) return failure(host.error());
  if (!host_listed(*host, rules.hosts)) return failure(bad_host(*host));
  transport::CurlList headers;
  headers.add("Content-Type: " + media_type);
  headers.add("Expect:");
  auto answer = ask(url, *host, rules, {}, &body, headers, stop);
  if (!answer) return failure(std::move(answer.error()));
  if (!answer->next.empty()) return failure(too_many_redirects(url));
  return std::move(answer->got.bytes);
}

}  // namespace demat::trust_desk
