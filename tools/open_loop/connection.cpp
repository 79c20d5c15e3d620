#include "tools/open_loop/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace open_loop {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

std::size_t length_in(const std::string& head) {
  std::string lower = head;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::string_view name = "\r\ncontent-length:";
  const auto at = lower.find(name);
  return at == std::string::npos ? 0 : std::stoul(lower.substr(at + name.size()));
}

}  // namespace

std::unique_ptr<SSL_CTX, Freed> make_context(const Options& options) {
  std::unique_ptr<SSL_CTX, Freed> context(SSL_CTX_new(TLS_client_method()));
  require(context != nullptr, "TLS context");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  require(SSL_CTX_load_verify_locations(context.get(), options.ca.c_str(), nullptr) == 1, "--ca");
  require(SSL_CTX_use_certificate_chain_file(context.get(), options.certificate.c_str()) == 1,
          "--certificate");
  require(SSL_CTX_use_PrivateKey_file(context.get(), options.key.c_str(), SSL_FILETYPE_PEM) == 1, "--key");
  return context;
}

Connection::Connection(SSL_CTX* context, const std::string& port) : ssl_(SSL_new(context)) {
  require(ssl_ != nullptr, "TLS connection");
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  require(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "connect");
  const int on = 1;
  static_cast<void>(::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  require(SSL_set_fd(ssl_.get(), socket_) == 1 && SSL_connect(ssl_.get()) == 1, "TLS handshake");
}

Connection::~Connection() {
  ssl_.reset();
  if (socket_ >= 0) ::close(socket_);
}

void Connection::read_more() {
  std::array<char, 16'384> piece{};
  const int got = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
  require(got > 0, "the server closed the connection");
  buffer_.append(piece.data(), static_cast<std::size_t>(got));
}

int Connection::exchange(const std::string& request) {
  require(SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size())) ==
              static_cast<int>(request.size()),
          "write");
  constexpr std::string_view blank = "\r\n\r\n";
  std::size_t end = std::string::npos;
  while ((end = buffer_.find(blank)) == std::string::npos)
    read_more();
  const std::string head = buffer_.substr(0, end);
  const std::size_t whole = end + blank.size() + length_in(head);
  while (buffer_.size() < whole)
    read_more();
  buffer_.erase(0, whole);
  require(head.size() > 12, "no status line");
  return std::stoi(head.substr(9, 3));
}

}  // namespace open_loop
