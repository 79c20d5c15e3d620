#include "protocols/actes/assemble.hpp"

#include <gtest/gtest.h>

#include <set>

#include "messages.hpp"
#include "protocols/actes/read.hpp"
#include "protocols/actes/write.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::actes {
namespace {

const AuthorityId authority{"123456782", "034", "2", "31"};

Dossier dossier() {
  Dossier d;
  d.authority = authority;
  d.number = "2026_01A";
  d.date = "2026-01-15";
  d.nature = "1";
  d.matieres = {"7", "1"};
  d.object = "Budget de l'été";
  d.paper = "O";
  d.documents = {{"à signer.PDF", 1000, Media::pdf, "99_DE", true, "MIIB"}};
  d.annexes = {{"plan.jpeg", 10, Media::jpeg, "99_SE", false}, {"budget", 10, Media::xml, "99_SE", false}};
  d.return_addresses = {"tdt@exemple.fr"};
  return d;
}

RuleOptions options(const Classification& classification) {
  RuleOptions found;
  found.today = "2026-03-01";
  found.classification = &classification;
  return found;
}

std::vector<DossierFile> files_of_dossier(const Dossier& d) {
  auto files = d.documents;
  files.insert(files.end(), d.annexes.begin(), d.annexes.end());
  return files;
}

TEST(Assembling, NamesFilesByTheRule) {
  const auto found = assemble(dossier(), "2025-12-01");
  EXPECT_EQ(found.form_name, "034-123456782-20260115-2026_01A-DE-1-1_0.xml");
  EXPECT_EQ(found.file_names,
            (std::vector<std::string>{"99_DE-034-123456782-20260115-2026_01A-DE-1-1_1.pdf",
                                      "99_SE-034-123456782-20260115-2026_01A-DE-1-1_2.jpg",
                                      "99_SE-034-123456782-20260115-2026_01A-DE-1-1_3.xml"}));
  const auto& acte = std::get<ActeMessage>(found.message.body).acte;
  EXPECT_EQ(acte.document, (SignedFile{found.file_names[0], "MIIB"}));
  EXPECT_EQ(acte.annexes[1].name, found.file_names[2]);
  EXPECT_EQ(acte.classification_date, "2025-12-01");
}

TEST(Assembling, WritesPlainNumbers) {
  auto d = dossier();
  d.nature = "01";
  d.matieres = {"07", "1"};
  const auto found = assemble(d, "2025-12-01");
  const auto& acte = std::get<ActeMessage>(found.message.body).acte;
  EXPECT_EQ(acte.nature, "1");
  EXPECT_EQ(acte.matieres, (std::vector<std::string>{"7", "1"}));
}

TEST(Assembling, OwnEnvelopesPassTheRulesOfImportedOnes) {
  const auto classification = samples::classification();
  const auto source = dossier();
  ASSERT_TRUE(check(source, options(classification)).findings.empty());
  const auto found = assemble(source, classification.date);

  ImportedEnvelope imported;
  imported.archive_name = archive_name({"SLO", "EACT", authority.siren, "", "20260301", "1"});
  imported.envelope_name = "EACT--123456782--20260301-1.xml";
  imported.authority = authority;
  imported.trigram = "SLO";
  imported.application = "EACT";
  const auto envelope = write(
      assemble_envelope(authority, std::nullopt, {"tdt@exemple.fr", "TDT@exemple.fr"}, {found.form_name}));
  const auto form = write(found.message);
  ASSERT_TRUE(envelope && form);
  imported.envelope = read_envelope(*envelope).value();
  EXPECT_EQ(imported.envelope.return_addresses.size(), 1U);
  imported.forms = {{found.form_name, read_message(*form).value()}};
  imported.files = {{imported.envelope_name, 1, Media::xml}, {found.form_name, 1, Media::xml}};
  const auto files = files_of_dossier(source);
  for (std::size_t i = 0; i < files.size(); ++i)
    imported.files.push_back({found.file_names[i], files[i].size, files[i].media});
  const auto report = check(imported, options(classification));
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().place.path << report.findings.front().en;
}

TEST(Assembling, EveryMessageThatLeavesIsValid) {
  const auto pack = xml::SchemaPack::load(DEMAT_SOURCE_DIR "/schemas/actes/2.2").value();
  AnswerDossier answer;
  answer.nature = 1;
  answer.id = samples::acte_id;
  answer.letter_date = "2026-02-01";
  answer.documents = {{"r.pdf", 1, Media::pdf, "99_DE", false}};
  std::vector<Assembled> all{assemble(dossier(), "2025-12-01"),
                             assemble_cancellation(samples::acte_id, authority),
                             assemble_classification_request("2025-12-01", authority),
                             assemble_classification_request("", authority)};
  for (const auto code : {Code::letter_answer, Code::pieces_refusal, Code::pieces,
                          Code::observations_rejection, Code::observations_answer}) {
    answer.code = code;
    all.push_back(assemble(answer, authority));
  }
  for (const auto code : {Code::pieces_request, Code::observations})
    all.push_back(assemble_receipt(*automatic_receipt(code), samples::letter(code), authority));
  std::set<Code> seen;
  for (const auto& one : all) {
    const auto number = info(one.message.code).number;
    const auto bytes = write(one.message).value();
    const auto report = pack->validate(xml::parse(bytes).value());
    EXPECT_TRUE(report.findings.empty()) << number << report.findings.front().en << bytes;
    const auto name = parse_file_name(one.form_name);
    ASSERT_TRUE(name) << one.form_name;
    EXPECT_EQ(name->code, one.message.code);
    EXPECT_EQ(name->order, 0U);
    EXPECT_EQ(one.file_names.size(), files_of(one.message).size()) << number;
    seen.insert(one.message.code);
  }
  EXPECT_EQ(seen.size(), 10U) << "all that an authority sends";
  EXPECT_EQ(all[2].form_name, "034-123456782----7-1_0.xml");
}

TEST(Assembling, AReceiptEchoesTheDateOfTheLetter) {
  const auto letter = samples::letter(Code::observations);
  const auto found = assemble_receipt(Code::observations_receipt, letter, authority);
  EXPECT_EQ(std::get<Letter>(found.message.body), (Letter{letter.id, letter.letter_date, "", {}}));
  EXPECT_EQ(found.form_name, "034-123456782-20260115-2026_01A-DE-4-2_0.xml");
}

}  // namespace
}  // namespace demat::actes
