#include "protocols/actes/naming.hpp"

#include <gtest/gtest.h>

namespace demat::actes {
namespace {

TEST(EnvelopeNames, AreBuiltAsTheMinistryWants) {
  const EnvelopeName name{"SLO", "EACT", "210703385", "", "20170612", "2"};
  EXPECT_EQ(archive_name(name), "SLO-EACT--210703385--20170612-2.tar.gz");
  EXPECT_EQ(envelope_name(name), "EACT--210703385--20170612-2.xml");
  EXPECT_EQ(anomaly_name(name), "ANO_EACT--210703385--20170612-2.xml");
}

struct Named {
  const char* name;
  const char* trigram;
  const char* application;
  const char* emitter;
  const char* recipient;
  const char* date;
  const char* serial;
};

class KnownEnvelopeName : public testing::TestWithParam<Named> {};

TEST_P(KnownEnvelopeName, IsUnderstood) {
  const auto& c = GetParam();
  const auto name = parse_envelope_name(c.name);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->trigram, c.trigram);
  EXPECT_EQ(name->application, c.application);
  EXPECT_EQ(name->emitter, c.emitter);
  EXPECT_EQ(name->recipient, c.recipient);
  EXPECT_EQ(name->date, c.date);
  EXPECT_EQ(name->serial, c.serial);
}

INSTANTIATE_TEST_SUITE_P(Names, KnownEnvelopeName,
                         testing::Values(Named{"SLO-EACT--210703385--20170612-2.tar.gz", "SLO", "EACT",
                                               "210703385", "", "20170612", "2"},
                                         Named{"abc-TACT--000000000--20170803-12.TAR.GZ", "abc", "TACT",
                                               "000000000", "", "20170803", "12"},
                                         Named{"EACT--214502494--20170717-6.xml", "", "EACT", "214502494", "",
                                               "20170717", "6"},
                                         Named{"EACT--SPREF0441-214400152-20181012-98765.xml", "", "EACT",
                                               "SPREF0441", "214400152", "20181012", "98765"},
                                         Named{"TACT--PREF044-214400152-20181012-9.xml", "", "TACT",
                                               "PREF044", "214400152", "20181012", "9"}));

TEST(EnvelopeNames, OthersAreNone) {
  for (const auto* name :
       {"", ".xml", "EACT.xml", "EACT--214502494--20170717.xml", "EACT--214502494--2017071-6.xml",
        "EACT--214502494--20170717-6x.xml", "eact--214502494--20170717-6.xml", "EACT--21450--20170717-6.xml",
        "SLO-EACT--210703385--20170612-2.zip", "EACT--SPREF0441-2144001-20181012-9.xml",
        "../EACT--214502494--20170717-6.xml", "EACT--214502494--20170717-6-7-8.xml"})
    EXPECT_FALSE(parse_envelope_name(name)) << name;
  EXPECT_FALSE(parse_anomaly_name("EACT--214502494--20170717-6.xml"));
}

TEST(EnvelopeNames, AnomalyNamesTheEnvelope) {
  const auto name = parse_anomaly_name("ANO_EACT--210703385--20170612-2.xml");
  ASSERT_TRUE(name);
  EXPECT_EQ(envelope_name(*name), "EACT--210703385--20170612-2.xml");
}

TEST(Serials, GoFromOneTo9999) {
  EXPECT_EQ(serial_text(1).value(), "1");
  EXPECT_EQ(serial_text(9999).value(), "9999");
  EXPECT_EQ(serial_text(10000).error().code, "actes.serial.exhausted");
  EXPECT_EQ(serial_text(0).error().code, "actes.serial.invalid");
}

struct File {
  const char* text;
  FileName name;
};

class KnownFileName : public testing::TestWithParam<File> {};

TEST_P(KnownFileName, GoesBothWays) {
  const auto name = parse_file_name(GetParam().text);
  ASSERT_TRUE(name) << GetParam().text;
  EXPECT_EQ(*name, GetParam().name) << file_name(*name);
  EXPECT_EQ(file_name(*name), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Names, KnownFileName,
    testing::Values(
        File{"034-000000000-20170701-20170721D-AI-1-2_0.xml",
             {"", "034", "000000000", "20170701", "20170721D", "AI", Code::acte_receipt, 0, "xml"}},
        File{"99_DE-006-210600235-20180522-684-AI-1-1_1.pdf",
             {"99_DE", "006", "210600235", "20180522", "684", "AI", Code::acte, 1, "pdf"}},
        File{"044-214400152----1-3_1.xml",
             {"", "044", "214400152", "", "", "", Code::acte_anomaly, 1, "xml"}},
        File{"001-000000000----7-1_0.xml",
             {"", "001", "000000000", "", "", "", Code::classification_request, 0, "xml"}},
        File{"02A-214400152-20181106-TEST-DGCL_4 B-DE-6-2_5279.xml",
             {"", "02A", "214400152", "20181106", "TEST-DGCL_4 B", "DE", Code::cancellation_receipt, 5279,
              "xml"}},
        File{"034-491011698-20190829-1-2-AI-3-4-AI-1-2.xml",
             {"", "034", "491011698", "20190829", "1-2-AI-3-4", "AI", Code::acte_receipt, {}, "xml"}},
        File{"34_AB-034-491011698-20190829-A-AI-2-1_16.PDF",
             {"34_AB", "034", "491011698", "20190829", "A", "AI", Code::letter, 16, "PDF"}}));

TEST(FileNames, OthersAreNone) {
  for (const auto* name :
       {"", "a.pdf", "034-491011698-20190829-A-AI-8-1_1.pdf", "034-491011698-20190829-A-AI-1-4_1.pdf",
        "034-49101169-20190829-A-AI-1-1_1.pdf", "03C-491011698-20190829-A-AI-1-1_1.pdf",
        "034-491011698-2019082-A-AI-1-1_1.pdf", "034-491011698-20190829-A-Ai-1-1_1.pdf",
        "034-491011698-20190829-A-AI-1-1_.pdf", "034-491011698-20190829-A-AI-1-1_1",
        "034-491011698-20190829-A-AI-1-1_1.p/f", "034-491011698-20190829-../A-AI-1-1_1.pdf",
        "034-491011698-20190829-A\\B-AI-1-1_1.pdf", "034-491011698-20190829-A\nB-AI-1-1_1.pdf",
        "004-214400152-DE-4365-DE_0.xml"})
    EXPECT_FALSE(parse_file_name(name)) << name;
}

TEST(ActeIds, AreBuiltBeforeTheReceipt) {
  const AuthorityId authority{"214502494", "045", "1", "31"};
  const auto id = predicted_id(authority, "2017-07-17", "D_2017-17", 1);
  EXPECT_EQ(id.str(), "045-214502494-20170717-D_2017-17-DE");
  EXPECT_EQ(parse_acte_id(id.str()), id);
}

TEST(ActeIds, OthersAreNone) {
  for (const auto* id :
       {"", "045-214502494-20170717-DE", "045-214502494-20170717--DE", "045-21450249-20170717-A-DE",
        "045-214502494-2017071-A-DE", "045-214502494-20170717-A-D1", "045-214502494-20170717-A/B-DE",
        "45-214502494-20170717-A-DE"})
    EXPECT_FALSE(parse_acte_id(id)) << id;
}

TEST(Dates, AreDaysOfTheCalendar) {
  EXPECT_EQ(normal_date("2024-2-9"), "2024-02-09");
  EXPECT_EQ(normal_date("2024-02-29"), "2024-02-29");
  for (const auto* text : {"", "2023-02-29", "2024-13-01", "2024-00-10", "15/03/2024", "24-01-01",
                           "2024-01-01Z", "2024-01", "2024-1-001", "2024-01-1x"})
    EXPECT_FALSE(normal_date(text)) << text;
  EXPECT_EQ(compact_date("2024-02-09"), "20240209");
  EXPECT_EQ(compact_date("2024-2-9"), "");
  EXPECT_EQ(iso_date("20240209"), "2024-02-09");
  EXPECT_EQ(iso_date("2024020"), "");
}

TEST(Natures, HaveAbbreviations) {
  for (int nature = 1; nature <= 6; ++nature)
    EXPECT_EQ(nature_of_abbreviation(nature_abbreviation(nature)), nature);
  EXPECT_EQ(nature_abbreviation(0), "");
  EXPECT_EQ(nature_abbreviation(7), "");
  EXPECT_EQ(nature_of_abbreviation("ZZ"), 0);
}

}  // namespace
}  // namespace demat::actes
