#include "gateway/config/effective.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gateway/config/config.hpp"
#include "gateway/config/key_table.hpp"
#include "gateway/config/literal.hpp"

namespace demat::config {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

TEST(Literal, IsWhatTheFileWouldSay) {
  EXPECT_EQ(text_literal("a\"b\\c\n"), "\"a\\\"b\\\\c\\u000A\"");
  EXPECT_EQ(texts_literal({"a", "b"}), "[\"a\", \"b\"]");
  EXPECT_EQ(number_literal(2), "2.0");
  EXPECT_EQ(number_literal(0.25), "0.25");
  EXPECT_EQ(duration_literal(0ms), "\"0ms\"");
  EXPECT_EQ(duration_literal(1500ms), "\"1500ms\"");
  EXPECT_EQ(duration_literal(90s), "\"90s\"");
  EXPECT_EQ(duration_literal(48h), "\"2d\"");
}

class EffectiveTest : public testing::Test {
 protected:
  EffectiveTest() {
    std::filesystem::create_directories(folder_ / "packs/pes/5.30");
    std::filesystem::create_directories(folder_ / "credentials");
    write("packs/pes/5.30/pack.toml", "");
    for (const auto* name : {"server.pem", "server.key", "ca.pem", "hosts", "secret"})
      write(name, "correct horse\n");
    write("credentials/helios.password", "battery staple\n");
    std::filesystem::permissions(folder_ / "credentials/helios.password", std::filesystem::perms(0440));
  }
  ~EffectiveTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    std::filesystem::permissions(folder_ / name, std::filesystem::perms(0600));
  }
  tl::expected<Settings, Problems> settings(const std::string& text, bool with_credentials = false) const {
    write("dematd.toml", text);
    return read(folder_ / "dematd.toml", [&](const std::string& name) {
      return name == "CREDENTIALS_DIRECTORY" && with_credentials ? (folder_ / "credentials").string()
                                                                 : std::string();
    });
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("demat-effective-" + std::to_string(getpid()));
  const std::string text_ =
      "environment = \"test\"\ndata_folder = \"data\"\nschema_folder = \"packs\"\n"
      "[http]\ncertificate = \"server.pem\"\nkey = \"server.key\"\nclient_ca = \"ca.pem\"\nport = 9443\n"
      "[[destination]]\nname = \"helios\"\nhost = \"h\"\nuser = \"u\"\nknown_hosts = \"hosts\"\n"
      "mode = \"passtrans_sftp\"\npoll_every = \"2min\"\n";
};

TEST_F(EffectiveTest, ShowsEveryKeyAndNoSecret) {
  const auto read = settings(text_ + "password_file = \"secret\"\n");
  ASSERT_TRUE(read) << read.error().errors.front().en;
  const auto shown = effective(*read);
  for (const auto* line :
       {"environment = \"test\"\n", "\n[http]\n", "port = 9443\n", "max_payload = 100000000\n",
        "\n[pipeline.retry]\n", "factor = 2.0\n", "mode = \"passtrans_sftp\"\n", "poll_every = \"2min\"\n",
        "# password = \"***\"\n", "\n[[destination]]\n", "pes = \"5.30\"\n"})
    EXPECT_THAT(shown, HasSubstr(line));
  EXPECT_THAT(shown, Not(HasSubstr("correct horse")));
  EXPECT_THAT(shown, Not(HasSubstr("# key_passphrase")));
}

TEST_F(EffectiveTest, WhatIsShownReadsTheSame) {
  const auto read = settings(text_ + "key = \"secret\"\n");
  ASSERT_TRUE(read);
  const auto shown = effective(*read);
  const auto again = settings(shown);
  ASSERT_TRUE(again) << again.error().errors.front().place.path << again.error().errors.front().en;
  EXPECT_EQ(effective(*again), shown);
}

TEST_F(EffectiveTest, ShowsThePrefectureWhereItBelongs) {
  const auto read = settings(
      text_ +
      "key = \"secret\"\n"
      "[[destination]]\nname = \"actes\"\nmode = \"prefecture\"\nmail_ca = \"ca.pem\"\nca = \"ca.pem\"\n"
      "mail_host = \"imap.example\"\nmail_user = \"m\"\nmail_password_file = \"secret\"\n"
      "return_addresses = [\"actes@boite.example.org\"]\ntrigramme = \"ABC\"\n"
      "post_url = \"https://depot.example/\"\nsuccess_codes = [200, 201]\n");
  ASSERT_TRUE(read) << read.error().errors.front().en;
  const auto shown = effective(*read);
  const auto second = shown.find("mode = \"prefecture\"");
  ASSERT_NE(second, std::string::npos);
  for (const auto* line :
       {"success_codes = [200, 201]\n", "# mail_password = \"***\"\n", "transfer_timeout = \"3min\"\n",
        "trigramme = \"ABC\"\n", "return_addresses = [\"actes@boite.example.org\"]\n"}) {
    EXPECT_THAT(shown.substr(second), HasSubstr(line));
    EXPECT_THAT(shown.substr(0, second), Not(HasSubstr(line)));
  }
  EXPECT_THAT(shown, Not(HasSubstr("correct horse")));
}

TEST_F(EffectiveTest, ABareNameAmongTheCredentialsIsTakenFromThere) {
  const std::string text = text_ + "password_file = \"helios.password\"\n";
  const auto read = settings(text, true);
  ASSERT_TRUE(read) << read.error().errors.front().en;
  EXPECT_EQ(read->destinations.front().password.reveal(), "battery staple");
  EXPECT_FALSE(settings(text, false)) << "without systemd there is no such file";
}

TEST_F(EffectiveTest, CredentialsThatOthersMayReadAreRefused) {
  std::filesystem::permissions(folder_ / "credentials/helios.password", std::filesystem::perms(0444));
  const auto read = settings(text_ + "password_file = \"helios.password\"\n", true);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().errors.front().code, "config.secret_mode");
}

}  // namespace
}  // namespace demat::config
