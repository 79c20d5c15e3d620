#include "gateway/notify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace demat {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// The service manager's end: a real datagram socket, in the abstract name space.
class NotifyTest : public testing::Test {
 protected:
  NotifyTest() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const std::string name = "demat-notify-test-" + std::to_string(getpid());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path + 1, sizeof address.sun_path - 2);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    set("NOTIFY_SOCKET", "@" + name);
    set("WATCHDOG_USEC", "3000000");
    set("WATCHDOG_PID", std::to_string(getpid()));
  }
  ~NotifyTest() override {
    for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
      unsetenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
    ::close(socket_);
  }
  static void set(const char* name, const std::string& value) {
    setenv(name, value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
  }
  /// The next message; empty when there is none.
  std::string heard() const {
    std::array<char, 1'024> buffer{};
    const auto size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
  }

  int socket_;
};

TEST_F(NotifyTest, TellsEachStep) {
  const ServiceManager manager;
  EXPECT_EQ(manager.watchdog(), std::chrono::seconds(3));
  manager.ready("environment test\nX=1");
  EXPECT_EQ(heard(), "READY=1\nSTATUS=environment test X=1") << "a status cannot smuggle a line in";
  manager.reloading();
  EXPECT_THAT(heard(), StartsWith("RELOADING=1\nMONOTONIC_USEC="));
  manager.alive();
  EXPECT_EQ(heard(), "WATCHDOG=1");
  manager.extend(std::chrono::seconds(2));
  EXPECT_EQ(heard(), "EXTEND_TIMEOUT_USEC=2000000");
  manager.stopping("bye");
  EXPECT_THAT(heard(), HasSubstr("STOPPING=1"));
}

TEST_F(NotifyTest, IsSilentWithoutAManager) {
  unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe): one thread
  unsetenv("WATCHDOG_USEC");  // NOLINT(concurrency-mt-unsafe): one thread
  const ServiceManager manager;
  manager.ready("x");
  EXPECT_EQ(manager.watchdog().count(), 0);
  EXPECT_EQ(heard(), "");
}

TEST_F(NotifyTest, AnotherProcessesWatchdogIsNotOurs) {
  set("WATCHDOG_PID", "1");
  EXPECT_EQ(ServiceManager().watchdog().count(), 0);
}

}  // namespace
}  // namespace demat
