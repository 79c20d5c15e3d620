#include "gateway/transport/ftp_dialogue.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "gateway/transport/errors.hpp"

namespace demat::transport {
namespace {

TEST(FtpDialogue, FollowsADeposit) {
  Transcript transcript;
  FtpDialogue dialogue(&transcript);
  EXPECT_TRUE(dialogue.silent());
  dialogue.received("220-hello\r\n");
  dialogue.received("220 ready\r\n");
  dialogue.sent("PASS secret word\r\n");
  dialogue.received("230 in\r\n");
  dialogue.sent("SITE P_DEST A\r\n");
  dialogue.received("200 noted\r\n");
  EXPECT_FALSE(dialogue.site_refused());
  EXPECT_FALSE(dialogue.stor_sent());
  dialogue.sent("STOR a.xml\r\n");
  dialogue.received("150 go\r\n");
  EXPECT_TRUE(dialogue.stor_sent());
  EXPECT_EQ(dialogue.stor_reply(), 0) << "150 is not final";
  dialogue.received("226 done\r\n");
  EXPECT_EQ(dialogue.stor_reply(), 226);
  EXPECT_EQ(transcript.text(),
            "< 220-hello\n< 220 ready\n> PASS ****\n< 230 in\n> SITE P_DEST A\n< 200 noted\n> STOR a.xml\n< "
            "150 go\n"
            "< 226 done\n");
}

TEST(FtpDialogue, WaitsForTheEndOfALongReply) {
  FtpDialogue dialogue(nullptr);
  dialogue.sent("site meta x\r\n");
  dialogue.received("200-one\r\n");
  dialogue.received("550 inside\r\n");
  dialogue.received("200-still\r\n");
  EXPECT_TRUE(dialogue.silent());
  dialogue.received("200 end\r\n");
  EXPECT_EQ(dialogue.last_code(), 200);
  EXPECT_FALSE(dialogue.site_refused());
}

TEST(FtpDialogue, TakesOnly200ForAYesToSite) {
  for (const char* reply : {"202 no", "214 no", "250 no", "331 no", "421 no", "550 no"}) {
    FtpDialogue dialogue(nullptr);
    dialogue.sent("SITE P_MSG x\r\n");
    dialogue.received(reply);
    EXPECT_TRUE(dialogue.site_refused()) << reply;
    EXPECT_EQ(dialogue.telling_reply(), reply);
  }
}

TEST(FtpDialogue, KnowsWhenThePeerIsFull) {
  FtpDialogue dialogue(nullptr);
  dialogue.sent("STOR a\r\n");
  dialogue.received("552 quota\r\n");
  EXPECT_TRUE(dialogue.full());
  EXPECT_EQ(dialogue.stor_reply(), 552);
}

TEST(Transcript, IsAlwaysUtf8) {
  const std::map<std::string, std::string> wanted{
      {"550 refus\xe9", "550 refus\xc3\xa9"},          // Latin-1
      {"550 refus\xc3\xa9", "550 refus\xc3\xa9"},      // UTF-8 stays
      {"\xe2\x82\xac \xff", "\xe2\x82\xac \xc3\xbf"},  // both in one line
      {"\xc0\xaf", "\xc3\x80\xc2\xaf"},                // overlong
      {"\xed\xa0\x80", "\xc3\xad\xc2\xa0?"},           // a surrogate
      {"\xc2\x85 \x85 \x1b[2J", "\xc3\x82? ? ?[2J"},   // control characters of both kinds
      {"fin \xc3", "fin \xc3\x83"}};
  for (const auto& [given, shown] : wanted) {
    EXPECT_EQ(printable(given), shown);
    EXPECT_EQ(printable(printable(given)), shown) << "twice";
    Transcript transcript;
    transcript.add(given);
    EXPECT_EQ(transcript.text(), shown + "\n");
    EXPECT_EQ(make_error(Fault::refused, "d", given).detail, shown);
  }
  const std::string cut = printable(std::string(299, 'x') + "\xe9t\xe9");
  EXPECT_EQ(cut, std::string(299, 'x') + "\xc3\xa9") << "no half character at the end";
}

TEST(FtpDialogue, KeepsTheSizeThatTheServerTold) {
  const std::map<std::string, std::optional<std::uint64_t>> wanted{
      {"213 10133", 10133},
      {"213 0", 0},
      {"213", std::nullopt},
      {"213 many", std::nullopt},
      {"550 gone", std::nullopt},
      {"213 -1", std::nullopt},
      {"213 99999999999999999999", std::nullopt}};
  for (const auto& [reply, size] : wanted) {
    FtpDialogue dialogue(nullptr);
    dialogue.sent("SIZE .a.xml.part");
    EXPECT_EQ(dialogue.size_told(), std::nullopt);
    dialogue.received(reply + "\r\n");
    EXPECT_EQ(dialogue.size_told(), size) << reply;
  }
}

TEST(Transcript, StaysBounded) {
  Transcript transcript;
  for (int line = 0; line < 10'000; ++line)
    transcript.add(std::string(1000, 'x') + "\r\n");
  EXPECT_LT(transcript.text().size(), 70'000U);
  EXPECT_EQ(transcript.text().find('\r'), std::string::npos);
}

}  // namespace
}  // namespace demat::transport
