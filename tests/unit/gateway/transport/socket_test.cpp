#include "gateway/transport/socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace demat::transport {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

TEST(Connect, DoesNotWaitForANameServerThatHangs) {
  const auto over = std::make_shared<std::atomic<bool>>(false);
  const Resolver hangs = [over](const std::string&,
                                const std::string&) -> tl::expected<Addresses, std::string> {
    while (!*over)
      std::this_thread::sleep_for(milliseconds(5));
    return tl::unexpected<std::string>("too late");
  };
  const auto began = Clock::now();
  const auto socket = connect_tcp("peer.example", 22, milliseconds(150), hangs);
  EXPECT_LT(Clock::now() - began, milliseconds(10'000));
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().fault, Fault::timeout);
  EXPECT_NE(socket.error().detail.find("peer.example"), std::string::npos);
  *over = true;
}

TEST(Connect, TellsANameThatDoesNotExist) {
  const Resolver knows_nothing = [](const std::string&,
                                    const std::string&) -> tl::expected<Addresses, std::string> {
    return tl::unexpected<std::string>("Name or service not known");
  };
  const auto socket = connect_tcp("nowhere.invalid", 22, milliseconds(500), knows_nothing);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().fault, Fault::unreachable);
}

TEST(Connect, AsksNobodyForAnAddress) {
  const Resolver fails = [](const std::string&, const std::string&) -> tl::expected<Addresses, std::string> {
    ADD_FAILURE() << "looked up";
    return tl::unexpected<std::string>("");
  };
  EXPECT_FALSE(connect_tcp("127.0.0.1", 1, milliseconds(500), fails));
}

/// A local server whose queue is full and that takes nothing, as one stopped by SIGSTOP.
class FullServer {
 public:
  FullServer() {
    std::string name = (std::filesystem::temp_directory_path() / "demat-full-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = name;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().string().copy(address.sun_path, sizeof(address.sun_path) - 1);
    server_ = Descriptor(::socket(AF_UNIX, SOCK_STREAM, 0));
    if (::bind(server_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
        ::listen(server_.get(), 0) != 0)
      throw std::runtime_error("listen");
    while (auto one = connect_local(path(), milliseconds(0)))
      waiting_.push_back(*std::move(one));
  }
  ~FullServer() { std::filesystem::remove_all(folder_); }
  FullServer(const FullServer&) = delete;
  FullServer& operator=(const FullServer&) = delete;
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "s"; }

 private:
  std::filesystem::path folder_;
  Descriptor server_;
  std::vector<Descriptor> waiting_;
};

TEST(Connect, DoesNotWaitForALocalServerThatHangs) {
  const FullServer server;
  const auto began = Clock::now();
  const auto socket = connect_local(server.path(), milliseconds(150));
  EXPECT_GE(Clock::now() - began, milliseconds(140));
  EXPECT_LT(Clock::now() - began, milliseconds(10'000));
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().fault, Fault::timeout);
}

}  // namespace
}  // namespace demat::transport
