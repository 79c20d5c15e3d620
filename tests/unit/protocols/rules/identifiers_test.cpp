#include "protocols/rules/identifiers.hpp"

#include <gtest/gtest.h>

#include <array>

namespace demat::rules {
namespace {

struct Case {
  std::string_view text;
  bool right;
};

template <std::size_t N>
void expect_all(bool (*check)(std::string_view), const std::array<Case, N>& cases) {
  for (const auto& [text, right] : cases)
    EXPECT_EQ(check(text), right) << text;
}

TEST(RuleIdentifiers, Siren) {
  expect_all(siren_valid, std::array{Case{"732829320", true}, Case{"732829321", false}, Case{"", false},
                                     Case{"73282932", false}, Case{"73282932X", false}});
  EXPECT_EQ(siren_of("73282932000074"), "732829320");
  EXPECT_EQ(siren_of("7328"), "");
}

TEST(RuleIdentifiers, Siret) {
  expect_all(siret_valid, std::array{Case{"73282932000074", true}, Case{"73282932000075", false},
                                     Case{"7328293200007", false}, Case{"732829320000744", false},
                                     Case{"35600000000048", true},   // La Poste, head office: Luhn
                                     Case{"35600000000001", true},   // digits add up to 15
                                     Case{"35600000000002", false},  // 16: neither
                                     Case{"7328293200007 ", false}, Case{"", false}});
}

TEST(RuleIdentifiers, Finess) {
  expect_all(finess_valid,
             std::array{Case{"750712184", true}, Case{"750712185", false}, Case{"2A0000014", true},
                        Case{"2B0000020", true}, Case{"2A0000015", false}, Case{"2C0000014", false},
                        Case{"75071218", false}, Case{"", false}});
}

TEST(RuleIdentifiers, Nir) {
  expect_all(
      nir_valid,
      std::array{Case{"255081416802538", true},  // the one of the social security's own example
                 Case{"255081416802539", false}, Case{"199012A12345659", true},  // Corsica: 2A counts as 19
                 Case{"199012B12345686", true},                                  // and 2B as 18
                 Case{"199012B12345659", false},                                 // letters count apart
                 Case{"199012C12345659", false}, Case{"055081416802538", false},
                 Case{"25508141680253", false}, Case{"2550814168025380", false}, Case{"", false}});
}

TEST(RuleIdentifiers, Tva) {
  expect_all(tva_valid, std::array{Case{"FR44732829320", true},
                                   Case{"FR45732829320", false},
                                   Case{"FR44732829321", false},
                                   Case{"FRAA732829320", true},
                                   Case{"FRIO732829320", false},
                                   Case{"DE123456789", true},
                                   Case{"DE12345678", false},
                                   Case{"ATU12345678", true},
                                   Case{"AT123456789", false},
                                   Case{"NL123456789B01", true},
                                   Case{"IE1234567WA", true},
                                   Case{"IE1A23456B", true},
                                   Case{"IE1+23456B", true},
                                   Case{"ESX1234567L", true},
                                   Case{"RO12", true},
                                   Case{"RO12345678901", false},
                                   Case{"XIGD123", true},
                                   Case{"US123456789", false},
                                   Case{"fr44732829320", false},
                                   Case{"FR", false},
                                   Case{"", false}});
}

TEST(RuleIdentifiers, NumbersOfPersonsAreHiddenWhateverTheyAreGivenOutFor) {
  expect_all(may_be_nir,
             std::array{Case{"185027800608436", true}, Case{"1850278006084", true},
                        Case{"1 85 02 78 006 084 36", true}, Case{"2 55 08 2A 004 025", true},
                        Case{"73282932000074", false}, Case{"732829320", false}, Case{"9850278006084", false},
                        Case{"FR44732829320AB", false}, Case{"", false}});
  EXPECT_EQ(shown_identifier("185027800608436"), "…36");
  EXPECT_EQ(shown_identifier("73282932000075"), "73282932000075");
  EXPECT_EQ(shown_identifier("73282932000075", true), "…75");
  EXPECT_EQ(shown_identifier("7", true), "…");
}

TEST(RuleIdentifiers, CreditorsOfDirectDebits) {
  expect_all(ics_valid, std::array{Case{"FR72ZZZ123456", true}, Case{"FR72ABC123456", true},
                                   Case{"FR73ZZZ123456", false}, Case{"FR72ZZZ12345", false},
                                   Case{"fr72ZZZ123456", false}, Case{"FR72ZZZ12345-", false},
                                   Case{"FRA2ZZZ123456", false}, Case{"", false}});
}

TEST(RuleIdentifiers, AccountsOfFranceAndOfThoseThatBankAsItDoes) {
  expect_all(french_iban,
             std::array{Case{"FR76", true}, Case{"MC58", true}, Case{"NC", true}, Case{"PF", true},
                        Case{"DE89", false}, Case{"fr76", false}, Case{"F", false}, Case{"", false}});
  EXPECT_EQ(capitals("fr76 aé"), "FR76 Aé");
  EXPECT_EQ(masked_account("FR7630006000011234567890189"), "FR76…189");
}

TEST(RuleIdentifiers, Iban) {
  expect_all(iban_valid,
             std::array{Case{"FR7630006000011234567890189", true}, Case{"FR7630006000011234567890188", false},
                        Case{"FR1420041010050500013M02606", true}, Case{"GB82WEST12345698765432", true},
                        Case{"DE89370400440532013000", true}, Case{"BE68539007547034", true},
                        Case{"NO9386011117947", true}, Case{"MT84MALT011000012345MTLCAST001S", true},
                        Case{"MC5811222000010123456789030", true},
                        Case{"FR763000600001123456789018", false},    // a character short
                        Case{"FR7630006000011234567890189 ", false},  // a blank
                        Case{"fr7630006000011234567890189", false},
                        Case{"FR1420041010050500013m02606", false},  // the schema lets this one pass
                        Case{"ZZ7630006000011234567890189", false}, Case{"FR", false}, Case{"", false}});
  EXPECT_EQ(iban_length("FR"), 27U);
  EXPECT_EQ(iban_length("US"), 0U);
}

TEST(RuleIdentifiers, Bic) {
  expect_all(bic_valid,
             std::array{Case{"BNPAFRPP", true}, Case{"BNPAFRPPXXX", true}, Case{"BDFEFRPPCCT", true},
                        Case{"BNPAZZPP", false}, Case{"bnpafrpp", false}, Case{"BNPAFRPPXX", false},
                        Case{"BNPAFRP", false}, Case{"", false}});
  EXPECT_TRUE(country_known("FR"));
  EXPECT_TRUE(country_known("XK"));
  EXPECT_FALSE(country_known("ZZ"));
  EXPECT_FALSE(country_known("F"));
  EXPECT_FALSE(country_known("R "));
}

TEST(RuleIdentifiers, Rib) {
  struct Rib {
    std::string_view etab, guichet, compte, cle;
    bool right;
  };
  for (const auto& one :
       {Rib{"30006", "00001", "12345678901", "89", true}, Rib{"20041", "01005", "0500013M026", "06", true},
        Rib{"20041", "01005", "0500013m026", "06", false}, Rib{"30006", "00001", "12345678901", "88", false},
        Rib{"30006", "00001", "1234567890", "89", false}, Rib{"30006", "", "12345678901", "89", false},
        Rib{"30006", "00001", "12345678901", "8", false}})
    EXPECT_EQ(rib_valid(one.etab, one.guichet, one.compte, one.cle), one.right) << one.compte << one.cle;
}

TEST(RuleIdentifiers, Masked) {
  EXPECT_EQ(masked("FR7630006000011234567890189", 4, 3), "FR76…189");
  EXPECT_EQ(masked("FR76", 4, 3), "…");
  EXPECT_EQ(masked("255081416802538", 0, 2), "…38");
}

}  // namespace
}  // namespace demat::rules
