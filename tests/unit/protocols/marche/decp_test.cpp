#include "protocols/marche/decp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/marche_flows.hpp"
#include "tests/support/shared.hpp"

namespace demat::marche {
namespace {

using samples::concession_flow;
using samples::edited;
using samples::marche_flow;
using samples::marche_modification_flow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Decp derived(const std::string& xml, DecpGiven given = {}) {
  DecpBuilder builder(std::string(samples::marche_buyer), std::move(given));
  const MemorySource source(xml);
  EXPECT_TRUE(read_contrats(source, builder).has_value());
  return builder.take();
}

std::vector<std::string> items(const std::vector<DecpGap>& gaps) {
  std::vector<std::string> out;
  for (const auto& gap : gaps)
    out.push_back(gap.item);
  return out;
}

const DecpGiven for_concession{{"considerationsSociales", "Pas de considération sociale"},
                               {"considerationsEnvironnementales", "Clause environnementale"}};

TEST(Decp, of_a_contract_that_says_all) {
  const auto decp = derived(marche_flow());
  EXPECT_THAT(items(decp.missing), IsEmpty());
  EXPECT_EQ(decp.contrats, 1U);
  for (const auto* part :
       {"<id>2026VOIRIE01</id>", "<nature>Marché</nature>", "<procedure>Appel d'offres ouvert</procedure>",
        "<objet>Réfection de la voirie communale, lot 1</objet>", "<typeCode>Code commune</typeCode>",
        "<dureeMois>24</dureeMois>", "<montant>120000.00</montant>", "<formePrix>Unitaire</formePrix>",
        "<typePrix>Définitif ferme</typePrix>", "<typePrix>Définitif révisable</typePrix>",
        "<technique>Accord-cadre</technique>", "<modaliteExecution>Tranches</modaliteExecution>",
        "<considerationEnvironnementale>Critère environnemental</considerationEnvironnementale>",
        "<ccag>Travaux</ccag>", "<offresRecues>5</offresRecues>", "<tauxAvance>0.05</tauxAvance>",
        "<typeGroupementOperateurs>Conjoint</typeGroupementOperateurs>", "<origineUE>0.50</origineUE>",
        "<typeIdentifiant>SIRET</typeIdentifiant>"})
    EXPECT_THAT(decp.xml, HasSubstr(part));
  EXPECT_THAT(decp.xml, Not(HasSubstr("<modifications>")));
}

TEST(Decp, gives_the_initial_values_and_the_modifications) {
  auto flow = edited(marche_modification_flow(), R"(<DeltaDureeEnMois V="6"/>)",
                     "<DeltaDureeEnMois V=\"6\"/><MontantHTNotifie V=\"120000.00\"/>"
                     "<DeltaMontantHTNotifie V=\"20000.00\"/>");
  const auto decp = derived(flow, {{"datePublicationDonneesSousTraitance", "2026-08-10"}});
  EXPECT_THAT(items(decp.missing), IsEmpty());
  EXPECT_THAT(items(decp.omitted), IsEmpty());
  EXPECT_THAT(decp.xml, HasSubstr("<dureeMois>24</dureeMois>"));
  EXPECT_THAT(decp.xml, HasSubstr("<montant>100000.00</montant>"));
  const auto modifications = decp.xml.substr(decp.xml.find("<modifications>"));
  EXPECT_THAT(modifications, HasSubstr("<dureeMois>30</dureeMois>"));
  EXPECT_THAT(modifications, HasSubstr("<montant>120000.00</montant>"));
  EXPECT_THAT(modifications, HasSubstr("<id>2</id>"));
  EXPECT_THAT(decp.xml, HasSubstr("<acteSousTraitance>"));
  EXPECT_THAT(decp.xml, HasSubstr("<variationPrix>Ferme</variationPrix>"));
  EXPECT_THAT(decp.xml, HasSubstr("<montant>10000.00</montant>"));  // the sub-contractor's part now
}

TEST(Decp, leaves_acts_out_that_have_no_date_of_publication) {
  const auto decp = derived(marche_modification_flow());
  EXPECT_THAT(items(decp.missing), IsEmpty());
  EXPECT_THAT(items(decp.omitted),
              ElementsAre("actesSousTraitance/01", "modificationsActesSousTraitance/01"));
  EXPECT_THAT(decp.xml, Not(HasSubstr("<actesSousTraitance>")));
}

TEST(Decp, of_a_concession_wants_what_the_pes_never_carries) {
  const auto decp = derived(concession_flow());
  EXPECT_THAT(items(decp.missing), ElementsAre("considerationsSociales", "considerationsEnvironnementales"));
  const auto whole = derived(concession_flow(), for_concession);
  EXPECT_THAT(items(whole.missing), IsEmpty());
  for (const auto* part :
       {"<nature>Délégation de service public</nature>",
        "<procedure>Procédure négociée restreinte</procedure>", "<valeurGlobale>2400000.00</valeurGlobale>",
        "<montantSubventionPublique>0.00</montantSubventionPublique>",
        "<depensesInvestissement>52000.50</depensesInvestissement>", "<tarif>1.80</tarif>",
        "<typeIdentifiant>TVA</typeIdentifiant>", "<dureeMois>144</dureeMois>", "<id>1</id>"})
    EXPECT_THAT(whole.xml, HasSubstr(part));
}

struct GapCase {
  std::vector<std::pair<std::string, std::string>> edits;
  std::vector<std::string> missing;
};

TEST(Decp, names_what_the_pes_does_not_carry) {
  const GapCase cases[]{
      {{{"<NbTotalPropositionsRecu V=\"5\"/>", ""}}, {"offresRecues"}},
      {{{"<MarcheInnovant V=\"0\"/>", ""}}, {"marcheInnovant"}},
      {{{"<CCAGReference V=\"01\"/>", ""}}, {"ccag"}},
      {{{"<DatePublicationDonnees V=\"2026-03-18\"/>", ""}}, {"datePublicationDonnees"}},
      {{{"<ProcedureMarche V=\"02\"/>", "<ProcedureMarche V=\"10\"/>"}}, {"procedure"}},
      {{{"<ProcedureMarche V=\"02\"/>", "<ProcedureMarche V=\"08\"/>"}}, {"procedure"}},
      {{{"<NatureMarche V=\"01\"/>", "<NatureMarche V=\"07\"/>"}}, {"nature"}},
      {{{"<TechniquesAchat><TechniqueAchat V=\"01\"/></TechniquesAchat>", ""}}, {"techniques"}},
      {{{"<ModaliteExecution V=\"03\"/>", "<ModaliteExecution V=\"05\"/>"}}, {"modalitesExecution"}},
      {{{"<ClauseSociale V=\"1\"/>", ""},
        {"<ConsiderationsSociales><ConsiderationSociale V=\"01\"/></ConsiderationsSociales>", ""}},
       {"considerationsSociales"}},
      {{{"<TypeGroupement V=\"03\"/>", ""}}, {"typeGroupementOperateurs"}},
      {{{"<NatIdTitulaire V=\"01\"/>", "<NatIdTitulaire V=\"09\"/>"}}, {"titulaires/1/typeIdentifiant"}},
      {{{"<MontantHTNotifie V=\"120000.00\"/>", "<MontantHTNotifie V=\"0.50\"/>"}}, {"montant"}},
      {{{"<TypeCode V=\"02\"/>", ""}}, {"lieuExecution/typeCode"}},
      // What no schema of the PES accepts is no value of the format either.
      {{{"<CodeCPV V=\"45233141-9\"/>", "<CodeCPV V=\"voirie\"/>"}}, {"codeCPV"}},
      {{{"<Objet V=\"", "<Objet V=\"" + std::string(1'000, 'x')}}, {"objet"}},
      {{{"<DateNotification V=\"2026-03-12\"/>", "<DateNotification V=\"12/03/2026\"/>"}},
       {"dateNotification"}},
      // Said elsewhere in the PES.
      {{{"<SousTraitanceDeclaree V=\"1\"/>", ""}, {"<AttributionAvance V=\"1\"/>", ""}}, {}},
      {{{"<ConsiderationsSociales><ConsiderationSociale V=\"01\"/></ConsiderationsSociales>", ""}}, {}},
      {{{"<TechniquesAchat><TechniqueAchat V=\"01\"/></TechniquesAchat>", ""},
        {"<NatureMarche V=\"01\"/>", "<NatureMarche V=\"03\"/>"}},
       {}},
  };
  for (const auto& one : cases) {
    auto flow = marche_flow();
    for (const auto& [from, to] : one.edits)
      flow = edited(std::move(flow), from, to);
    const auto decp = derived(flow);
    EXPECT_EQ(items(decp.missing), one.missing) << one.edits.front().first;
    for (const auto& gap : decp.missing) {
      EXPECT_EQ(gap.contrat, "2026VOIRIE01");
      EXPECT_FALSE(gap.why.fr.empty());
    }
  }
}

TEST(Decp, of_a_contract_that_was_not_read_whole_is_incomplete) {
  std::string many;
  for (std::size_t i = 0; i < max_parts + 1; ++i)
    many += "<Acheteur><IdAcheteur V=\"1\"/></Acheteur>";
  const auto marche = derived(edited(marche_flow(), "<Acheteurs>", "<Acheteurs>" + many));
  EXPECT_THAT(items(marche.missing), testing::Contains("elements_non_lus"));
  std::string tarifs;
  for (std::size_t i = 0; i < max_parts + 1; ++i)
    tarifs += "<Tarif><IntituleTarif V=\"x\"/><MontantTarif V=\"1\"/></Tarif>";
  const auto concession = derived(edited(concession_flow(), "<Tarif>", tarifs + "<Tarif>"), for_concession);
  EXPECT_THAT(items(concession.missing), testing::Contains("elements_non_lus"));
}

TEST(Decp, writes_no_value_that_the_pes_does_not_carry) {
  const auto tarif = [](std::string_view from, std::string_view to) {
    return items(derived(edited(concession_flow(), from, to), for_concession).missing);
  };
  EXPECT_THAT(tarif("<MontantTarif V=\"3.20\"/>", "<MontantTarif V=\"gratuit\"/>"),
              ElementsAre("donneesExecution/1/tarifs/1/tarif"));
  EXPECT_THAT(tarif("<IntituleTarif V=\"Etal couvert, le metre\"/>", ""),
              ElementsAre("donneesExecution/1/tarifs/1/intituleTarif"));
  const auto act =
      derived(edited(marche_modification_flow(), "<NumeroActe V=\"02\"/>", "<NumeroActe V=\"B2\"/>"));
  EXPECT_THAT(items(act.missing), ElementsAre("modifications/B2/id"));
}

TEST(Decp, writes_no_sum_beyond_what_is_counted) {
  const std::string part =
      R"(<VentilationSousTraitantPaiementDirect><NatIdSousTraitant V="01"/><IdSousTraitant V=")" +
      std::string(samples::marche_subcontractor) +
      R"("/><MontantHTNotifie V="99999999999999.99"/></VentilationSousTraitantPaiementDirect>)";
  std::string many;
  for (int i = 0; i < 1'000; ++i)
    many += part;
  const auto decp = derived(edited(marche_modification_flow(), "<VentilationsSousTraitantPaiementDirect>",
                                   "<VentilationsSousTraitantPaiementDirect>" + many),
                            {{"datePublicationDonneesSousTraitance", "2026-08-10"}});
  const auto changed = decp.xml.find("<modificationActesSousTraitance>");
  ASSERT_NE(changed, std::string::npos);
  EXPECT_THAT(decp.xml.substr(changed, decp.xml.find("</modificationActesSousTraitance>") - changed),
              Not(HasSubstr("<montant>")));
}

TEST(Decp, given_values_win_within_parts) {
  const auto of_marche =
      derived(marche_modification_flow(), {{"datePublicationDonneesModification", "2026-09-01"}});
  EXPECT_THAT(of_marche.xml, HasSubstr("<datePublicationDonneesModification>2026-09-01<"));
  EXPECT_THAT(of_marche.xml, Not(HasSubstr("<datePublicationDonneesModification>2026-06-20<")));
  auto given = for_concession;
  given["datePublicationDonneesExecution"] = "2026-09-02";
  EXPECT_THAT(derived(concession_flow(), given).xml,
              HasSubstr("<datePublicationDonneesExecution>2026-09-02<"));
}

TEST(Decp, takes_what_is_given_beside_the_pes) {
  const auto flow = edited(marche_flow(), "<NbTotalPropositionsRecu V=\"5\"/>", "");
  const auto decp =
      derived(flow, {{"offresRecues", "3"}, {"techniques", "Concours; Catalogue électronique"}});
  EXPECT_THAT(items(decp.missing), IsEmpty());
  EXPECT_THAT(decp.xml, HasSubstr("<offresRecues>3</offresRecues>"));
  EXPECT_THAT(decp.xml, HasSubstr("<technique>Catalogue électronique</technique>"));
  EXPECT_THAT(decp.xml, Not(HasSubstr("<technique>Accord-cadre</technique>")));
}

TEST(Decp, a_given_value_of_the_other_kind_of_contract_is_a_gap) {
  EXPECT_THAT(items(derived(marche_flow(), {{"considerationsSociales", "Concession réservée"}}).missing),
              ElementsAre("considerationsSociales"));
  auto given = for_concession;
  given["considerationsSociales"] = "Marché réservé";
  EXPECT_THAT(items(derived(concession_flow(), given).missing), ElementsAre("considerationsSociales"));
}

TEST(Decp, knows_what_may_be_given) {
  const std::pair<const char*, const char*> good[]{
      {"offresRecues", "3"},          {"datePublicationDonnees", "2026-03-18"}, {"marcheInnovant", "non"},
      {"acheteur", "21340000500012"}, {"techniques", "Concours;Accord-cadre"},  {"ccag", "Pas de CCAG"}};
  for (const auto& [name, value] : good)
    EXPECT_TRUE(check_given(name, value).has_value()) << name;
  const std::pair<const char*, const char*> bad[]{{"offresRecues", "0"},
                                                  {"datePublicationDonnees", "18/03/2026"},
                                                  {"marcheInnovant", "1"},
                                                  {"acheteur", "21340000500013"},
                                                  {"techniques", "Concours;autre"},
                                                  {"techniques", " ; "},
                                                  {"ccag", "travaux"},
                                                  {"couleur", "bleu"}};
  for (const auto& [name, value] : bad) {
    const auto status = check_given(name, value);
    ASSERT_FALSE(status.has_value()) << name;
    EXPECT_EQ(status.error().code, "decp.item");
  }
}

TEST(Decp, escapes_what_xml_would_take_for_markup) {
  const auto decp = derived(edited(marche_flow(), "lot 1\"", "lot 1 &lt;b&gt; &amp; suite\""));
  EXPECT_THAT(decp.xml, HasSubstr("lot 1 &lt;b&gt; &amp; suite</objet>"));
}

/// xmllint with the published schema is the judge; it needs ../shared.
TEST(Decp, is_valid_by_the_published_schema) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared || !std::filesystem::exists(*shared / "schemas" / "decp"))
    GTEST_SKIP() << "the published schemas (../shared, or DEMAT_SHARED) are not here";
  if (!std::filesystem::exists("/usr/bin/xmllint")) GTEST_SKIP() << "xmllint is not installed";
  const auto schema = *shared / "schemas" / "decp" / "schema_decp_v2.0.2.xsd";
  const auto folder = std::filesystem::temp_directory_path() / "demat-decp-test";
  std::filesystem::create_directories(folder);
  const auto both = edited(marche_modification_flow(), "</Marches>", [] {
    const auto flow = concession_flow();
    const auto from = flow.find("<Concessions>");
    return "</Marches>" + flow.substr(from, flow.find("</PES_Marche>") - from);
  }());
  auto given = for_concession;
  given["datePublicationDonneesSousTraitance"] = "2026-08-10";
  const std::pair<std::string, DecpGiven> flows[]{{marche_flow(), {}},
                                                  {marche_modification_flow(), given},
                                                  {concession_flow(), for_concession},
                                                  {both, given}};
  for (const auto& [flow, with] : flows) {
    const auto decp = derived(flow, with);
    EXPECT_THAT(items(decp.missing), IsEmpty());
    const auto file = folder / "decp.xml";
    std::ofstream(file, std::ios::binary) << decp.xml;
    const auto log = folder / "log";
    const auto command = "xmllint --noout --nonet --schema '" + schema.string() + "' '" + file.string() +
                         "' > '" + log.string() + "' 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << samples::read_file(log).substr(0, 2000);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace demat::marche
