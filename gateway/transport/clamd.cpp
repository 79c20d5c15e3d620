#include "gateway/transport/clamd.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "gateway/transport/errors.hpp"
#include "gateway/transport/socket.hpp"

namespace demat::transport {
namespace {

using Clock = std::chrono::steady_clock;

tl::unexpected<Error> down(std::string_view detail) {
  return failure(waiting_error(
      "antivirus.down", "L'antivirus est indisponible ; le flux attend et sera repris automatiquement.",
      "The virus scanner is not available; the flow waits and goes on by itself.", printable(detail)));
}

/// A connection to clamd with one deadline for the whole dialogue.
class Dialogue {
 public:
  static Result<Dialogue> open(const config::Antivirus& settings) {
    auto socket = settings.socket.empty() ? connect_tcp(settings.host, settings.port, settings.timeout)
                                          : connect_local(settings.socket, settings.timeout);
    if (!socket) return down(socket.error().detail);
    return Dialogue(*std::move(socket), Clock::now() + settings.timeout);
  }

  Status send(std::string_view bytes) {
    while (!bytes.empty()) {
      if (Status ready = wait(POLLOUT); !ready) return ready;
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (sent < 0) return down(std::strerror(errno));  // NOLINT(concurrency-mt-unsafe): glibc's is safe
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
  }

  /// The answer up to its NUL or the end.
  Result<std::string> answer() {
    constexpr std::size_t longest = 4096;
    std::string text;
    std::array<char, 512> part{};
    while (text.size() < longest && text.find('\0') == std::string::npos) {
      if (Status ready = wait(POLLIN); !ready) return failure(ready.error());
      const ssize_t got = ::recv(socket_.get(), part.data(), part.size(), MSG_DONTWAIT);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (got <= 0) break;
      text.append(part.data(), static_cast<std::size_t>(got));
    }
    return text.substr(0, text.find('\0'));
  }

 private:
  Dialogue(Descriptor socket, Clock::time_point deadline) : socket_(std::move(socket)), deadline_(deadline) {}

  Status wait(short events) {
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
      if (left <= 0) return down("timeout");
      pollfd entry{socket_.get(), events, 0};
      const int ready = ::poll(&entry, 1, static_cast<int>(left));
      if (ready > 0) return {};
      if (ready < 0 && errno != EINTR) return down("poll");
    }
  }

  Descriptor socket_;
  Clock::time_point deadline_;
};

/// Length in network order before each chunk; 0 ends the stream.
std::string length_prefix(std::size_t size) {
  const std::uint32_t network = htonl(static_cast<std::uint32_t>(size));
  std::string prefix(sizeof(network), '\0');
  std::memcpy(prefix.data(), &network, sizeof(network));
  return prefix;
}

/// Sends everything. A failure to send ends early without an error of its own: clamd may have answered "size
/// limit exceeded" and hung up, and its answer says more.
Status send_stream(Dialogue& dialogue, const ByteSource& bytes) {
  constexpr std::size_t chunk = 65'536;
  std::vector<char> buffer(chunk);
  if (Status sent = dialogue.send(std::string_view("zINSTREAM\0", 10)); !sent) return sent;
  for (std::size_t offset = 0;;) {
    const auto got = bytes.read(offset, buffer);
    if (!got) return failure(got.error());
    if (*got == 0) break;
    offset += *got;
    if (!dialogue.send(length_prefix(*got)) || !dialogue.send({buffer.data(), *got})) return {};
  }
  static_cast<void>(dialogue.send(length_prefix(0)));
  return {};
}

}  // namespace

Result<Scan> scan(const config::Antivirus& settings, const ByteSource& bytes) {
  auto dialogue = Dialogue::open(settings);
  if (!dialogue) return failure(dialogue.error());
  if (const Status sent = send_stream(*dialogue, bytes); !sent) return failure(sent.error());
  const auto answer = dialogue->answer();
  if (!answer) return failure(answer.error());
  constexpr std::string_view prefix = "stream: ";
  constexpr std::string_view found = " FOUND";
  if (*answer == "stream: OK") return Scan{};
  if (answer->starts_with(prefix) && answer->ends_with(found)) {
    return Scan{true,
                printable(answer->substr(prefix.size(), answer->size() - prefix.size() - found.size()))};
  }
  return down(answer->empty() ? "no answer" : *answer);
}

Status ping(const config::Antivirus& settings) {
  auto dialogue = Dialogue::open(settings);
  if (!dialogue) return failure(dialogue.error());
  if (Status sent = dialogue->send(std::string_view("zPING\0", 6)); !sent) return sent;
  const auto answer = dialogue->answer();
  if (!answer) return failure(answer.error());
  if (*answer != "PONG") return down(*answer);
  return {};
}

}  // namespace demat::transport
