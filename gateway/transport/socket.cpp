#include "gateway/transport/socket.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace demat::transport {
namespace {

using Clock = std::chrono::steady_clock;

std::string errno_text(int error) {
  return std::generic_category().message(error);
}

tl::unexpected<ConnectFailure> no(Fault fault, std::string detail) {
  return tl::unexpected<ConnectFailure>(ConnectFailure{fault, std::move(detail)});
}

bool set_blocking(int fd, bool blocking) {
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && ::fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) == 0;
}

/// Waits for a connection under way; returns 0 or an errno value.
int finish_connect(int fd, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd entry{fd, POLLOUT, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max<long>(left, 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return errno;
    if (ready == 0) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof(error);
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
  }
}

tl::expected<Descriptor, ConnectFailure> connect_one(const addrinfo& address, Clock::time_point deadline) {
  Descriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.open() || !set_blocking(socket.get(), false)) return no(Fault::unreachable, errno_text(errno));
  int error = 0;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0) error = errno;
  if (error == EINPROGRESS) error = finish_connect(socket.get(), deadline);
  if (error == ETIMEDOUT) return no(Fault::timeout, errno_text(error));
  if (error != 0) return no(Fault::unreachable, errno_text(error));
  const int on = 1;
  if (!set_blocking(socket.get(), true) ||
      ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0) {
    return no(Fault::unreachable, errno_text(errno));
  }
  return socket;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

tl::expected<Descriptor, ConnectFailure> connect_tcp(const std::string& host, std::uint16_t port,
                                                     std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) return no(Fault::unreachable, ::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  auto last = tl::expected<Descriptor, ConnectFailure>(no(Fault::unreachable, "no address"));
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    last = connect_one(*address, deadline);
    if (last) break;
  }
  return last;
}

tl::expected<Descriptor, ConnectFailure> connect_local(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.size() >= sizeof(address.sun_path)) return no(Fault::unreachable, "socket path too long");
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // The socket interface wants its general address type.
  if (!socket.open() ||
      ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return no(Fault::unreachable, errno_text(errno));
  }
  return socket;
}

}  // namespace demat::transport
