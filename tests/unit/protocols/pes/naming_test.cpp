#include "protocols/pes/naming.hpp"

#include <gtest/gtest.h>

namespace demat::pes {
namespace {

const TemplateValues values{{"CodCol", "123"},       {"IdPost", "034000"},    {"CodBud", "00"},
                            {"Siren", "213400007"},  {"yymmdd", "260115"},    {"Counter", "7"},
                            {"P_DEST", "VHPCE11"},   {"P_APPLI", "GHELPES2"}, {"P_MSG", "PES#123"},
                            {"sha1", "da39a3ee5e6"}, {"TypFic", "PESALR1"},   {"NomFic", ""}};

struct FillCase {
  std::string_view text;
  TemplateUse use;
  std::string_view expected;  ///< a name, or the code of an error
};

class Fill : public testing::TestWithParam<FillCase> {};

TEST_P(Fill, GivesANameOrACode) {
  const auto name = fill_template(GetParam().text, values, GetParam().use);
  EXPECT_EQ(name ? *name : name.error().code, GetParam().expected);
}

constexpr auto parameter = TemplateUse::parameter;
constexpr auto file_name = TemplateUse::file_name;

INSTANTIATE_TEST_SUITE_P(
    Templates, Fill,
    testing::Values(FillCase{"PES#{CodCol}#{IdPost}#{CodBud}", parameter, "PES#123#034000#00"},
                    FillCase{"{TypFic}#{CodCol}", parameter, "PESALR1#123"},
                    FillCase{"PESALR2_{Siren}_{yymmdd}_{NNN}.xml", file_name,
                             "PESALR2_213400007_260115_007.xml"},
                    FillCase{"{P_DEST}%%{P_APPLI}%%{P_MSG}%%{sha1}", file_name,
                             "VHPCE11%%GHELPES2%%PES#123%%da39a3ee5e6"},
                    FillCase{"", parameter, ""}, FillCase{"", file_name, "naming.unsafe"},
                    FillCase{".{CodCol}", file_name, "naming.unsafe"},
                    FillCase{".{CodCol}", parameter, ".123"},
                    FillCase{"{NomFic}", parameter, "naming.missing_value"},
                    FillCase{"{Siret}", parameter, "naming.missing_value"},
                    FillCase{"{Nope}", parameter, "naming.unknown_placeholder"},
                    FillCase{"{}", parameter, "naming.unknown_placeholder"},
                    FillCase{"{CodCol", parameter, "naming.unbalanced"},
                    FillCase{"CodCol}", parameter, "naming.unbalanced"},
                    FillCase{"{Cod{Col}}", parameter, "naming.unbalanced"}));

struct UnsafeCase {
  std::string value;
  TemplateUse use;
  bool refused;
};

class UnsafeValue : public testing::TestWithParam<UnsafeCase> {};

TEST_P(UnsafeValue, IsRefusedWhereItWouldDoHarm) {
  const auto name = fill_template("x{CodCol}", {{"CodCol", GetParam().value}}, GetParam().use);
  EXPECT_EQ(!name, GetParam().refused);
  if (!name) {
    EXPECT_EQ(name.error().code, "naming.unsafe");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Values, UnsafeValue,
    testing::Values(UnsafeCase{"1\r\nDELE x", parameter, true}, UnsafeCase{"1\n", file_name, true},
                    UnsafeCase{std::string("1\0", 2), parameter, true},
                    UnsafeCase{"1;P_DEST=X", parameter, true}, UnsafeCase{"../1", file_name, true},
                    UnsafeCase{"1%%2", file_name, true}, UnsafeCase{"a/b", parameter, false},
                    UnsafeCase{"a.b", file_name, false}));

TEST(FillTemplate, LetsTheCounterGrow) {
  const TemplateUse use = file_name;
  EXPECT_EQ(fill_template("{NNN}", {{"Counter", "42"}}, use).value(), "042");
  EXPECT_EQ(fill_template("{NNN}", {{"Counter", "999"}}, use).value(), "999");
  EXPECT_EQ(fill_template("{NNN}", {{"Counter", "1000"}}, use).value(), "1000");
}

TEST(CheckTemplate, KnowsThePlaceholdersBeforeThereAreValues) {
  EXPECT_TRUE(check_template("PES#{CodCol}#{IdPost}#{CodBud}"));
  EXPECT_TRUE(check_template("plain"));
  EXPECT_EQ(check_template("{Siren").error().code, "naming.unbalanced");
  EXPECT_EQ(check_template("{siren}").error().code, "naming.unknown_placeholder");
  EXPECT_EQ(check_template("").error().code, "naming.unsafe");
  EXPECT_EQ(check_template("a\nb").error().code, "naming.unsafe");
}

struct NameCase {
  std::string name;
  ReturnName expected;
};

class ReturnNames : public testing::TestWithParam<NameCase> {};

TEST_P(ReturnNames, AreSortedBeforeTheyAreOpened) {
  EXPECT_EQ(classify_return_name(GetParam().name), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Names, ReturnNames,
    testing::Values(NameCase{"PESALR2_213400007_260115_001.xml", ReturnName::echo},
                    NameCase{"006111_190130123456-ACK-A3020100_A0000.xml", ReturnName::fetch},
                    NameCase{"ACQUIT_PESALR2_21340_171227_2045.xml", ReturnName::fetch},
                    NameCase{"PES2R_DEP_P_710_20.xml", ReturnName::fetch},
                    NameCase{"a.ocr", ReturnName::ocre}, NameCase{"A.OCRE", ReturnName::ocre},
                    NameCase{"ocre", ReturnName::fetch}, NameCase{"", ReturnName::unsafe},
                    NameCase{".", ReturnName::unsafe}, NameCase{"..", ReturnName::unsafe},
                    NameCase{".hidden.xml", ReturnName::unsafe}, NameCase{"../x.xml", ReturnName::unsafe},
                    NameCase{"a\\b.xml", ReturnName::unsafe}, NameCase{"a\nb.xml", ReturnName::unsafe},
                    NameCase{std::string(300, 'x'), ReturnName::unsafe}));

}  // namespace
}  // namespace demat::pes
