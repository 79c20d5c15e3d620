#include <curl/curl.h>

#include <algorithm>
#include <cstring>

#include "tools/limit_bench/terms.hpp"

namespace limit_bench {
namespace {

using Easy = demat::Owned<CURL, curl_easy_cleanup>;

struct Reading {
  const std::string& bytes;
  std::size_t done = 0;
};

std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* context) {
  auto& reading = *static_cast<Reading*>(context);
  const std::size_t piece = std::min(size * count, reading.bytes.size() - reading.done);
  std::memcpy(buffer, reading.bytes.data() + reading.done, piece);
  reading.done += piece;
  return piece;
}

}  // namespace

double put_term(const Effort& effort, const Peer& peer, const std::string& bytes) {
  const Easy easy(curl_easy_init());
  CURL* handle = easy.get();
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(bytes.size()));
  if (!peer.key.empty()) curl_easy_setopt(handle, CURLOPT_SSH_PRIVATE_KEYFILE, peer.key.c_str());
  if (!peer.known_hosts.empty()) {
    curl_easy_setopt(handle, CURLOPT_SSH_KNOWNHOSTS, peer.known_hosts.c_str());
    curl_easy_setopt(handle, CURLOPT_SSH_AUTH_TYPES, static_cast<long>(CURLSSH_AUTH_PUBLICKEY));
  }
  std::size_t number = 0;
  Effort light = effort;  // the peer keeps what it gets
  light.batches = std::min<std::size_t>(effort.batches, 5);
  light.batch_seconds = std::min(effort.batch_seconds, 0.01);
  return micros(light, CLOCK_THREAD_CPUTIME_ID, [&] {
    Reading reading{bytes};
    const std::string url = peer.url + "limit-" + std::to_string(++number) + ".bin";
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_READDATA, &reading);
    require(curl_easy_perform(handle) == CURLE_OK, "put to the peer");
  });
}

}  // namespace limit_bench
