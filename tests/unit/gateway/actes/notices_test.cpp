#include "gateway/actes/notices.hpp"

#include "protocols/actes/write.hpp"
#include "road_rig.hpp"

// What people are told of what comes from the ministry, and when.

namespace demat::actes_road {
namespace {

using actes::Message;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

Audience audience() {
  Audience out{AuthorityId{"123456782"}, "Ville de Valjoie", {"maire@exemple.fr"}, "test", {}};
  out.mail.from = "actes@passerelle.exemple.fr";
  return out;
}

store::ActeOnFlow acte(const std::string& objet = "Vote du budget") {
  store::ActeOnFlow out;
  out.flow.id = FlowId{"f"};
  out.acte.number = "2026-12";
  out.acte.objet = objet;
  out.acte.nature = "1";
  out.acte.decision_date = "2026-01-15";
  out.acte.id_acte = "034-123456782-20260115-2026-12-DE";
  return out;
}

TEST(Notice, SaysWhatHappenedToWhichActe) {
  const auto mail = notice(audience(), {.message = Code::acte_receipt, .date = "2026-01-16"}, {acte()});
  EXPECT_EQ(mail.subject, "[TEST] ACTES, acte 2026-12 : accusé de réception de l'acte (Ville de Valjoie)");
  EXPECT_THAT(mail.text, AllOf(HasSubstr("Collectivité : Ville de Valjoie (123456782)\n"),
                               HasSubstr("Événement : accusé de réception de l'acte (message 1-2)\n"),
                               HasSubstr("Reçu en préfecture le : 16/01/2026\n"),
                               HasSubstr("Acte : 2026-12\nObjet : Vote du budget\nNature : Délibérations\n"),
                               HasSubstr("Date de l'acte : 15/01/2026\n"),
                               HasSubstr("Identifiant : 034-123456782-20260115-2026-12-DE\n"),
                               HasSubstr("PASSERELLE D'ESSAI")));
  EXPECT_THAT(mail.text, Not(HasSubstr("http")));
  EXPECT_EQ(mail.flow, FlowId{"f"});
  EXPECT_EQ(mail.domain, "passerelle.exemple.fr");
  EXPECT_THAT(mail.recipients, ElementsAre("maire@exemple.fr"));
}

TEST(Notice, IsMarkedAsTheEnvironmentAndTheConfigurationSay) {
  auto to = audience();
  to.mail.label = "[RECETTE]";
  to.mail.public_url = "https://actes.exemple.fr/";
  auto mail = notice(to, {.message = Code::referral}, {acte()});
  EXPECT_THAT(mail.subject, StartsWith("[RECETTE] ACTES"));
  EXPECT_THAT(mail.text, HasSubstr("\nPasserelle : https://actes.exemple.fr/\n"));
  to.environment = "production";
  to.mail.label.clear();
  mail = notice(to, {.message = Code::referral}, {acte()});
  EXPECT_THAT(mail.subject, StartsWith("ACTES, acte 2026-12 : "));
  EXPECT_THAT(mail.text, Not(HasSubstr("ESSAI")));
}

TEST(Notice, NoObjectMakesAHeaderOrALineOfItsOwn) {
  auto one = acte("Voeu\r\n\r\nBcc: x@exemple.fr\nIdentifiant : faux\0fin\xff");
  one.acte.number = "A\r\nBcc: x@exemple.fr";
  auto to = audience();
  to.name = "Ville\nSubject: autre";
  const auto mail = notice(to, {.message = Code::acte_anomaly, .reason = "ligne\nBcc: y"}, {one});
  mail::Outgoing out;
  out.from = {"", to.mail.from};
  out.to = {{"", "maire@exemple.fr"}};
  out.subject = mail.subject;
  out.text = mail.text;
  out.message_id = "m@exemple.fr";
  const auto raw = mail::compose(out);
  ASSERT_TRUE(raw) << raw.error().code;
  const auto headers = raw->substr(0, raw->find("\r\n\r\n"));
  EXPECT_THAT(headers, Not(HasSubstr("\nBcc")));
  EXPECT_THAT(mail.text, Not(HasSubstr("\nBcc")));
  EXPECT_THAT(mail.text, Not(HasSubstr("\nIdentifiant : faux")));
  one.acte.objet = std::string(5'000, 'x') + "é";
  EXPECT_LT(notice(to, {}, {one}).text.size(), 1'500U);
}

TEST(Notice, ListsSomeActesOfALargeEnvelope) {
  const auto mail =
      notice(audience(), {.date = "2026-02-26", .reason = "SIREN inconnu"}, std::vector(30, acte()));
  EXPECT_EQ(mail.subject, "[TEST] ACTES, 30 actes : anomalie de l'enveloppe (Ville de Valjoie)");
  EXPECT_THAT(mail.text, AllOf(HasSubstr("Motif : SIREN inconnu\n"), HasSubstr("et 10 autres actes.\n")));
}

/// The road with mails on.
class Told : public RoadRig {
 protected:
  void SetUp() override {
    turn_on();
    classification_came();
    auto settings = settings_of(town);
    settings.notify = {"maire@exemple.fr", "dgs@exemple.fr"};
    put(settings);
  }
  void turn_on(const std::string& url = "smtps://relais.exemple.fr") {
    auto settings = std::make_shared<config::Settings>(*settings_);
    settings->mail.url = url;
    settings->mail.from = "actes@exemple.fr";
    settings_ = settings;
  }
  /// Kinds of the mails to one person, oldest first.
  [[nodiscard]] std::vector<std::string> told(const std::string& recipient = "maire@exemple.fr") {
    std::vector<std::string> out;
    for (auto& one : taken(store_->mails().list({}, "", 100)).items)
      if (one.recipient == recipient) out.insert(out.begin(), one.kind);
    return out;
  }
  MailFile letter(Code code) {
    return xml_file("l-" + std::string(actes::info(code).number) + ".xml",
                    Message{code, actes::Letter{acte_id(), "2026-02-20", "plan secret", {}}});
  }
};

TEST_F(Told, EverythingThatComesIsToldOnceToEveryAddress) {
  const auto id = sent_acte();
  mail_in("1-2", {envelope_to(town), ar()});
  mail_in("1-2 again", {envelope_to(town), ar()});
  EXPECT_THAT(told(), ElementsAre("actes_1_2"));
  EXPECT_THAT(told("dgs@exemple.fr"), ElementsAre("actes_1_2"));
  for (const auto code : {Code::letter, Code::pieces_request, Code::observations}) {
    clock_.advance(std::chrono::minutes(1));
    mail_in(std::string(actes::info(code).number), {envelope_to(town), letter(code)});
    mail_in(std::string(actes::info(code).number) + " again", {envelope_to(town), letter(code)});
  }
  EXPECT_THAT(told(), ElementsAre("actes_1_2", "actes_2_1", "actes_3_1", "actes_4_1"));
  clock_.advance(std::chrono::minutes(1));
  classification_came("2026-02-01");
  EXPECT_EQ(told().back(), "actes_7_2");
  for (const auto& one : taken(store_->mails().list({}, "", 100)).items) {
    EXPECT_THAT(one.text, Not(HasSubstr("plan secret"))) << "letters are announced, not shown";
    if (one.kind != "actes_7_2") EXPECT_EQ(one.flow, id);
  }
}

TEST_F(Told, AnAnomalySaysWhyAndWhatToDo) {
  sent_acte();
  const auto anomaly = [](const std::string& detail) {
    return xml_file("a.xml", Message{Code::acte_anomaly,
                                     actes::ActeAnomaly{"2026-01-16", "002", detail, echo(), "2026-01-01"}});
  };
  mail_in("1-3", {envelope_to(town), anomaly("ODT-VERIF-01 : périmée")});
  const auto mails = taken(store_->mails().list({}, "", 10)).items;
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_THAT(mails[0].text, AllOf(HasSubstr("Motif : ODT-VERIF-01 : périmée"),
                                   HasSubstr("La classification des actes a changé")));
}

TEST_F(Told, ThatNothingChangedIsToldWhenAPersonAsked) {
  const auto unchanged =
      xml_file("z.xml", Message{Code::classification_unchanged, actes::ClassificationDate{"2026-01-01"}});
  mail_in("7-3", {envelope_to(town), unchanged});
  EXPECT_THAT(told(), IsEmpty());
  send(id_of(intake_->request_classification(by(clerk_), true)));
  mail_in("7-3 asked for", {envelope_to(town), unchanged});
  EXPECT_THAT(told(), ElementsAre("actes_7_3"));
}

TEST_F(Told, NobodyIsToldWhenMailsAreOffOrNobodyIsNamed) {
  auto silent = settings_of(town);
  put(silent);
  sent_acte();
  mail_in("1-2", {envelope_to(town), ar()});
  EXPECT_THAT(told(), IsEmpty());
  silent.notify = {"maire@exemple.fr"};
  put(silent);
  turn_on("");
  sent_acte("A2");
  mail_in("1-2 of A2", {envelope_to(town), ar("A2")});
  EXPECT_THAT(told(), IsEmpty());
}

}  // namespace
}  // namespace demat::actes_road
