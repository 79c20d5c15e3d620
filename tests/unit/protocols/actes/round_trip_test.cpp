#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "messages.hpp"
#include "protocols/actes/read.hpp"
#include "protocols/actes/write.hpp"
#include "protocols/xml/schema_pack.hpp"
#include "tests/support/shared.hpp"

namespace demat::actes {
namespace {

std::string name_of(const Content& content) {
  if (const auto* message = std::get_if<Message>(&content)) return std::string{info(message->code).number};
  return "envelope " + std::to_string(content.index());
}

class RoundTrip : public testing::Test {
 protected:
  static std::shared_ptr<const xml::SchemaPack> pack(const std::string& version) {
    auto loaded = xml::SchemaPack::load(DEMAT_SOURCE_DIR "/schemas/actes/" + version);
    EXPECT_TRUE(loaded) << loaded.error().en << loaded.error().detail;
    return loaded ? *loaded : nullptr;
  }
};

TEST_F(RoundTrip, WhatIsWrittenIsReadBack) {
  for (const auto& content : samples::everything()) {
    const auto bytes = write(content);
    ASSERT_TRUE(bytes) << name_of(content) << bytes.error().en;
    const auto back = read(*bytes);
    ASSERT_TRUE(back) << name_of(content) << back.error().en;
    EXPECT_EQ(back->content, content) << name_of(content) << "\n" << *bytes;
    EXPECT_TRUE(back->remarks.findings.empty()) << name_of(content) << back->remarks.findings.front().en;
    EXPECT_EQ(back->encoding, "ISO-8859-1");
  }
}

TEST_F(RoundTrip, TheSameValueGivesTheSameBytes) {
  for (const auto& content : samples::everything())
    EXPECT_EQ(write(content).value(), write(content).value());
}

TEST_F(RoundTrip, OurPacksAcceptWhatIsWritten) {
  for (const auto* version : {"2.2", "2.2-input"}) {
    const auto schemas = pack(version);
    ASSERT_TRUE(schemas);
    for (const auto& content : samples::everything()) {
      const auto bytes = write(content).value();
      const auto document = xml::parse(bytes);
      ASSERT_TRUE(document) << name_of(content);
      const auto report = schemas->validate(*document);
      EXPECT_TRUE(report.findings.empty())
          << version << " " << name_of(content) << ": " << report.findings.front().en << "\n"
          << bytes;
    }
  }
}

/// The published schema as a pack: its files, and a pack.toml of our entries that all point to it.
std::filesystem::path published_pack(const std::filesystem::path& schemas) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "published_actes";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  for (const auto& entry : std::filesystem::directory_iterator(schemas))
    std::filesystem::copy(entry.path(), folder / entry.path().filename());
  std::ofstream toml(folder / "pack.toml");
  toml << "protocol = \"actes\"\nversion = \"published\"\ntitle = \"published\"\n";
  const auto add = [&](std::string_view root) {
    toml << "[[entry]]\nroot = \"" << root << "\"\nnamespace = \"" << actes_ns
         << "\"\nfile = \"actesv1_1.xsd\"\n";
  };
  for (const auto& row : codes())
    add(row.root);
  for (const auto* root : {"EnveloppeCLMISILL", "EnveloppeMISILLCL", "AnomalieEnveloppe"})
    add(root);
  return folder;
}

TEST_F(RoundTrip, ThePublishedSchemaAcceptsWhatIsWritten) {
  const auto shared = demat::samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "no folder of reference material";
  const auto schemas = xml::SchemaPack::load(published_pack(*shared / "schemas/actes/actesv1_1-2018-stela"));
  ASSERT_TRUE(schemas) << schemas.error().en << schemas.error().detail;
  for (const auto& content : samples::everything()) {
    const auto bytes = write(content).value();
    const auto report = (*schemas)->validate(xml::parse(bytes).value());
    EXPECT_TRUE(report.findings.empty()) << name_of(content) << ": " << report.findings.front().en;
  }
}

TEST(Codes, AreTheTwentyOne) {
  ASSERT_EQ(codes().size(), 21U);
  std::set<std::string_view> numbers, roots;
  for (const auto& row : codes()) {
    numbers.insert(row.number);
    roots.insert(row.root);
    EXPECT_EQ(code_of_number(row.number), row.code);
    EXPECT_EQ(code_of_root(row.root), row.code);
    EXPECT_EQ(&info(row.code), &row);
    if (row.answers) EXPECT_EQ(info(*row.answers).number.substr(0, 1), row.number.substr(0, 1));
  }
  EXPECT_EQ(numbers.size(), 21U);
  EXPECT_EQ(roots.size(), 21U);
  EXPECT_FALSE(code_of_root("Enveloppe"));
  EXPECT_FALSE(code_of_number("5-2"));
}

TEST(Codes, TwoReceiptsAreSentByThemselves) {
  std::set<std::string_view> automatic;
  for (const auto& row : codes())
    if (const auto receipt = automatic_receipt(row.code)) {
      EXPECT_EQ(info(*receipt).answers, row.code);
      automatic.insert(info(*receipt).number);
    }
  EXPECT_EQ(automatic, (std::set<std::string_view>{"3-2", "4-2"}));
}

TEST(Writing, EscapesWhatXmlReserves) {
  auto data = samples::acte_data();
  data.object = "a<b>&\"c\"'d'\ne\tf";
  data.number = "<\"&\n";
  const auto bytes = write(Message{Code::acte, ActeMessage{data}}).value();
  EXPECT_NE(bytes.find("<actes:Objet>a&lt;b&gt;&amp;\"c\"'d'\ne\tf</actes:Objet>"), std::string::npos)
      << bytes;
  EXPECT_NE(bytes.find("actes:NumeroInterne=\"&lt;&quot;&amp;&#10;\""), std::string::npos) << bytes;
}

TEST(Writing, IsLatin1WithQualifiedAttributes) {
  const auto bytes = write(samples::message(Code::acte)).value();
  EXPECT_TRUE(bytes.starts_with("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<actes:Acte xmlns:actes="));
  EXPECT_NE(
      bytes.find("xsi:schemaLocation=\"http://www.interieur.gouv.fr/ACTES#v1.1-20040216 actesv1_1.xsd\""),
      std::string::npos);
  EXPECT_NE(bytes.find("l'\xE9t\xE9"), std::string::npos) << "é is one byte";
  EXPECT_NE(bytes.find("<actes:Annexes actes:Nombre=\"2\">"), std::string::npos);
  EXPECT_TRUE(bytes.ends_with("<actes:DocumentPapier>N</actes:DocumentPapier>\n</actes:Acte>\n"));
}

struct Unwritable {
  const char* text;
  const char* code;
};

TEST(Writing, RefusesWhatLatin1DoesNotHave) {
  for (const auto& [text, code] :
       {Unwritable{"l’été", "actes.write.latin1"}, Unwritable{"10 €", "actes.write.latin1"},
        Unwritable{"\xFF", "actes.write.latin1"}, Unwritable{"\xC2\x92", "actes.write.latin1"},
        Unwritable{"a\x01", "actes.write.character"}}) {
    auto data = samples::acte_data();
    data.object = text;
    const auto bytes = write(Message{Code::acte, ActeMessage{data}});
    ASSERT_FALSE(bytes) << text;
    EXPECT_EQ(bytes.error().code, code) << text;
  }
}

TEST(Writing, AFaultAnywhereIsAFault) {
  auto envelope = samples::envelope();
  envelope.contact->name = "œuvre";
  EXPECT_EQ(write(envelope).error().code, "actes.write.latin1");
  auto classification = samples::classification();
  classification.matieres[0].children[0].label = "œuvre";
  EXPECT_EQ(write(Message{Code::classification, classification}).error().code, "actes.write.latin1");
}

}  // namespace
}  // namespace demat::actes
