#include "gateway/transport/imap_reader.hpp"

#include <gmock/gmock.h>

#include <string>

#include "gateway/transport/errors.hpp"

namespace demat::transport {
namespace {

using ::testing::HasSubstr;

/// A server's bytes, given out in pieces of `piece`; then the end of the stream.
class Script {
 public:
  explicit Script(std::string bytes, std::size_t piece = 7) : bytes_(std::move(bytes)), piece_(piece) {}
  [[nodiscard]] ImapReader reader() {
    return ImapReader("actes", [this](std::span<char> buffer) -> Result<std::size_t> {
      const std::size_t size = std::min({piece_, buffer.size(), bytes_.size() - place_});
      if (size == 0) return failure(make_error(Fault::interrupted, "actes", "end"));
      bytes_.copy(buffer.data(), size, place_);
      place_ += size;
      return size;
    });
  }

 private:
  std::string bytes_;
  std::size_t piece_;
  std::size_t place_ = 0;
};

FetchedItem item_of(const std::string& line) {
  return parse_fetch(ImapResponse{line, {}, 0}).value();
}

TEST(ImapFetch, TellsItemsInAnyOrderAndCase) {
  for (const char* line : {"* 3 FETCH (UID 17 RFC822.SIZE 1234 INTERNALDATE \"17-Jul-2026 02:44:25 +0200\")",
                           "* 3 fetch (internaldate \"17-jul-2026 02:44:25 +0200\" rfc822.size 1234 uid 17)",
                           "* 3 FETCH (FLAGS (\\Seen $a) UID 17 X ((a \"b)\") ()) RFC822.SIZE 1234 "
                           "INTERNALDATE \"17-Jul-2026 00:44:25 +0000\")"}) {
    const FetchedItem item = item_of(line);
    EXPECT_EQ(item.uid, 17U) << line;
    EXPECT_EQ(item.size, 1234U) << line;
    EXPECT_EQ(to_iso8601(item.time.value()).substr(0, 19), "2026-07-17T00:44:25") << line;
    EXPECT_FALSE(item.has_body);
  }
}

TEST(ImapFetch, IsNothingForOtherLinesAndNonsense) {
  for (const char* line :
       {"* 3 EXISTS", "* OK [UIDVALIDITY 1] FETCH", "* 3 FETCH", "* 3 FETCH UID 4", "a1 OK FETCH",
        "* x FETCH (UID 1)", "* 3 FETCH (UID \"4", "* 3 FETCH ((UID) 4)", "", "* 3 FETCH (FLAGS (\\Seen"})
    EXPECT_FALSE(parse_fetch(ImapResponse{line, {}, 0})) << line;
  EXPECT_FALSE(parse_fetch(ImapResponse{"* 3 FETCH (X " + std::string(60'000, '(') + ")", {}, 0}))
      << "no depth without end";
  EXPECT_EQ(item_of("* 3 FETCH (UID 99999999999999999999)").uid, 0xffffffffU) << "saturates";
  EXPECT_EQ(item_of("* 3 FETCH (RFC822.SIZE -1)").size, std::nullopt);
}

TEST(ImapDate, IsReadStrictly) {
  EXPECT_EQ(to_iso8601(parse_internal_date(" 1-Jan-2026 00:30:00 +0100").value()).substr(0, 19),
            "2025-12-31T23:30:00");
  EXPECT_EQ(to_iso8601(parse_internal_date("28-Feb-2026 23:30:00 -0130").value()).substr(0, 19),
            "2026-03-01T01:00:00");
  for (const char* text :
       {"", "31-Feb-2026 00:00:00 +0000", "01-Xxx-2026 00:00:00 +0000", "01-Jan-2026 24:00:00 +0000",
        "01-Jan-2026 00:00:00 0000", "1-Jan-2026 00:00:00 +0000"})
    EXPECT_FALSE(parse_internal_date(text)) << text;
}

TEST(ImapReaderTest, StreamsABodyWhateverItHolds) {
  // Lines that look like the protocol, a line without end, 8-bit bytes, no line end at the close.
  std::string mail = "a1 OK done\r\n* BYE\r\n{5}\r\n" + std::string(200'000, 'x') + "\n\xe9\0";
  mail += std::string("\0)", 2);
  for (const std::size_t piece : {1U, 7U, 65'536U}) {
    Script script("* 1 FETCH (UID 5 RFC822.SIZE " + std::to_string(mail.size()) + " BODY[] {" +
                      std::to_string(mail.size()) + "}\r\n" + mail + " FLAGS ())\r\na1 OK fetched\r\n",
                  piece);
    ImapReader reader = script.reader();
    std::string got;
    const Sink sink = [&](std::string_view part) {
      got += part;
      return Status();
    };
    const BodyTarget target{5, mail.size(), &sink};
    const auto response = reader.next(&target);
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(got, mail);
    EXPECT_EQ(response->streamed, mail.size());
    EXPECT_TRUE(parse_fetch(*response)->has_body);
    EXPECT_EQ(parse_fetch(*response)->uid, 5U);
    EXPECT_EQ(reader.next()->text, "a1 OK fetched");
  }
}

TEST(ImapReaderTest, KeepsSmallLiteralsAndIgnoresBracesInHumanText) {
  Script script("* OK ready {3}\r\n* LIST () \"/\" {3}\r\nfoo x\r\n+ go {1}\r\na1 NO never {9}\r\n");
  ImapReader reader = script.reader();
  EXPECT_EQ(reader.next()->text, "* OK ready {3}");
  const auto list = reader.next();
  EXPECT_EQ(list->text, "* LIST () \"/\" {3} x");
  EXPECT_EQ(list->literals, std::vector<std::string>{"foo"});
  EXPECT_EQ(reader.next()->text, "+ go {1}");
  EXPECT_EQ(reader.next()->text, "a1 NO never {9}");
  EXPECT_EQ(reader.next().error().code, "transport.interrupted");
}

struct Hostile {
  const char* name;
  std::string bytes;
  const char* said;
};

TEST(ImapReaderTest, BoundsWhatAHostileServerSends) {
  const std::vector<Hostile> cases{
      {"endless line", "* OK " + std::string(100'000, 'x'), "endless line"},
      {"huge literal", "* LIST {99999999999999999999999}\r\nx", "literal too long"},
      {"many literals",
       [] {
         std::string many = "* LIST";
         for (int i = 0; i < 100; ++i)
           many += " {1}\r\nx";
         return many;
       }(),
       "literal too long"},
      {"another message", "* 1 FETCH (UID 6 BODY[] {3}\r\nabc)\r\n", "another message"},
      {"a grown message", "* 1 FETCH (UID 5 BODY[] {4}\r\nabcd)\r\n", "another size"},
      {"an absurd body", "* 1 FETCH (UID 5 BODY[] {18446744073709551615}\r\nabcd)\r\n", "another size"},
  };
  for (const Hostile& hostile : cases) {
    Script script(hostile.bytes, 65'536);
    ImapReader reader = script.reader();
    std::size_t taken = 0;
    const Sink sink = [&](std::string_view part) {
      taken += part.size();
      return Status();
    };
    const BodyTarget target{5, 3, &sink};
    const auto response = reader.next(&target);
    ASSERT_FALSE(response) << hostile.name;
    EXPECT_EQ(response.error().code, "transport.refused") << hostile.name;
    EXPECT_THAT(response.error().detail, HasSubstr(hostile.said));
    EXPECT_EQ(taken, 0U) << hostile.name;
  }
}

TEST(ImapReaderTest, HandsOnTheSinksError) {
  Script script("* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n");
  ImapReader reader = script.reader();
  const Sink sink = [](std::string_view) { return failure(waiting_error("store.full", "f", "e")); };
  const BodyTarget target{5, 3, &sink};
  EXPECT_EQ(reader.next(&target).error().code, "store.full");
}

TEST(ImapWords, AreQuotedOrRefused) {
  EXPECT_EQ(imap_quoted("a b"), "\"a b\"");
  EXPECT_EQ(imap_quoted("a\"b\\"), "\"a\\\"b\\\\\"");
  EXPECT_FALSE(imap_quoted("a\r\nb"));
  EXPECT_FALSE(imap_quoted("\xe9t\xe9"));
  EXPECT_EQ(response_code_number("* OK [UIDVALIDITY 77] fine", "uidvalidity"), 77U);
  EXPECT_FALSE(response_code_number("* OK UIDVALIDITY 77", "UIDVALIDITY"));
}

}  // namespace
}  // namespace demat::transport
