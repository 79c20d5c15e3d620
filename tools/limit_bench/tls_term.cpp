#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "tools/limit_bench/terms.hpp"

namespace limit_bench {
namespace {

using Context = demat::Owned<SSL_CTX, SSL_CTX_free>;
using Session = demat::Owned<SSL, SSL_free>;

class Socket {
 public:
  explicit Socket(int number) : number_(number) { require(number >= 0, "socket"); }
  ~Socket() { ::close(number_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// Writes flows of `size` bytes, each after the reader's one-byte answer, until the reader hangs up.
void send_flows(const sockaddr_in& address, std::size_t size) {
  const Socket socket(::socket(AF_INET, SOCK_STREAM, 0));
  require(::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
          "connect");
  const int on = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const Context context(SSL_CTX_new(TLS_client_method()));
  const Session session(SSL_new(context.get()));
  SSL_set_fd(session.get(), socket.number());
  require(SSL_connect(session.get()) == 1, "TLS handshake");
  const std::string body(size, 'b');
  char answer = 0;
  do {
    if (SSL_write(session.get(), body.data(), static_cast<int>(size)) <= 0) return;
  } while (SSL_read(session.get(), &answer, 1) == 1);
}

void receive(SSL* session, std::size_t size, std::vector<char>& buffer) {
  std::size_t got = 0;
  while (got < size) {
    const int count = SSL_read(session, buffer.data(), static_cast<int>(buffer.size()));
    require(count > 0, "TLS read");
    got += static_cast<std::size_t>(count);
  }
  require(SSL_write(session, "y", 1) == 1, "TLS write");
}

}  // namespace

double tls_term(const Effort& effort, std::size_t size, const Identity& identity) {
  const Context context(SSL_CTX_new(TLS_server_method()));
  require(SSL_CTX_use_certificate(context.get(), identity.certificate.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context.get(), identity.key.get()) == 1,
          "TLS context");
  SSL_CTX_set_read_ahead(context.get(), 1);
  const Socket listener(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  require(::bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
              ::listen(listener.number(), 1) == 0 &&
              ::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address), &length) == 0,
          "listen");
  std::jthread sender([&] { send_flows(address, size); });
  double figure = 0;
  {
    const Socket socket(::accept(listener.number(), nullptr, nullptr));
    const int on = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const Session session(SSL_new(context.get()));
    SSL_set_fd(session.get(), socket.number());
    require(SSL_accept(session.get()) == 1, "TLS handshake");
    std::vector<char> buffer(65'536);
    figure = micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] { receive(session.get(), size, buffer); });
    SSL_shutdown(session.get());
  }
  return figure;
}

}  // namespace limit_bench
