#include "protocols/mail/compose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace demat::mail {
namespace {

Outgoing notice() {
  return {.from = {"Passerelle démat", "noreply@mairie.invalid"},
          .to = {{"", "agent@mairie.invalid"}, {"Ève \"la\" Secrétaire", "secretariat@mairie.invalid"}},
          .subject =
              "[TEST] Acte reçu en préfecture : délibération n° 2025-01, « travaux de la salle des fêtes »",
          .text = "Bonjour,\n\n.Acte reçu = oui \nfin",
          .files = {{"délibération n° 1.pdf", "application/pdf", std::string(500, '\xff')},
                    {"ar.xml", "application/xml", "<a/>"}},
          .message_id = "42.agent@mairie.invalid",
          .date = 1'736'152'200,
          .in_reply_to = "1@interieur.invalid",
          .boundary_seed = "42"};
}

TEST(Compose, OurDecoderReadsItBack) {
  const Outgoing mail = notice();
  const auto bytes = compose(mail);
  ASSERT_TRUE(bytes) << bytes.error().code;
  const auto back = decode(MemorySource(*bytes));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->message_id, mail.message_id);
  EXPECT_EQ(back->date, mail.date);
  EXPECT_EQ(back->from.name, mail.from.name);
  EXPECT_EQ(back->subject, mail.subject);
  ASSERT_NE(back->body("text/plain"), nullptr);
  EXPECT_EQ(back->body("text/plain")->text, "Bonjour,\r\n\r\n.Acte reçu = oui \r\nfin");
  ASSERT_EQ(back->attachments.size(), 2U);
  EXPECT_EQ(back->attachments[0].name, "délibération n° 1.pdf");
  EXPECT_EQ(back->attachments[0].bytes, mail.files[0].bytes);
  EXPECT_EQ(back->attachments[1].media_type, "application/xml");
  EXPECT_THAT(back->report.findings, testing::IsEmpty());
}

TEST(Compose, KeepsToTheWire) {
  const auto bytes = compose(notice());
  ASSERT_TRUE(bytes);
  std::size_t column = 0;
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    const char c = (*bytes)[i];
    ASSERT_TRUE((c >= ' ' && c <= '~') || c == '\r' || c == '\n') << i;
    ASSERT_EQ(c == '\n', i > 0 && (*bytes)[i - 1] == '\r') << i;
    column = c == '\n' ? 0 : column + 1;
    ASSERT_LE(column, 77U) << bytes->substr(i - column, column);
    if (column == 1) {
      EXPECT_NE(c, '.') << "a line that SMTP would have to double";
    }
  }
  EXPECT_TRUE(bytes->ends_with("--\r\n"));
}

TEST(Compose, IsReproducible) {
  EXPECT_EQ(compose(notice()).value(), compose(notice()).value());
  Outgoing other = notice();
  other.boundary_seed = "43";
  EXPECT_NE(compose(notice()).value(), compose(other).value());
}

TEST(Compose, APlainMailIsPlain) {
  const auto bytes = compose({.from = {"", "a@b.invalid"},
                              .to = {{"C D", "c@d.invalid"}},
                              .subject = "Essai",
                              .text = "x",
                              .message_id = "1@b",
                              .date = 0});
  ASSERT_TRUE(bytes);
  EXPECT_EQ(
      *bytes,
      "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\nFrom: a@b.invalid\r\nTo: \"C D\"\r\n <c@d.invalid>\r\n"
      "Subject: Essai\r\nMessage-ID: <1@b>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nx\r\n");
}

struct Bad {
  const char* what;
  std::string code;
  void (*spoil)(Outgoing&);
};

TEST(Compose, NothingAddsAHeader) {
  for (const Bad& bad : {
           Bad{"subject", "mail.header_injection", [](Outgoing& m) { m.subject = "a\r\nBcc: x@y.invalid"; }},
           Bad{"subject LF", "mail.header_injection", [](Outgoing& m) { m.subject = "a\nb"; }},
           Bad{"subject NUL", "mail.header_injection",
               [](Outgoing& m) { m.subject = std::string("a\0b", 3); }},
           Bad{"subject not UTF-8", "mail.header_injection", [](Outgoing& m) { m.subject = "\xe9"; }},
           Bad{"name", "mail.header_injection", [](Outgoing& m) { m.from.name = "a\rb"; }},
           Bad{"address", "mail.address", [](Outgoing& m) { m.to[0].address = "a@b\r\nBcc: c@d"; }},
           Bad{"two addresses", "mail.address", [](Outgoing& m) { m.to[0].address = "a@b.fr,c@d.fr"; }},
           Bad{"brackets", "mail.address", [](Outgoing& m) { m.to[0].address = "<a@b.fr>"; }},
           Bad{"no at", "mail.address", [](Outgoing& m) { m.from.address = "a"; }},
           Bad{"option", "mail.address", [](Outgoing& m) { m.from.address = "-oX@b.fr"; }},
           Bad{"accent", "mail.address", [](Outgoing& m) { m.from.address = "é@b.fr"; }},
           Bad{"nobody", "mail.no_recipient", [](Outgoing& m) { m.to.clear(); }},
           Bad{"id", "mail.message_id", [](Outgoing& m) { m.message_id = "a@b>\r\nX: y"; }},
           Bad{"no id", "mail.message_id", [](Outgoing& m) { m.message_id.clear(); }},
           Bad{"reply", "mail.message_id", [](Outgoing& m) { m.in_reply_to = "a b@c"; }},
           Bad{"type", "mail.media_type", [](Outgoing& m) { m.files[0].media_type = "a/b\r\nX: y"; }},
           Bad{"no type", "mail.media_type", [](Outgoing& m) { m.files[0].media_type = ""; }},
       }) {
    Outgoing mail = notice();
    bad.spoil(mail);
    const auto bytes = compose(mail);
    ASSERT_FALSE(bytes) << bad.what;
    EXPECT_EQ(bytes.error().code, bad.code) << bad.what;
  }
  Outgoing mail = notice();
  mail.files[0].name = "a\"\r\nX-Evil: 1\r\n.pdf";
  mail.text = "--=_x\r\n.\r\nX-Evil: 1";
  const auto bytes = compose(mail);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->substr(0, bytes->find("\r\n\r\n")).find("X-Evil"), std::string::npos);
  const auto back = decode(MemorySource(*bytes));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->attachments[0].name, "a_  X-Evil_ 1  .pdf");
  EXPECT_EQ(back->body("text/plain")->text, mail.text);
}

}  // namespace
}  // namespace demat::mail
