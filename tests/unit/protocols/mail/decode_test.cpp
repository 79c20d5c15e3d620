#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "protocols/base/digest.hpp"
#include "protocols/mail/message.hpp"

namespace demat::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Line feeds become CRLF, as on the wire.
std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

const std::string head =
    "Message-ID: <1@interieur.invalid>\n"
    "Date: Mon, 06 Jan 2025 09:30:00 +0100\n"
    "From: =?UTF-8?Q?Pr=C3=A9fecture?= <actes@interieur.invalid>\n"
    "Subject: =?ISO-8859-1?Q?Accus=E9?= de =?UTF-8?B?csOpY2VwdGlvbg==?=\n"
    "MIME-Version: 1.0\n";

std::string mixed(const std::string& parts, const std::string& kind = "mixed") {
  return head + "Content-Type: multipart/" + kind + "; boundary=\"b1\"\n\npreamble\n" + parts +
         "--b1--\nepilogue\n";
}

std::string xml_part(const std::string& fields, const std::string& body = "<a/>") {
  return "--b1\nContent-Type: text/xml\n" + fields + "\n" + body + "\n";
}

Message decoded(const std::string& mail, const Limits& limits = {}) {
  const std::string bytes = crlf(mail);
  auto message = decode(MemorySource(bytes), limits);
  EXPECT_TRUE(message) << (message ? "" : message.error().code);
  return message.value_or(Message{});
}

std::string refused(const std::string& mail, const Limits& limits = {}) {
  const auto message = decode(MemorySource(mail), limits);
  return message ? "ok" : message.error().code;
}

std::vector<std::string> codes(const Message& message) {
  std::vector<std::string> out;
  for (const Finding& finding : message.report.findings)
    out.push_back(finding.code + "@" + finding.place.path);
  return out;
}

TEST(Decode, ReadsTheHeader) {
  const Message message = decoded(head + "Content-Type: text/plain; charset=utf-8\n\nBonjour à tous\n");
  EXPECT_EQ(message.message_id, "1@interieur.invalid");
  EXPECT_EQ(message.date, 1'736'152'200);
  EXPECT_EQ(message.from.name, "Préfecture");
  EXPECT_EQ(message.from.address, "actes@interieur.invalid");
  EXPECT_EQ(message.subject, "Accusé de réception");
  ASSERT_EQ(message.bodies.size(), 1U);
  EXPECT_EQ(message.bodies[0].text, "Bonjour à tous\r\n");
  EXPECT_THAT(message.attachments, IsEmpty());
  EXPECT_THAT(codes(message), IsEmpty());
}

TEST(Decode, TellsWhatTheHeaderLacks) {
  const Message message = decoded("Subject: x\n\ny\n");
  EXPECT_EQ(message.message_id, std::nullopt);
  EXPECT_EQ(message.date, std::nullopt);
  EXPECT_THAT(codes(message), ElementsAre("mail.no_message_id@", "mail.no_date@"));
}

// The mails of the ministry: envelope, messages and documents as attachments, HTML, inline logo (actes 5.3).
TEST(Decode, ReadsAMailOfTheMinistry) {
  const Message message = decoded(mixed(
      "--b1\nContent-Type: multipart/related; boundary=b2\n\n"
      "--b2\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
      "<p>Re=E7u <img src=3D\"cid:logo\"></p>\n"
      "--b2\nContent-Type: image/jpeg\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\n/9j/\n"
      "--b2--\n"
      "--b1\nContent-Type: application/xml; name=\"EACT--SPREF0441-210340001-20250106-9.xml\"\n"
      "Content-Disposition: attachment; filename=\"EACT--SPREF0441-210340001-20250106-9.xml\"\n"
      "Content-Transfer-Encoding: base64\n\nPGEvPg==\n" +
      xml_part("Content-Disposition: attachment; filename=044-210340001----1-3_1.xml\n"
               "Content-Transfer-Encoding: quoted-printable\n",
               "<a b=3D\"=E9\"/>")));
  ASSERT_EQ(message.attachments.size(), 3U);
  EXPECT_EQ(message.attachments[0].role, Role::embedded);
  EXPECT_EQ(message.attachments[0].content_id, "logo");
  EXPECT_EQ(message.attachments[0].part, "1.2");
  EXPECT_EQ(message.attachments[0].bytes, "\xff\xd8\xff");
  EXPECT_EQ(message.attachments[1].name, "EACT--SPREF0441-210340001-20250106-9.xml");
  EXPECT_EQ(message.attachments[1].bytes, "<a/>");
  EXPECT_EQ(message.attachments[1].role, Role::attachment);
  EXPECT_EQ(message.attachments[2].bytes, "<a b=\"\xe9\"/>");
  EXPECT_EQ(message.attachments[2].part, "3");
  ASSERT_NE(message.body("text/html"), nullptr);
  EXPECT_EQ(message.body("text/html")->text, "<p>Reçu <img src=\"cid:logo\"></p>");
  EXPECT_EQ(message.body("text/plain"), nullptr);
  EXPECT_THAT(codes(message), IsEmpty());
}

TEST(Decode, FindsAttachmentsInsideAnAlternative) {
  const Message message =
      decoded(mixed("--b1\nContent-Type: text/plain\n\ntexte\n"
                    "--b1\nContent-Type: multipart/mixed; boundary=b2\n\n"
                    "--b2\nContent-Type: text/html\n\n<p>html</p>\n"
                    "--b2\nContent-Type: application/pdf; name=l.pdf\n\n%PDF\n--b2--\n",
                    "alternative"));
  ASSERT_EQ(message.bodies.size(), 2U);
  EXPECT_EQ(message.bodies[0].text, "texte");
  ASSERT_EQ(message.attachments.size(), 1U);
  EXPECT_EQ(message.attachments[0].part, "2.2");
  EXPECT_EQ(message.attachments[0].bytes, "%PDF");
}

struct Name {
  std::string fields;
  std::string name;
  std::string safe;
};

TEST(Decode, ReadsNamesHoweverTheyAreWritten) {
  const std::vector<Name> names{
      {"Content-Disposition: attachment; filename=\"a b.xml\"\n", "a b.xml", "a b.xml"},
      {"Content-Disposition: attachment; filename=\"=?UTF-8?Q?d=C3=A9lib.xml?=\"\n", "délib.xml",
       "délib.xml"},
      {"Content-Disposition: attachment; filename==?ISO-8859-1?Q?d=E9lib.xml?=\n", "délib.xml", "délib.xml"},
      {"Content-Disposition: attachment; filename*=UTF-8''d%C3%A9lib.xml\n", "délib.xml", "délib.xml"},
      {"Content-Disposition: attachment; filename*=ISO-8859-1'fr'd%E9lib.xml\n", "délib.xml", "délib.xml"},
      {"Content-Disposition: attachment; filename*0*=UTF-8''d%C3%A9; filename*1=lib.xml\n", "délib.xml",
       "délib.xml"},
      {"Content-Disposition: attachment; filename=\"d\xc3\xa9lib.xml\"\n", "délib.xml", "délib.xml"},
      {"Content-Disposition: attachment; filename=\"d\xe9lib.xml\"\n", "délib.xml", "délib.xml"},
      {"Content-Disposition: attachment; filename=\"de\xcc\x81lib.xml\"\n", "délib.xml", "délib.xml"},
      {"Content-Disposition: attachment; filename=\"../../etc/passwd\"\n", "../../etc/passwd", "passwd"},
      {"Content-Disposition: attachment; filename=\"C:\\\\x\\\\a.xml\"\n", "C:\\x\\a.xml", "a.xml"},
      {"Content-Disposition: attachment; filename=\"..\"\n", "..", "piece-1.xml"},
      {"Content-Disposition: attachment; filename=\"d_lib.xml\"; filename*=UTF-8''d%C3%A9lib.xml\n",
       "délib.xml", "délib.xml"},
      {"Content-Disposition: attachment; FileName*=UTF-8''d%C3%A9%3B.xml; filename=\"a;filename*=b\"\n",
       "dé;.xml", "dé;.xml"},
      {"Content-Disposition: attachment\n", "", "piece-1.xml"},
      {"", "", "piece-1.xml"},
  };
  for (const Name& name : names) {
    const Message message = decoded(mixed(xml_part(name.fields)));
    ASSERT_EQ(message.attachments.size(), 1U) << name.fields;
    EXPECT_EQ(message.attachments[0].name, name.name) << name.fields;
    EXPECT_EQ(message.attachments[0].safe_name, name.safe) << name.fields;
    EXPECT_EQ(message.attachments[0].bytes, "<a/>") << name.fields;
  }
  const Message by_type =
      decoded(mixed("--b1\nContent-Type: text/plain; name=\"=?utf-8?B?w6k=?=.txt\"\n\nx\n"));
  ASSERT_EQ(by_type.attachments.size(), 1U);
  EXPECT_EQ(by_type.attachments[0].name, "é.txt");
}

struct Shape {
  const char* what;
  std::string mail;
  std::size_t attachments;
  std::size_t bodies;
  std::vector<std::string> codes;
};

std::string base64_part(const std::string& text) {
  return mixed("--b1\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + text + "\n");
}

std::vector<Shape> shapes() {
  return {
      {"html only", head + "Content-Type: text/html\n\n<p>multi canal</p>\n", 0, 1, {}},
      {"empty body", head + "\n", 0, 1, {}},
      {"header alone",
       "Message-ID: <a@b>\nDate: Mon, 06 Jan 2025 09:30:00 +0100\n",
       0,
       1,
       {"mail.structure@"}},
      {"no attachment", mixed("--b1\nContent-Type: text/plain\n\nx\n"), 0, 1, {}},
      {"whole mail is a file", head + "Content-Type: application/xml; name=a.xml\n\n<a/>\n", 1, 0, {}},
      {"text attached", mixed("--b1\nContent-Disposition: attachment\n\nx\n"), 1, 0, {}},
      {"8bit", mixed(xml_part("Content-Transfer-Encoding: 8bit\n", "<a>\xe9</a>")), 1, 0, {}},
      {"tnef", mixed("--b1\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n"), 1, 0, {}},
      {"base64", base64_part("SGVsbG8="), 1, 0, {}},
      {"base64 without padding", base64_part("SGVsbG8"), 1, 0, {"mail.base64@1"}},
      {"base64 cut", base64_part("SGVsb"), 1, 0, {"mail.base64@1"}},
      {"base64 with foreign bytes", base64_part("SGVs*G8="), 1, 0, {"mail.base64@1"}},
      {"base64 empty", base64_part(""), 1, 0, {}},
      {"quoted-printable cut",
       mixed(xml_part("Content-Transfer-Encoding: quoted-printable\n", "a=3")),
       1,
       0,
       {"mail.quoted_printable@1"}},
      {"quoted-printable wrong",
       mixed(xml_part("Content-Transfer-Encoding: quoted-printable\n", "a=XYb")),
       1,
       0,
       {"mail.quoted_printable@1"}},
      {"quoted-printable soft",
       mixed(xml_part("Content-Transfer-Encoding: quoted-printable\n", "a=  \nb")),
       1,
       0,
       {}},
      {"unknown encoding", mixed(xml_part("Content-Transfer-Encoding: x-own\n")), 1, 0, {"mail.encoding@1"}},
      {"unknown charset",
       mixed("--b1\nContent-Type: text/plain; charset=x-own\n\n\xe9\n"),
       0,
       1,
       {"mail.charset@1"}},
      {"end missing",
       head + "Content-Type: multipart/mixed; boundary=b1\n\n" + xml_part("", "<a/>"),
       1,
       0,
       {"mail.structure@"}},
      {"inner end missing",
       mixed("--b1\nContent-Type: multipart/mixed; boundary=b2\n\n--b2\nContent-Type: text/xml\n\n<a/>\n" +
             xml_part("", "<b/>")),
       2,
       0,
       {"mail.structure@"}},
      {"no boundary named",
       head + "Content-Type: multipart/mixed\n\n--b1\nContent-Type: text/xml\n\n<a/>\n--b1--\n",
       0,
       0,
       {"mail.structure@"}},
      {"boundary never seen",
       head + "Content-Type: multipart/mixed; boundary=zz\n\n" + xml_part("") + "--b1--\n",
       0,
       0,
       {"mail.structure@"}},
  };
}

TEST(Decode, EveryShapeGivesItsPartsOrSaysWhatIsMissing) {
  for (const Shape& shape : shapes()) {
    const Message message = decoded(shape.mail);
    EXPECT_EQ(message.attachments.size(), shape.attachments) << shape.what;
    EXPECT_EQ(message.bodies.size(), shape.bodies) << shape.what;
    auto found = codes(message);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    EXPECT_EQ(found, shape.codes) << shape.what;
  }
}

TEST(Decode, KeepsWhatCouldBeDecoded) {
  const Message message = decoded(base64_part("SGVsbG8gV29yb"));
  ASSERT_EQ(message.attachments.size(), 1U);
  EXPECT_THAT(message.attachments[0].bytes, testing::StartsWith("Hello Wo"));
}

TEST(Decode, TellsTnefAndEmbeddedPicturesApart) {
  const Message message = decoded(mixed(
      "--b1\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n"
      "--b1\nContent-Type: image/png\nContent-Disposition: inline\n\nx\n"
      "--b1\nContent-Type: application/pdf; name=l.pdf\nContent-Disposition: inline; filename=l.pdf\n\nx\n"));
  ASSERT_EQ(message.attachments.size(), 3U);
  EXPECT_EQ(message.attachments[0].role, Role::tnef);
  EXPECT_EQ(message.attachments[1].role, Role::embedded);
  EXPECT_EQ(message.attachments[2].role, Role::attachment);
}

TEST(Decode, LooksIntoMessagesInsideTheMessage) {
  const Message message =
      decoded(mixed("--b1\nContent-Type: text/plain\n\nTransféré\n"
                    "--b1\nContent-Type: message/rfc822\n\n"
                    "Message-ID: <inner@b>\nSubject: inner\nContent-Type: multipart/mixed; boundary=b2\n\n"
                    "--b2\nContent-Type: text/plain\n\nintérieur\n"
                    "--b2\nContent-Type: text/xml; name=a.xml\n\n<a/>\n--b2--\n"));
  EXPECT_EQ(message.message_id, "1@interieur.invalid");
  ASSERT_EQ(message.attachments.size(), 1U);
  EXPECT_TRUE(message.attachments[0].nested);
  EXPECT_EQ(message.attachments[0].part, "2.2");
  EXPECT_EQ(message.attachments[0].bytes, "<a/>");
  ASSERT_EQ(message.bodies.size(), 2U);
  EXPECT_TRUE(message.bodies[1].nested);
  ASSERT_NE(message.body("text/plain"), nullptr);
  EXPECT_EQ(message.body("text/plain")->text, "Transféré");
}

struct Charset {
  const char* label;
  std::string bytes;
  const char* text;
};

TEST(Decode, DoesNotTrustTheLabelOfATextThatIsUtf8) {
  for (const Charset& c : {
           Charset{"iso-8859-1", "\xe9", "é"},
           Charset{"iso-8859-1", "\xc3\xa9", "é"},
           Charset{"windows-1252", "\x92", "’"},
           Charset{"utf-8", "\xe9", ""},
           Charset{"", "\xe9", "é"},
           Charset{"utf-7", "+AOk-", "é"},
       }) {
    const std::string label = *c.label == '\0' ? "" : std::string("; charset=") + c.label;
    const Message message =
        decoded(mixed("--b1\nContent-Type: text/plain" + label + "\n\n" + c.bytes + "\n"));
    ASSERT_EQ(message.bodies.size(), 1U);
    EXPECT_EQ(message.bodies[0].text, *c.text == '\0' ? "é" : c.text) << c.label;
    EXPECT_EQ(codes(message).empty(), *c.text != '\0') << c.label;
  }
}

TEST(Decode, HeaderValuesAreOneLine) {
  const Message message =
      decoded("Subject: =?UTF-8?Q?a=0D=0ABcc:_x@y?=\nFrom: =?UTF-8?Q?n=0An?= <a@b>\n\nx\n");
  EXPECT_EQ(message.subject, "a  Bcc: x@y");
  EXPECT_EQ(message.from.name, "n n");
}

TEST(Decode, RefusesWhatIsNoMail) {
  EXPECT_EQ(refused(""), "mail.not_a_message");
  EXPECT_EQ(refused("\n\n\n"), "mail.not_a_message");
  EXPECT_EQ(refused("<?xml version='1.0'?>\n<a/>\n"), "mail.not_a_message");
  EXPECT_EQ(refused(std::string(1'000, '\0')), "mail.not_a_message");
}

TEST(Decode, KeepsToItsLimits) {
  const std::string mail = mixed(xml_part("") + xml_part("") + xml_part(""));
  EXPECT_EQ(refused(mail, {.message = mail.size() - 1}), "mail.too_large");
  EXPECT_EQ(refused(mail, {.message = mail.size()}), "ok");
  EXPECT_EQ(refused(mail, {.parts = 2}), "mail.too_many_parts");
  EXPECT_EQ(refused(mail, {.parts = 3}), "ok");
  EXPECT_EQ(refused(mail, {.decoded = 11}), "mail.decoded_too_large");
  EXPECT_EQ(refused(mail, {.decoded = 12}), "ok");
  EXPECT_EQ(refused(mail, {.headers = 100}), "mail.headers_too_large");
  EXPECT_EQ(refused(mail, {.boundary_lines = 3}), "mail.too_many_parts");
  EXPECT_EQ(refused(mail, {.boundary_lines = 4}), "ok");
  EXPECT_EQ(refused(mail, {.header_lines = 8}), "mail.headers_too_large");
}

TEST(Decode, RefusesDepth) {
  std::string mail = head;
  for (int i = 0; i < 40; ++i)
    mail += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) +
            "\n";
  EXPECT_EQ(refused(mail + "\nx\n"), "mail.too_deep");
  std::string messages = head;
  for (int i = 0; i < 5'000; ++i)
    messages += "Content-Type: message/rfc822\n\n";
  EXPECT_EQ(refused(messages + "\nx\n"), "mail.too_deep");
}

/// Gives its bytes in small reads, as a file does, or fails.
class SlowSource final : public ByteSource {
 public:
  SlowSource(std::string_view bytes, std::size_t end) : bytes_(bytes), end_(end) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset >= end_) return std::size_t{0};
    return MemorySource(bytes_).read(offset, buffer.first(std::min<std::size_t>(buffer.size(), 7)));
  }
  [[nodiscard]] std::size_t size() const override { return bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t end_;
};

TEST(Decode, ReadsFromAFileAndWaitsWhenItCannot) {
  const std::string mail = crlf(mixed(xml_part("")));
  const auto whole = decode(SlowSource(mail, mail.size()));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->attachments.size(), 1U);
  const auto cut = decode(SlowSource(mail, 70));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, "mail.source");
  EXPECT_EQ(cut.error().outlook, Outlook::waiting);
}

std::string poured(const std::string& mail, const Attachment& file) {
  std::string out;
  const auto done = pour(SlowSource(mail, mail.size()), file, [&](std::string_view piece) {
    out += piece;
    return Status();
  });
  return done ? out : done.error().code;
}

TEST(Decode, LeavesLargeAttachmentsInTheMail) {
  const std::string text(20'000, 'x');
  std::string base64;
  for (std::size_t i = 0; i < 10'000; ++i)
    base64 += i % 19 == 18 ? "eHh4\n" : "eHh4";
  const std::string mail =
      crlf(mixed(xml_part("") + xml_part("", text) + xml_part("Content-Transfer-Encoding: base64\n", base64) +
                 xml_part("Content-Transfer-Encoding: quoted-printable\n", "=78" + text)));
  const auto message = decode(SlowSource(mail, mail.size()), {.kept = 5'000});
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->report.findings.empty());
  ASSERT_EQ(message->attachments.size(), 4U);
  EXPECT_TRUE(message->attachments[0].whole());
  EXPECT_EQ(poured(mail, message->attachments[0]), "<a/>");
  for (const auto& [place, size] : {std::pair{1U, 20'000U}, {2U, 30'000U}, {3U, 20'001U}}) {
    const auto& file = message->attachments[place];
    const std::string whole(size, 'x');
    EXPECT_FALSE(file.whole());
    EXPECT_EQ(file.bytes, whole.substr(0, beginning));
    EXPECT_EQ(file.size, size);
    EXPECT_EQ(file.sha256, sha256(whole));
    EXPECT_EQ(poured(mail, file), whole);
  }
}

TEST(Decode, HoldsOnlySoMuchOfAllAttachments) {
  const std::string text(6'000, 'x');
  const std::string mail = crlf(mixed(xml_part("", text) + xml_part("", text) + xml_part("")));
  const auto message = decode(MemorySource(mail), {.kept_in_all = 7'000});
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->attachments.at(0).whole());
  EXPECT_FALSE(message->attachments.at(1).whole());
  EXPECT_EQ(poured(mail, message->attachments.at(1)), text);
}

TEST(Decode, TakesAnEndlessTextForAnAttachment) {
  const std::string text(9'000, 'x');
  const std::string mail = crlf(mixed("--b1\nContent-Type: text/plain\n\n" + text + "\n"));
  const auto message = decode(MemorySource(mail), {.body = 8'000});
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->bodies.empty());
  ASSERT_EQ(message->attachments.size(), 1U);
  EXPECT_EQ(poured(mail, message->attachments[0]), text);
}

TEST(Decode, PouringEndsWhereSinkOrSourceEnd) {
  const std::string mail = crlf(mixed(xml_part("", std::string(20'000, 'x'))));
  const auto message = decode(MemorySource(mail), {.kept = 5'000});
  ASSERT_TRUE(message);
  const auto& file = message->attachments.at(0);
  const auto full = pour(MemorySource(mail), file, [](std::string_view) -> Status {
    return tl::unexpected(waiting_error("store.disk_full", "fr", "en"));
  });
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, "store.disk_full");
  const auto cut = pour(SlowSource(mail, mail.size() / 2), file, [](std::string_view) { return Status(); });
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().outlook, Outlook::waiting);
}

TEST(Decode, WorksInSeveralThreadsAtOnce) {
  const std::string mail =
      crlf(mixed(xml_part("Content-Disposition: attachment; filename*=ISO-8859-1''d%E9.xml\n")));
  std::vector<std::size_t> good(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t& count : good)
      threads.emplace_back([&mail, &count] {
        for (int i = 0; i < 200; ++i) {
          const auto message = decode(MemorySource(mail));
          if (message && message->attachments.size() == 1 && message->attachments[0].name == "dé.xml")
            ++count;
        }
      });
  }
  EXPECT_THAT(good, testing::Each(200U));
}

}  // namespace
}  // namespace demat::mail
