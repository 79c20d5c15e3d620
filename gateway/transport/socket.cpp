#include "gateway/transport/socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

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

/// Where a look-up leaves what it found; outlives the caller that no longer waits.
struct LookUp {
  std::mutex mutex;
  std::condition_variable done;
  std::optional<tl::expected<Addresses, std::string>> found;
};

/// Names are looked up on a thread of their own: getaddrinfo takes no deadline. Addresses need none.
tl::expected<Addresses, ConnectFailure> look_up(const std::string& host, const std::string& port,
                                                Clock::time_point deadline, const Resolver& resolver) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* numeric = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &numeric) == 0) return Addresses(numeric);
  const auto state = std::make_shared<LookUp>();
  std::thread([state, resolver, host, port] {
    auto found = resolver(host, port);
    const std::lock_guard lock(state->mutex);
    state->found = std::move(found);
    state->done.notify_all();
  }).detach();
  std::unique_lock lock(state->mutex);
  if (!state->done.wait_until(lock, deadline, [&] { return state->found.has_value(); }))
    return no(Fault::timeout, "no answer from the name server for " + host);
  if (!*state->found) return no(Fault::unreachable, state->found->error());
  return std::move(**state->found);
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

tl::expected<Addresses, std::string> resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) return tl::unexpected<std::string>(::gai_strerror(error));
  return Addresses(found);
}

tl::expected<Descriptor, ConnectFailure> connect_tcp(const std::string& host, std::uint16_t port,
                                                     std::chrono::milliseconds limit,
                                                     const Resolver& resolver) {
  const auto deadline = Clock::now() + limit;
  const auto addresses = look_up(host, std::to_string(port), deadline, resolver);
  if (!addresses) return tl::unexpected<ConnectFailure>(addresses.error());
  auto last = tl::expected<Descriptor, ConnectFailure>(no(Fault::unreachable, "no address"));
  for (const addrinfo* address = addresses->get(); address != nullptr; address = address->ai_next) {
    last = connect_one(*address, deadline);
    if (last) break;
  }
  return last;
}

tl::expected<Descriptor, ConnectFailure> connect_local(const std::filesystem::path& path,
                                                       std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.size() >= sizeof(address.sun_path)) return no(Fault::unreachable, "socket path too long");
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.open()) return no(Fault::unreachable, errno_text(errno));
  // The socket interface wants its general address type.
  while (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    // EAGAIN: the queue of a server that hangs is full; a blocking connect would wait for ever.
    if (errno != EAGAIN && errno != EINTR) return no(Fault::unreachable, errno_text(errno));
    if (Clock::now() >= deadline) return no(Fault::timeout, "the server takes no connections");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  if (!set_blocking(socket.get(), true)) return no(Fault::unreachable, errno_text(errno));
  return socket;
}

}  // namespace demat::transport
