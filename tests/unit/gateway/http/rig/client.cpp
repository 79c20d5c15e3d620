#include "tests/unit/gateway/http/rig/client.hpp"

#include <algorithm>
#include <cctype>

namespace demat::test {
namespace {

/// Reads what `curl -i` wrote: interim answers, then the head and the body.
void parse_reply(std::string text, Reply& reply) {
  while (text.starts_with("HTTP/")) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) break;
    const auto head = text.substr(0, end + 2);
    text.erase(0, end + 4);
    reply.status = std::stoi(head.substr(head.find(' ') + 1));
    reply.headers.clear();
    for (auto at = head.find("\r\n") + 2; at < head.size();) {
      const auto stop = head.find("\r\n", at);
      const auto line = head.substr(at, stop - at);
      const auto colon = line.find(": ");
      auto name = line.substr(0, colon);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (colon != std::string::npos) reply.headers[name] = line.substr(colon + 2);
      at = stop + 2;
    }
    if (reply.status >= 200) break;
  }
  reply.body = std::move(text);
}

}  // namespace

std::string Client::url(const std::string& path) const {
  return "https://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> Client::tls_options() const {
  std::vector<std::string> out = {"--cacert", pki_.file("ca.pem")};
  if (!client_.empty()) {
    for (const auto& word : {std::string("--cert"), pki_.file(client_ + ".pem"), std::string("--key"),
                             pki_.file(client_ + ".key")})
      out.push_back(word);
  }
  return out;
}

Reply Client::call(const std::string& path, std::vector<std::string> options) const {
  std::vector<std::string> words = {"curl", "-sS", "-i", "--max-time", "30", "--path-as-is"};
  for (const auto& word : tls_options())
    words.push_back(word);
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(url(path));
  auto done = run(words);
  Reply reply;
  reply.curl_exit = done.exit_code;
  reply.err = std::move(done.err);
  parse_reply(std::move(done.out), reply);
  return reply;
}

Reply Client::post(const std::string& path, const std::string& body, const std::string& type,
                   std::vector<std::string> options) const {
  const TemporaryFolder folder;
  const auto file = folder.write("body", body);
  for (const auto& word :
       {std::string("-H"), "Content-Type: " + type, std::string("--data-binary"), "@" + file})
    options.push_back(word);
  return call(path, std::move(options));
}

std::string Client::raw(const std::string& bytes) const {
  std::vector<std::string> words = {"openssl",  "s_client",         "-quiet",
                                    "-ign_eof", "-connect",         "127.0.0.1:" + std::to_string(port_),
                                    "-CAfile",  pki_.file("ca.pem")};
  if (!client_.empty()) {
    for (const auto& word : {std::string("-cert"), pki_.file(client_ + ".pem"), std::string("-key"),
                             pki_.file(client_ + ".key")})
      words.push_back(word);
  }
  return run(words, bytes).out;
}

}  // namespace demat::test
