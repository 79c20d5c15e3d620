#include "protocols/marche/reader.hpp"

#include <gmock/gmock.h>

#include "reading.hpp"

namespace demat::marche {
namespace {

using namespace std::chrono_literals;
using samples::edited;
using test::read;

Marche contract(const std::string& flow = samples::marche_flow()) {
  auto all = read(flow);
  EXPECT_EQ(all.marches.size(), 1U);
  return all.marches.empty() ? Marche{} : std::move(all.marches.front());
}

TEST(Reader, takes_what_a_contract_says_of_itself) {
  const auto m = contract();
  EXPECT_EQ(m.identifiant.id_contrat.text, "2026VOIRIE01");
  EXPECT_EQ(m.identifiant.sequence.number(), 1U);
  EXPECT_FALSE(m.identifiant.correctif.yes());
  EXPECT_EQ(m.objet.text, "Réfection de la voirie communale, lot 1");
  EXPECT_EQ(m.cpv.text, "45233141-9");
  EXPECT_EQ(m.montant_ht.cents(), 12'000'000);
  EXPECT_EQ(m.montant_ht_actualise.cents(), 12'100'000);
  EXPECT_EQ(m.date_notification.date(), 2026y / std::chrono::March / 12);
  ASSERT_TRUE(m.pa.has_value());
  EXPECT_EQ(m.pa->id.text, samples::marche_buyer);
  ASSERT_TRUE(m.lieu.has_value());
  EXPECT_EQ(m.lieu->nom.text, "EXEMPLEVILLE");
  EXPECT_TRUE(m.modifications.empty());
  EXPECT_EQ(m.dropped, 0U);
}

TEST(Reader, takes_the_parties) {
  const auto m = contract();
  ASSERT_EQ(m.acheteurs.size(), 2U);
  EXPECT_EQ(m.acheteurs[1].montant_ht_estime.cents(), 5'000'000);
  ASSERT_TRUE(m.operateurs.has_value());
  ASSERT_EQ(m.operateurs->titulaires.size(), 2U);
  ASSERT_EQ(m.operateurs->sous_traitants.size(), 1U);
  const auto& first = m.operateurs->titulaires[0];
  EXPECT_EQ(first.id.text, samples::marche_holder);
  ASSERT_TRUE(first.compte.has_value());
  EXPECT_EQ(first.compte->iban.text, "FR7630001007941234567890185");
  ASSERT_TRUE(first.conditions.has_value());
  EXPECT_EQ(first.conditions->montant_avance.cents(), 600'000);
  ASSERT_TRUE(first.conditions->garantie.has_value());
  EXPECT_EQ(first.conditions->garantie->taux.text, "5");
  ASSERT_EQ(first.conditions->indices.size(), 1U);
  EXPECT_EQ(first.conditions->indices[0].mois_annee.text, "02-2026");
  EXPECT_EQ(m.operateurs->titulaires[1].compte->cle_rib.text, "45");
  EXPECT_EQ(m.operateurs->sous_traitants[0].numero_acte.text, "01");
}

TEST(Reader, takes_conditions_and_attachments) {
  const auto m = contract();
  ASSERT_TRUE(m.conditions.has_value());
  EXPECT_EQ(m.conditions->propositions_recues.number(), 5U);
  ASSERT_EQ(m.conditions->techniques.size(), 1U);
  EXPECT_EQ(m.conditions->techniques[0].text, "01");
  EXPECT_EQ(m.conditions->considerations_environnementales.at(0).text, "02");
  EXPECT_EQ(m.conditions->origine_france.text, "0.2");
  ASSERT_EQ(m.pj.size(), 1U);
  EXPECT_EQ(m.pj[0].id_unique.text, "ACTE2026VOIRIE01");
}

TEST(Reader, takes_the_sharing) {
  const auto m = contract();
  ASSERT_EQ(m.parts.size(), 2U);
  const auto& mine = m.parts[0];
  ASSERT_EQ(mine.titulaires.size(), 2U);
  EXPECT_EQ(mine.titulaires[1].ht.cents(), 2'000'000);
  ASSERT_EQ(mine.titulaires[0].sous_traitants.size(), 1U);
  const auto& sub = mine.titulaires[0].sous_traitants[0];
  EXPECT_EQ(sub.duree.number(), 6U);
  EXPECT_FALSE(sub.tva.present());
  ASSERT_TRUE(sub.conditions.has_value());
  EXPECT_TRUE(sub.conditions->autoliquidation.yes());
  ASSERT_EQ(mine.periodes.size(), 1U);
  ASSERT_EQ(mine.tranches.size(), 1U);
  EXPECT_EQ(mine.tranches[0].montant_tva.cents(), 1'200'000);
}

TEST(Reader, takes_modifications_of_each_kind_in_order) {
  const auto m = contract(samples::marche_modification_flow());
  ASSERT_EQ(m.modifications.size(), 4U);
  EXPECT_EQ(m.modifications[0].element, "ModificationMontantDuree");
  EXPECT_EQ(m.modifications[0].delta_montant_estime.cents(), 1'000'000);
  EXPECT_EQ(m.modifications[1].element, "ModificationTitulaire");
  ASSERT_EQ(m.modifications[1].titulaires.size(), 2U);
  EXPECT_EQ(m.modifications[1].titulaires[1].id.text, samples::marche_second_holder);
  EXPECT_EQ(m.modifications[1].titulaires[1].montant_ht_notifie.cents(), 3'500'000);
  EXPECT_EQ(m.modifications[2].element, "DeclarationSousTraitancePaiementDirect");
  ASSERT_TRUE(m.modifications[2].sous_traitant.has_value());
  EXPECT_EQ(m.modifications[2].montant_ht.cents(), 800'000);
  EXPECT_EQ(m.modifications[3].element, "ModificationSousTraitancePaiementDirect");
  EXPECT_EQ(m.modifications[3].numero_acte_sous_traitance.text, "01");
}

TEST(Reader, takes_a_concession) {
  const auto all = read(samples::concession_flow());
  ASSERT_EQ(all.concessions.size(), 1U);
  EXPECT_TRUE(all.marches.empty());
  const auto& c = all.concessions[0];
  EXPECT_EQ(c.identifiant.id_contrat.text, "2025HALLES");
  ASSERT_EQ(c.concessionnaires.size(), 2U);
  EXPECT_EQ(c.concessionnaires[1].nature_id.text, "05");
  EXPECT_EQ(c.valeur_globale.cents(), 240'000'000);
  ASSERT_EQ(c.donnees_annuelles.size(), 1U);
  ASSERT_EQ(c.donnees_annuelles[0].tarifs.size(), 2U);
  EXPECT_EQ(c.donnees_annuelles[0].tarifs[1].montant.cents(), 180);
  ASSERT_EQ(c.modifications.size(), 1U);
  EXPECT_EQ(c.modifications[0].duree.number(), 144U);
}

TEST(Reader, says_where_things_stand) {
  const auto m = contract();
  const auto& second = m.parts[1].titulaires[1];
  const auto place = place_of(second, second.ht);
  EXPECT_EQ(place.path,
            "/PES_Aller/PES_Marche/Marches/Marche/VentilationsAcheteurs/VentilationAcheteur[2]/"
            "VentilationsTitulaire/VentilationTitulaire[2]/MontantHTNotifie");
  EXPECT_GT(place.line, m.place.line);
  EXPECT_EQ(place_of(second, second.ht_actualise), second.place);
}

TEST(Reader, passes_over_what_it_does_not_know) {
  const auto flow = edited(
      samples::marche_flow(), "<NatureMarche V=\"01\"/>",
      "<Demain><NatureMarche V=\"04\"/></Demain><NatureMarche V=\"01\"><Objet V=\"non\"/></NatureMarche>"
      "<NatureMarche V=\"02\"/>");
  const auto m = contract(flow);
  EXPECT_EQ(m.nature.text, "01");
  EXPECT_EQ(m.objet.text, "Réfection de la voirie communale, lot 1");
}

TEST(Reader, a_second_block_where_one_may_stand_changes_nothing) {
  const auto m = contract(edited(samples::marche_flow(), "<Acheteurs>",
                                 "<PA><IdPA V=\"0\"/><NomPA V=\"autre\"/></PA><Acheteurs>"));
  EXPECT_EQ(m.pa->id.text, samples::marche_buyer);
}

TEST(Reader, keeps_a_bounded_contract_and_counts_the_rest) {
  std::string many;
  for (std::size_t i = 0; i < max_parts + 5; ++i)
    many += "<Acheteur><IdAcheteur V=\"1\"/></Acheteur>";
  const auto m = contract(edited(samples::marche_flow(), "<Acheteurs>", "<Acheteurs>" + many));
  EXPECT_LE(m.acheteurs.size(), max_parts);
  EXPECT_GT(m.dropped, 5U);
  const auto long_text = contract(edited(samples::marche_flow(), "<TechniqueAchat V=\"01\"/>", [] {
    std::string techniques;
    for (std::size_t i = 0; i < max_text / 60'000 + 3; ++i)
      techniques += "<TechniqueAchat V=\"" + std::string(60'000, 'x') + "\"/>";
    return techniques;
  }()));
  EXPECT_GT(long_text.dropped, 0U);
}

TEST(Leaf, reads_amounts) {
  const std::pair<const char*, std::optional<Cents>> cases[]{{"0", 0},
                                                             {"1", 100},
                                                             {"1.5", 150},
                                                             {"1.50", 150},
                                                             {"1.500", 150},
                                                             {"-2.05", -205},
                                                             {"+3", 300},
                                                             {".5", 50},
                                                             {"007", 700},
                                                             {"99999999999999", 9'999'999'999'999'900},
                                                             {"1.555", std::nullopt},
                                                             {"", std::nullopt},
                                                             {"-", std::nullopt},
                                                             {"1,5", std::nullopt},
                                                             {"1.2.3", std::nullopt},
                                                             {"1e3", std::nullopt},
                                                             {".", std::nullopt},
                                                             {"999999999999999", std::nullopt}};
  for (const auto& [text, cents] : cases)
    EXPECT_EQ((Leaf{text, "M", 1}.cents()), cents) << text;
  EXPECT_EQ(decimal(123'456), "1234.56");
  EXPECT_EQ(decimal(-5), "-0.05");
  EXPECT_EQ(decimal(0), "0.00");
}

TEST(Leaf, reads_dates) {
  for (const auto* good : {"2024-02-29", "2026-03-01Z", "2026-03-01+01:00"})
    EXPECT_TRUE((Leaf{good, "D", 1}.date().has_value())) << good;
  for (const auto* bad : {"", "2023-02-29", "2026-3-1", "01/03/2026", "2026-03-01T00:00:00", "2026-13-01"})
    EXPECT_FALSE((Leaf{bad, "D", 1}.date().has_value())) << bad;
}

}  // namespace
}  // namespace demat::marche
