#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "messages.hpp"
#include "protocols/actes/rules.hpp"
#include "rule_cases.hpp"

namespace demat::actes {
namespace {

const Classification& classification() {
  static const Classification found = [] {
    auto c = samples::classification();
    c.natures[0].types.push_back({"21_RP", "Rapport de présentation"});
    return c;
  }();
  return found;
}

RuleOptions options() {
  RuleOptions found;
  found.today = "2026-03-01";
  found.classification = &classification();
  return found;
}

constexpr const char* form_name = "034-123456782-20260115-2026_01A-DE-1-1_0.xml";
const std::string archive = "SLO-EACT--123456782--20260301-7.tar.gz";
const std::string envelope_file = "EACT--123456782--20260301-7.xml";

ImportedEnvelope imported() {
  ImportedEnvelope e;
  e.archive_name = archive;
  e.envelope_name = envelope_file;
  e.envelope = samples::envelope();
  e.forms = {{form_name, samples::message(Code::acte)}};
  e.authority = e.envelope.emitter;
  e.trigram = "SLO";
  e.application = "EACT";
  e.files = {{envelope_file, 100, Media::xml}, {form_name, 100, Media::xml}};
  for (const auto& file : files_of(e.forms[0].message))
    e.files.push_back({file.name, 100, file.name.ends_with(".pdf") ? Media::pdf : Media::xml});
  return e;
}

ActeData& acte(ImportedEnvelope& e) {
  return std::get<ActeMessage>(e.forms[0].message.body).acte;
}

std::set<std::string> said(const Report& report) {
  std::set<std::string> found;
  for (const auto& finding : report.findings)
    found.insert(finding.code);
  return found;
}

struct Fault {
  std::set<std::string> expected;
  std::function<void(ImportedEnvelope&)> change;
};

using E = ImportedEnvelope;

/// Makes of it an envelope with these messages, without files.
void only(E& e, const std::vector<Message>& messages) {
  e.envelope.forms.clear();
  e.forms.clear();
  e.files = {{envelope_file, 1, Media::xml}};
  for (const auto& message : messages) {
    const auto form = "034-123456782-20260115-2026_01A-DE-" + std::string(info(message.code).number) + "_" +
                      std::to_string(e.forms.size()) + ".xml";
    e.envelope.forms.push_back({form, ""});
    e.forms.push_back({form, message});
    e.files.push_back({form, 1, Media::xml});
  }
}

Message cancelling(const std::string& id) {
  return {Code::cancellation, Cancellation{id, ""}};
}

const Fault faults[] = {
    {{}, [](E&) {}},
    {{"actes.import.archive_name"}, [](E& e) { e.trigram = "ABC"; }},
    {{"actes.import.archive_name"}, [](E& e) { e.application = "TACT"; }},
    {{"actes.import.archive_name"}, [](E& e) { e.archive_name = "acte.tar.gz"; }},
    {{"actes.import.archive_name", "actes.import.envelope_name"},
     [](E& e) { e.archive_name = "SLO-EACT--987654321--20260301-7.tar.gz"; }},
    {{"actes.import.envelope_name"}, [](E& e) { e.archive_name = "SLO-EACT--123456782--20260301-8.tar.gz"; }},
    {{"actes.import.emitter"}, [](E& e) { e.envelope.emitter.siren = "987654321"; }},
    {{"actes.import.emitter"}, [](E& e) { e.envelope.emitter.department = "035"; }},
    {{"actes.import.emitter"}, [](E& e) { e.envelope.emitter.arrondissement = "3"; }},
    {{"actes.import.emitter"}, [](E& e) { e.envelope.emitter.nature = "41"; }},
    {{"actes.address.missing"}, [](E& e) { e.envelope.return_addresses = {}; }},
    {{"actes.import.no_form", "actes.import.file_unused"}, [](E& e) { e.envelope.forms = {}; }},
    {{"actes.import.file_missing"}, [](E& e) { e.files.erase(e.files.begin() + 1); }},
    {{"actes.import.file_missing", "actes.file.empty"}, [](E& e) { e.files.erase(e.files.begin() + 2); }},
    {{"actes.import.file_unused"},
     [](E& e) {
       e.files.push_back({"autre.pdf", 1, Media::pdf});
     }},
    {{"actes.import.file_twice", "actes.import.file_unused", "actes.file.same_name"},
     [](E& e) { acte(e).annexes[1] = acte(e).annexes[0]; }},
    {{"actes.import.file_name", "actes.import.file_missing", "actes.import.file_unused", "actes.file.empty"},
     [](E& e) { acte(e).document.name = "99_DE-acte.pdf"; }},
    {{"actes.import.file_name"},
     [](E& e) {
       const std::string other = "99_DE-034-987654321-20260115-2026_01A-DE-1-1_1.pdf";
       acte(e).document.name = other;
       e.files[2].name = other;
     }},
    {{"actes.import.file_name"},
     [](E& e) {
       const std::string other = "99_DE-034-123456782-20260115-2026_01A-DE-2-2_1.pdf";
       acte(e).document.name = other;
       e.files[2].name = other;
     }},
    {{"actes.import.extension"}, [](E& e) { e.files[3].media = Media::png; }},
    {{"actes.import.count"}, [](E& e) { acte(e).announced = "1"; }},
    {{"actes.import.count"}, [](E& e) { acte(e).announced = ""; }},
    {{"actes.import.encoding"}, [](E& e) { e.encoding = "UTF-8"; }},
    {{"actes.import.encoding"}, [](E& e) { e.forms[0].encoding = "UTF-8"; }},
    {{"actes.number.pattern"}, [](E& e) { acte(e).number = "_"; }},
    {{"actes.paper"}, [](E& e) { acte(e).paper = ""; }},
    {{"actes.classification.outdated"}, [](E& e) { acte(e).classification_date = "2020-01-01"; }},
    {{"actes.import.same_number", "actes.import.file_twice"}, [](E& e) { e.forms.push_back(e.forms[0]); }},
    {{"actes.import.direction", "actes.import.file_name", "actes.import.file_unused"},
     [](E& e) { e.forms[0].message = samples::message(Code::cancellation_receipt); }},
    {{"actes.import.foreign_acte"},
     [](E& e) { only(e, {cancelling("034-987654321-20260115-2026_01A-DE")}); }},
    {{"actes.import.foreign_acte"}, [](E& e) { only(e, {cancelling("034-12345678-20260115-2026_01A-DE")}); }},
    {{}, [](E& e) { only(e, {cancelling(samples::acte_id)}); }},
    {{"actes.import.automatic"}, [](E& e) { only(e, {samples::message(Code::pieces_request_receipt)}); }},
    {{"actes.import.automatic"}, [](E& e) { only(e, {samples::message(Code::observations_receipt)}); }},
    {{"actes.import.same_aim"},
     [](E& e) {
       only(e, {cancelling(samples::acte_id), cancelling(samples::acte_id)});
     }},
    {{"actes.import.no_address"},
     [](E& e) {
       only(e, {cancelling(samples::acte_id)});
       e.envelope.return_addresses = {};
     }},
};

class Importing : public testing::TestWithParam<Fault> {};

TEST_P(Importing, SaysWhatIsWrong) {
  auto e = imported();
  GetParam().change(e);
  const auto report = check(e, options());
  EXPECT_EQ(said(report), GetParam().expected)
      << (report.findings.empty() ? "" : report.findings[0].place.path + " " + report.findings[0].en);
}

INSTANTIATE_TEST_SUITE_P(Rules, Importing, testing::ValuesIn(faults));

TEST(Importing, TheSignedNamesOfOthersStayInTheirField) {
  auto e = imported();
  acte(e).paper = "?";
  const auto report = check(e, options());
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].place.path, std::string{form_name} + ": paper");
}

TEST(Importing, ReceiptsGoOutByThemselves) {
  for (const auto code : {Code::pieces_request_receipt, Code::observations_receipt}) {
    auto e = imported();
    e.forms[0].message = samples::message(code);
    EXPECT_TRUE(said(check(e, options())).contains("actes.import.automatic"));
    e.forms[0].message = samples::message(Code::cancellation);
    EXPECT_FALSE(said(check(e, options())).contains("actes.import.automatic"));
  }
}

TEST(Importing, OneThingIsAskedOnce) {
  const auto with = [](const Message& first, const Message& second) {
    auto e = imported();
    e.forms = {{"a.xml", first}, {"b.xml", second}};
    return said(check(e, options())).contains("actes.import.same_aim");
  };
  const auto cancellation = samples::message(Code::cancellation);
  auto other = cancellation;
  std::get<Cancellation>(other.body).id = "034-123456782-20260115-2026_02A-DE";
  EXPECT_TRUE(with(cancellation, cancellation));
  EXPECT_FALSE(with(cancellation, other));
  const auto refusal = samples::message(Code::pieces_refusal);
  EXPECT_TRUE(with(refusal, samples::message(Code::pieces))) << "both answer the same letter";
  auto later = samples::message(Code::pieces);
  std::get<Letter>(later.body).letter_date = "2026-02-09";
  EXPECT_FALSE(with(refusal, later));
  EXPECT_FALSE(with(refusal, samples::message(Code::letter_answer)));
}

TEST(Importing, AnAnswerFollowsTheRulesOfAnswers) {
  auto e = imported();
  const std::string form = "034-123456782-20260115-2026_01A-DE-2-2_0.xml";
  const std::string file = "99_DE-034-123456782-20260115-2026_01A-DE-2-2_1.jpg";
  Letter letter{samples::acte_id, "2026-02-01", "", {{file, ""}}};
  e.envelope.forms = {{form, ""}};
  e.forms = {{form, {Code::letter_answer, letter}}};
  e.files = {{envelope_file, 1, Media::xml}, {form, 1, Media::xml}, {file, 1, Media::jpeg}};
  EXPECT_EQ(said(check(e, options())), std::set<std::string>{});
  e.envelope.return_addresses = {};
  EXPECT_EQ(said(check(e, options())), std::set<std::string>{"actes.import.no_address"});
  e.envelope.return_addresses = {"a@b.fr"};
  std::get<Letter>(e.forms[0].message.body).letter_date = "2027-01-01";
  EXPECT_EQ(said(check(e, options())), std::set<std::string>{"actes.answer.letter_date"});
}

AnswerDossier answer(Code code) {
  AnswerDossier a;
  a.code = code;
  a.nature = 1;
  a.id = samples::acte_id;
  a.letter_date = "2026-02-01";
  a.documents = {{"reponse.pdf", 10, Media::pdf, "99_DE", false}};
  return a;
}

TEST(Answers, AreTheFiveWithADocument) {
  for (const auto& row : codes()) {
    const bool expected = row.number == "2-2" || row.number == "3-3" || row.number == "3-4" ||
                          row.number == "4-3" || row.number == "4-4";
    EXPECT_EQ(!check(answer(row.code), options()).refused(), expected) << row.number;
  }
}

struct AnswerFault {
  std::set<std::string> expected;
  Code code;
  std::function<void(AnswerDossier&)> change;
};
using A = AnswerDossier;

const std::vector<AnswerFault>& answer_faults() {
  constexpr auto code = Code::letter_answer;
  const auto second = [](A& a) { a.documents.push_back({"b.pdf", 1, Media::pdf, "99_DE", false}); };
  static const std::vector<AnswerFault> faults{
      {{"actes.answer.code"}, Code::acte_receipt, [](A&) {}},
      {{"actes.answer.id"}, code, [](A& a) { a.id = "x"; }},
      {{"actes.answer.letter_date"}, code, [](A& a) { a.letter_date = ""; }},
      {{"actes.answer.letter_date"}, code, [](A& a) { a.letter_date = "2026-03-02"; }},
      {{}, code, [](A& a) { a.letter_date = "2026-03-01"; }},
      {{"actes.document.missing"}, code, [](A& a) { a.documents.clear(); }},
      {{"actes.document.several"}, code, second},
      {{}, Code::pieces, second},
      {{}, code, [](A& a) { a.documents[0].media = Media::xml; }},
      {{}, code, [](A& a) { a.documents[0].media = Media::jpeg; }},
      {{}, code, [](A& a) { a.documents[0].media = Media::png; }},
      {{"actes.file.media"}, code, [](A& a) { a.documents[0].media = Media::other; }},
      {{"actes.file.empty"}, code, [](A& a) { a.documents[0].size = 0; }},
      {{"actes.type.missing"}, code, [](A& a) { a.documents[0].type = ""; }},
      {{"actes.type.not_allowed"}, code, [](A& a) { a.documents[0].type = "10_DE"; }},
  };
  return faults;
}

TEST(Answers, SayWhatIsWrong) {
  for (std::size_t i = 0; i < answer_faults().size(); ++i) {
    const auto& fault = answer_faults()[i];
    auto a = answer(fault.code);
    fault.change(a);
    EXPECT_EQ(said(check(a, options())), fault.expected) << "case " << i;
  }
}

}  // namespace

std::set<std::string> codes_of_import_cases() {
  std::set<std::string> codes;
  for (const auto& fault : faults)
    codes.insert(fault.expected.begin(), fault.expected.end());
  return codes;
}

std::set<std::string> codes_of_answer_cases() {
  std::set<std::string> codes;
  for (const auto& fault : answer_faults())
    codes.insert(fault.expected.begin(), fault.expected.end());
  return codes;
}

}  // namespace demat::actes
