#include "gateway/transport/clamd.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "tests/support/rig/process.hpp"

namespace demat::transport {
namespace {

/// The scripted clamd, on TCP or on a local socket.
class Clamd {
 public:
  explicit Clamd(const std::string& mode, bool local = false) {
    settings_.enabled = true;
    settings_.timeout = std::chrono::seconds(5);
    if (local) {
      settings_.socket = folder_.path() / "clamd.sock";
    } else {
      settings_.host = "127.0.0.1";
      settings_.port = rig::free_port();
    }
    const std::filesystem::path script =
        std::filesystem::path(DEMAT_SOURCE_DIR) / "tests/integration/transport/scripted_clamd.py";
    const std::string place = local ? settings_.socket.string() : std::to_string(settings_.port);
    child_ = rig::Child({"/usr/bin/python3", script, place, "3000000", mode}, folder_.path() / "log");
    const bool up = rig::wait_until([&] { return rig::read_file(folder_.path() / "log").starts_with("up"); });
    if (!up) throw std::runtime_error("scripted clamd: " + rig::read_file(folder_.path() / "log"));
  }
  [[nodiscard]] config::Antivirus& settings() { return settings_; }
  void kill() { child_.kill(); }

 private:
  rig::TempFolder folder_;
  config::Antivirus settings_;
  rig::Child child_;
};

Result<Scan> scan_text(const config::Antivirus& settings, const std::string& text) {
  return scan(settings, MemorySource(text));
}

TEST(ClamdClient, TellsCleanFromInfectedOverBothSockets) {
  for (const bool local : {false, true}) {
    Clamd clamd("normal", local);
    EXPECT_TRUE(ping(clamd.settings()));
    const auto clean = scan_text(clamd.settings(), std::string(1'000'000, 'x'));
    ASSERT_TRUE(clean) << clean.error().detail;
    EXPECT_FALSE(clean->infected);
    const auto infected = scan_text(clamd.settings(), std::string(100'000, 'x') + "INFECTED");
    ASSERT_TRUE(infected) << infected.error().detail;
    EXPECT_TRUE(infected->infected);
    EXPECT_EQ(infected->name, "Rig.Test.UNOFFICIAL");
    EXPECT_FALSE(scan_text(clamd.settings(), "").value().infected);
  }
}

void expect_down(const Result<Scan>& result) {
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "antivirus.down");
  EXPECT_EQ(result.error().outlook, Outlook::waiting);
}

TEST(ClamdClient, WaitsWhenThereIsNoClearVerdict) {
  Clamd garbage("garbage");
  expect_down(scan_text(garbage.settings(), "x"));
  Clamd normal("normal");
  const auto too_big = scan_text(normal.settings(), std::string(8'000'000, 'x'));
  expect_down(too_big);
  EXPECT_THAT(too_big.error().detail, ::testing::HasSubstr("size limit exceeded"));
}

TEST(ClamdClient, WaitsWhenTheScannerIsDownOrHangs) {
  Clamd clamd("hang");
  clamd.settings().timeout = std::chrono::milliseconds(300);
  expect_down(scan_text(clamd.settings(), "x"));
  clamd.kill();
  expect_down(scan_text(clamd.settings(), "x"));
  EXPECT_FALSE(ping(clamd.settings()));
  config::Antivirus nowhere;
  nowhere.socket = "/nonexistent/clamd.sock";
  expect_down(scan_text(nowhere, "x"));
}

/// A source that fails in the middle.
class Unreadable final : public ByteSource {
 public:
  [[nodiscard]] Result<std::size_t> read(std::size_t, std::span<char>) const override {
    return failure(waiting_error("store.unreadable", "illisible", "unreadable"));
  }
  [[nodiscard]] std::size_t size() const override { return 10; }
};

TEST(ClamdClient, PassesOurOwnReadErrorOn) {
  Clamd clamd("normal");
  const auto result = scan(clamd.settings(), Unreadable());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "store.unreadable");
}

TEST(ClamdClient, AgreesWithARealScanner) {
  if (!std::filesystem::exists("/usr/sbin/clamd")) GTEST_SKIP() << "clamav-daemon is not installed";
  const rig::TempFolder folder;
  const auto file = [&](const char* name) { return (folder.path() / name).string(); };
  std::filesystem::create_directory(folder.path() / "db");
  // "INFECTED" as a signature of our own, anywhere in any file.
  rig::write_file(folder.path() / "db" / "rig.ndb", "Rig.Test:0:*:494e464543544544\n");
  rig::write_file(file("clamd.conf"), "DatabaseDirectory " + file("db") + "\nLocalSocket " + file("sock") +
                                          "\nForeground yes\nLogFile " + file("clamd.log") + "\n");
  const rig::Child clamd({"/usr/sbin/clamd", "-c", file("clamd.conf")}, file("log"));
  config::Antivirus settings;
  settings.socket = file("sock");
  ASSERT_TRUE(rig::wait_until([&] { return ping(settings).has_value(); })) << rig::read_file(file("log"));
  EXPECT_FALSE(scan_text(settings, "<x/>").value().infected);
  EXPECT_EQ(scan_text(settings, "<x>INFECTED</x>").value().name, "Rig.Test.UNOFFICIAL");
}

}  // namespace
}  // namespace demat::transport
