#include "protocols/marche/keys.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared.hpp"

namespace demat::marche {
namespace {

std::string flow(const std::string& domains) {
  return "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
         "<n:PES_Aller xmlns:n=\"http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller\"><Enveloppe/>"
         "<EnTetePES/>" +
         domains + "</n:PES_Aller>";
}

std::string identifiant(const std::string& kind, const std::string& id, const std::string& order,
                        const std::string& sequence, const std::string& correctif) {
  return "<Identifiant" + kind + "><IdContrat V=\"" + id + "\"/><NumeroOrdreModification V=\"" + order +
         "\"/><SequenceEnvoi V=\"" + sequence + "\"/><CaractereCorrectifEnregistrement V=\"" + correctif +
         "\"/></Identifiant" + kind + ">";
}

std::string marche(const std::string& id, const std::string& order, const std::string& sequence,
                   const std::string& correctif) {
  return "<Marche>" + identifiant("Marche", id, order, sequence, correctif) +
         "<NatureMarche V=\"05\"/><ConditionsExecution><IdAccordCadre V=\"2024X\"/></ConditionsExecution>"
         "</Marche>";
}

Keys read(const std::string& xml) {
  const MemorySource source(xml);
  auto keys = read_keys(source);
  EXPECT_TRUE(keys.has_value());
  return keys.value_or(Keys{});
}

TEST(Keys, of_contracts_in_order) {
  const auto keys =
      read(flow("<PES_Marche><EnTeteMarche><IdVer V=\"2\"/></EnTeteMarche>\n<Marches>" +
                marche("2026A1", "00", "1", "0") + "\n" + marche(" 2026A2 ", "01", " 007.0", "true") +
                "</Marches><Concessions><Concession>" + identifiant("Concession", "2026C", "00", "2", "1") +
                "<NatureConcession V=\"04\"/></Concession></Concessions></PES_Marche>"));
  EXPECT_EQ(keys.left_out, 0U);
  ASSERT_EQ(keys.contrats.size(), 3U);
  EXPECT_EQ(keys.contrats[0], (Key{"2026A1", "00", 1, false, "05", false, 3}));
  EXPECT_EQ(keys.contrats[1], (Key{"2026A2", "01", 7, true, "05", false, 4}));
  EXPECT_EQ(keys.contrats[2], (Key{"2026C", "00", 2, true, "04", true, 4}));
}

TEST(Keys, of_a_flow_without_contracts_are_none) {
  EXPECT_TRUE(read(flow("<PES_DepenseAller/>")).contrats.empty());
  EXPECT_TRUE(read(flow("<Marches>" + marche("2026A1", "00", "1", "0") + "</Marches>")).contrats.empty());
}

TEST(Keys, a_sequence_that_is_no_number_is_zero) {
  for (const std::string sequence : {"", "x", "-1", "1000", "2b", "1.5"}) {
    const auto keys = read(
        flow("<PES_Marche><Marches>" + marche("2026A1", "00", sequence, "0") + "</Marches></PES_Marche>"));
    ASSERT_EQ(keys.contrats.size(), 1U);
    EXPECT_EQ(keys.contrats[0].sequence, 0U) << sequence;
  }
}

TEST(Keys, ask_for_nothing_behind_the_contracts) {
  // Not well-formed behind PES_Marche: never looked at.
  const auto keys = read("<a><PES_Marche><Marches>" + marche("2026A1", "00", "1", "0") +
                         "</Marches></PES_Marche><open></a>");
  EXPECT_EQ(keys.contrats.size(), 1U);
}

TEST(Keys, beyond_the_limit_are_counted) {
  std::string many;
  for (std::size_t i = 0; i < max_contrats + 2; ++i)
    many += "<Marche><IdentifiantMarche><IdContrat V=\"2026" + std::to_string(i) +
            "\"/></IdentifiantMarche></Marche>";
  const auto keys = read(flow("<PES_Marche><Marches>" + many + "</Marches></PES_Marche>"));
  EXPECT_EQ(keys.contrats.size(), max_contrats);
  EXPECT_EQ(keys.left_out, 2U);
  EXPECT_EQ(keys.contrats.back().id_contrat, "2026" + std::to_string(max_contrats - 1));
}

TEST(Keys, what_is_not_xml_is_an_error) {
  const std::string text = "IdContrat;2026";
  const MemorySource source(text);
  EXPECT_FALSE(read_keys(source).has_value());
}

}  // namespace
}  // namespace demat::marche
