#include "protocols/actes/read.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "detached_kit.hpp"
#include "messages.hpp"
#include "protocols/actes/latin1.hpp"
#include "protocols/actes/write.hpp"
#include "tests/support/shared.hpp"

namespace demat::actes {
namespace {

/// The message with `from` changed to `to` once.
std::string changed(Code code, const std::string& from, const std::string& to) {
  auto bytes = write(samples::message(code)).value();
  const auto at = bytes.find(from);
  EXPECT_NE(at, std::string::npos) << from << "\n" << bytes;
  if (at != std::string::npos) bytes.replace(at, from.size(), to);
  return bytes;
}

bool noted(const Read& read, std::string_view code) {
  return std::any_of(read.remarks.findings.begin(), read.remarks.findings.end(),
                     [&](const Finding& f) { return f.code == code; });
}

struct Deviation {
  const char* what;
  Code code;
  const char* from;
  const char* to;
  const char* remark;
};

class Deviates : public testing::TestWithParam<Deviation> {};

TEST_P(Deviates, IsUnderstoodWithARemark) {
  const auto& c = GetParam();
  const auto found = read(changed(c.code, c.from, c.to));
  ASSERT_TRUE(found) << c.what << found.error().en;
  const auto* message = std::get_if<Message>(&found->content);
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->code, c.code);
  EXPECT_TRUE(noted(*found, c.remark)) << c.what;
  EXPECT_FALSE(found->remarks.refused()) << c.what;
}

INSTANTIATE_TEST_SUITE_P(
    Section35, Deviates,
    testing::Values(
        Deviation{"nature of one digit", Code::acte_anomaly, "<actes:Nature>002<", "<actes:Nature>2<",
                  "actes.read.value"},
        Deviation{"nature as text", Code::acte_anomaly, "<actes:Nature>002<", "<actes:Nature>ERREUR2<",
                  "actes.read.value"},
        Deviation{"paper 0", Code::acte_receipt, "DocumentPapier>N<", "DocumentPapier>0<",
                  "actes.read.value"},
        Deviation{"paper empty", Code::acte_receipt, "DocumentPapier>N<", "DocumentPapier><",
                  "actes.read.value"},
        Deviation{"no paper", Code::acte_receipt, "<actes:DocumentPapier>N</actes:DocumentPapier>", "",
                  "actes.read.missing"},
        Deviation{"repeated child", Code::acte_receipt, "<actes:DocumentPapier>",
                  "<actes:Objet>autre</actes:Objet><actes:DocumentPapier>", "actes.read.repeated"},
        Deviation{"repeated whole", Code::acte_receipt, "</actes:ActeRecu>",
                  "</actes:ActeRecu><actes:ActeRecu actes:NumeroInterne=\"X\"/>", "actes.read.repeated"},
        Deviation{
            "nature without typologie", Code::classification,
            "<actes:TypePJNatureActe actes:CodeTypePJ=\"99_BU\" actes:Libelle=\"Document budg\xE9taire\"/>",
            "", "actes.read.missing"},
        Deviation{"anonymised identifier", Code::cancellation_receipt, "034-123456782", "999-1234",
                  "actes.read.value"},
        Deviation{"reception with a time", Code::acte_receipt, "DateReception=\"2026-01-16",
                  "DateReception=\"2026-01-16T10:00:00", "actes.read.value"},
        Deviation{"no reception date", Code::cancellation_receipt, "actes:DateReception=\"2026-02-02\"", "",
                  "actes.read.missing"},
        Deviation{"namespace of tomorrow", Code::cancellation_receipt,
                  "xmlns:actes=\"http://www.interieur.gouv.fr/ACTES#v1.1-20040216\"",
                  "xmlns:actes=\"http://www.interieur.gouv.fr/ACTES#v2.0\"", "actes.read.value"}));

TEST(Reading, AttributesWithoutPrefixCount) {
  const auto message = read_message(changed(Code::cancellation_receipt, " actes:IDActe=", " IDActe="));
  ASSERT_TRUE(message);
  EXPECT_EQ(correlation(*message).id, samples::acte_id);
}

TEST(Reading, TheFirstOfTwoCounts) {
  const auto message = read_message(changed(Code::acte_receipt, "</actes:ActeRecu>",
                                            "</actes:ActeRecu><actes:ActeRecu actes:NumeroInterne=\"X\"/>"));
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<ActeReceipt>(message->body).received, samples::acte_data());
}

TEST(Reading, ANatureIsKnownByItsCodeOrItsAbbreviation) {
  for (const auto* attribute : {" actes:CodeNatureActe=\"5\"", " actes:TypeAbrege=\"BF\""}) {
    const auto message = read_message(changed(Code::classification, attribute, ""));
    ASSERT_TRUE(message);
    EXPECT_EQ(std::get<Classification>(message->body), samples::classification()) << attribute;
  }
}

TEST(Reading, EnvelopeAnomaly999) {
  auto bytes = write(samples::envelope_anomaly()).value();
  bytes.replace(bytes.find("<actes:Nature>5<"), 16, "<actes:Nature>999<");
  const auto found = read(bytes);
  ASSERT_TRUE(found) << found.error().en;
  EXPECT_TRUE(noted(*found, "actes.read.value"));
  const auto& anomaly = std::get<EnvelopeAnomaly>(found->content);
  EXPECT_EQ(anomaly.nature, "999");
  EXPECT_EQ(anomaly.received, samples::envelope());
  EXPECT_EQ(anomaly_code(anomaly.detail), "PREF-VERIF-02");
}

struct Labelled {
  const char* declaration;
  bool utf8;    ///< the bytes are UTF-8
  bool remark;  ///< the label is wrong
};

class EncodingLabel : public testing::TestWithParam<Labelled> {};

TEST_P(EncodingLabel, IsPutRight) {
  const auto& c = GetParam();
  auto bytes = write(samples::message(Code::acte)).value();
  const std::string usual = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
  ASSERT_TRUE(bytes.starts_with(usual));
  auto body = bytes.substr(usual.size());
  if (c.utf8) body = utf8_from_windows1252(body);
  const auto found = read(c.declaration + body);
  ASSERT_TRUE(found) << found.error().en;
  EXPECT_EQ(std::get<ActeMessage>(std::get<Message>(found->content).body).acte, samples::acte_data());
  EXPECT_EQ(noted(*found, "actes.read.encoding"), c.remark);
}

INSTANTIATE_TEST_SUITE_P(
    Labels, EncodingLabel,
    testing::Values(Labelled{"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", true, true},
                    Labelled{"<?xml version=\"1.0\" encoding=\"windows-1252\"?>", true, true},
                    Labelled{"<?xml version=\"1.0\" encoding=\"windows-1252\"?>", false, false},
                    Labelled{"<?xml version=\"1.0\" encoding=\"UTF-8\"?>", true, false},
                    Labelled{"<?xml version=\"1.0\" encoding=\"UTF-8\"?>", false, true},
                    Labelled{"<?xml version=\"1.0\" encoding=\"cp1252\"?>", false, false},
                    Labelled{"<?xml version=\"1.0\" encoding=\"US-ASCII\"?>", true, true},
                    Labelled{"\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", true, true},
                    Labelled{"\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>", true, false},
                    Labelled{"\r\n <?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", false, false},
                    Labelled{"<?xml version=\"1.0\"?>", false, true}, Labelled{"", true, false}));

TEST(Reading, WordsQuotesUnderALatin1Label) {
  const auto message = read_message(changed(Code::acte, "<actes:Objet>", "<actes:Objet>\x93quot\xE9\x94 "));
  ASSERT_TRUE(message);
  EXPECT_TRUE(std::get<ActeMessage>(message->body).acte.object.starts_with("“quoté” "));
}

struct Refused {
  const char* what;
  std::string bytes;
  const char* code;
};

TEST(Reading, RefusesWhatItCannotUnderstand) {
  const std::string ns = " xmlns:actes=\"http://www.interieur.gouv.fr/ACTES#v1.1-20040216\"";
  const Refused cases[] = {
      {"nothing", "", "xml.malformed"},
      {"no XML", "bonjour", "xml.malformed"},
      {"a doctype", "<!DOCTYPE a><actes:Annulation" + ns + "/>", "xml.doctype"},
      {"an unknown root", "<actes:Inconnu" + ns + "/>", "actes.read.root"},
      {"another namespace", "<Acte xmlns=\"urn:x\"/>", "actes.read.root"},
      {"no namespace", "<Acte/>", "actes.read.root"},
      {"an annulation of nothing", "<actes:Annulation" + ns + "/>", "actes.read.incomplete"},
      {"an acte without a number", "<actes:Acte" + ns + "/>", "actes.read.incomplete"},
      {"an anomaly of nothing", "<actes:AnomalieActe" + ns + "/>", "actes.read.incomplete"},
      {"an empty classification", "<actes:RetourClassification" + ns + "/>", "actes.read.incomplete"},
      {"an empty envelope", "<actes:EnveloppeCLMISILL" + ns + "/>", "actes.read.incomplete"},
      {"nobody's envelope", "<actes:EnveloppeMISILLCL" + ns + "/>", "actes.read.incomplete"},
      {"too large", std::string(9'000'000, ' '), "actes.read.too_large"},
  };
  for (const auto& c : cases) {
    const auto found = read(c.bytes);
    ASSERT_FALSE(found) << c.what;
    EXPECT_EQ(found.error().code, c.code) << c.what;
    EXPECT_EQ(found.error().outlook, Outlook::permanent);
  }
  std::string many = "<actes:RetourClassification" + ns + ">";
  for (int i = 0; i < 100'001; ++i)
    many += "<a/>";
  EXPECT_EQ(read(many + "</actes:RetourClassification>").error().code, "actes.read.too_large");
}

TEST(Reading, SaysWhichKindWasExpected) {
  const auto envelope = write(samples::envelope()).value();
  EXPECT_EQ(read_message(envelope).error().code, "actes.read.root");
  EXPECT_EQ(read_envelope(envelope).value(), samples::envelope());
  EXPECT_EQ(read_envelope(write(samples::message(Code::acte)).value()).error().code, "actes.read.root");
  EXPECT_EQ(read_classification(write(samples::message(Code::acte)).value()).error().code,
            "actes.read.not_classification");
}

TEST(Correlations, SayWhichActe) {
  const Correlation whole{samples::acte_id, "034", "123456782", "2026-01-15", "2026_01A", "1"};
  for (const auto& row : codes()) {
    const auto found = correlation(samples::message(row.code));
    if (row.number.starts_with("7")) {
      EXPECT_EQ(found, Correlation{}) << row.number;
    } else if (row.code == Code::acte || row.code == Code::acte_anomaly) {
      EXPECT_EQ(found, (Correlation{"", "", "", "2026-01-15", "2026_01A", "1"})) << row.number;
    } else {
      EXPECT_EQ(found, whole) << row.number;
    }
  }
}

TEST(Files, AreThoseTheMessageCarries) {
  for (const auto& row : codes()) {
    const auto files = files_of(samples::message(row.code));
    EXPECT_EQ(files.empty(), row.carries == Carries::nothing) << row.number;
  }
  EXPECT_EQ(files_of(samples::message(Code::acte)).size(), 3U);
}

/// A XAdES may stand in the message as elements (xs:anyType): what is read verifies like the original.
TEST(Signatures, ThatAreElementsStayWhatWasSigned) {
  const test::DetachedWish wish;
  auto xml = test::make_detached(wish);
  xml.erase(0, xml.find("<ds:Signature"));
  const auto bytes = changed(Code::acte, "</actes:NomFichier>",
                             "</actes:NomFichier><actes:Signature>\n  " + xml + "\n</actes:Signature>");
  const auto found = read(bytes);
  ASSERT_TRUE(found) << found.error().detail;
  const auto& body = std::get<Message>(found->content).body;
  const auto signature = baseline::detached_xml(std::get<ActeMessage>(body).acte.document.signature);
  ASSERT_TRUE(signature) << std::get<ActeMessage>(body).acte.document.signature;
  const auto document = xml::parse(*signature);
  ASSERT_TRUE(document);
  const auto verified = baseline::verify_detached(*document, MemorySource(wish.content)).value();
  EXPECT_EQ(verified.signature.indication, xades::Indication::passed);
  EXPECT_TRUE(verified.signature.findings.empty());
}

TEST(Anomalies, BeginWithACode) {
  EXPECT_EQ(anomaly_code("ODT-VERIF-01 : périmée"), outdated_classification);
  EXPECT_EQ(anomaly_code("SLO-EACT--1.tar.gz -> PREF-VERIF-02 : x"), "PREF-VERIF-02");
  for (const auto* none : {"", "VERIF", "-VERIF-01", "ODT-VERIF-", "odt-VERIF-01"})
    EXPECT_EQ(anomaly_code(none), "") << none;
}

TEST(Typologies, BeginFileNames) {
  EXPECT_EQ(typologie_of("99_DE-034-123456782-20260115-1-DE-1-1_1.pdf"), "99_DE");
  for (const auto* none : {"", "034-123456782-20260115-1-DE-1-1_1.pdf", "99_DE", "99_de-034", "999_DE-034"})
    EXPECT_EQ(typologie_of(none), "") << none;
}

}  // namespace
}  // namespace demat::actes
