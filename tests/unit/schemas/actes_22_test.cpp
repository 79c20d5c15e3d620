#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "protocols/xml/parser.hpp"
#include "protocols/xml/schema_pack.hpp"

/// The two ACTES packs on small documents, each changed in one place: strict for what leaves, relaxed for
/// what comes.
namespace demat::xml {
namespace {

const std::string id = "a:IDActe=\"034-123456782-20260115-2026_01A-DE\"";
const std::string file = "<a:NomFichier>f.pdf</a:NomFichier>";
const std::string data =
    "<a:CodeMatiere1 a:CodeMatiere=\"7\"/><a:CodeMatiere2 a:CodeMatiere=\"1\"/><a:Objet>Objet</a:Objet>"
    "<a:ClassificationDateVersion>2025-12-01</a:ClassificationDateVersion><a:Document>" +
    file + "</a:Document><a:Annexes a:Nombre=\"1\"><a:Annexe>" + file +
    "</a:Annexe></a:Annexes><a:DocumentPapier>N</a:DocumentPapier>";
const std::string data_attributes =
    "a:Date=\"2026-01-15\" a:NumeroInterne=\"2026_01A\" a:CodeNatureActe=\"1\"";
const std::string received =
    "<a:ActeRecu " + data_attributes + ">" + data +
    "</a:ActeRecu><a:ClassificationDateVersionEnCours>2025-12-01</a:ClassificationDateVersionEnCours>";
const std::string envelope =
    "<a:Emetteur><a:IDCL i:SIREN=\"123456782\" a:Departement=\"034\" a:Arrondissement=\"2\" a:Nature=\"31\"/>"
    "</a:Emetteur><a:AdressesRetour><a:Email>a@exemple.fr</a:Email></a:AdressesRetour><a:FormulairesEnvoyes>"
    "<a:Formulaire>" +
    file + "</a:Formulaire></a:FormulairesEnvoyes>";

std::string document(const std::string& root, const std::string& attributes, const std::string& content) {
  return "<a:" + root +
         " xmlns:a=\"http://www.interieur.gouv.fr/ACTES#v1.1-20040216\" "
         "xmlns:i=\"http://xml.insee.fr/schema\" " +
         attributes + ">" + content + "</a:" + root + ">";
}

std::string base(const std::string& root) {
  if (root == "Acte") return document(root, data_attributes, data);
  if (root == "ARActe") return document(root, id + " a:DateReception=\"2026-01-16\"", received);
  if (root == "AnomalieActe")
    return document(root, "", "<a:Date>2026-01-16</a:Date><a:Nature>002</a:Nature>" + received);
  if (root == "CourrierSimple")
    return document(root, id + " a:DateCourrierPref=\"2026-02-01\"", "<a:Document>" + file + "</a:Document>");
  if (root == "Annulation") return document(root, id, "");
  if (root == "DemandeClassification") return document(root, "", "");
  if (root == "RetourClassification")
    return document(
        root, "",
        "<a:DateClassification>2025-12-01</a:DateClassification><a:NaturesActes><a:NatureActe "
        "a:CodeNatureActe=\"1\" a:Libelle=\"L\" a:TypeAbrege=\"DE\"><a:TypePJNatureActe "
        "a:CodeTypePJ=\"99_DE\" a:Libelle=\"L\"/></a:NatureActe></a:NaturesActes><a:Matieres><a:Matiere1 "
        "a:CodeMatiere=\"7\" a:Libelle=\"L\"><a:Matiere2 a:CodeMatiere=\"10\" a:Libelle=\"L\"/>"
        "</a:Matiere1></a:Matieres>");
  if (root == "EnveloppeCLMISILL") return document(root, "", envelope);
  return document("AnomalieEnveloppe", "",
                  "<a:Date>2026-01-16</a:Date><a:Nature>5</a:Nature><a:EnveloppeRecue>" + envelope +
                      "</a:EnveloppeRecue>");
}

struct Change {
  const char* root;
  const char* from;  ///< replaced once by `to`
  const char* to;
  bool strict;   ///< still valid for what leaves
  bool relaxed;  ///< still valid for what comes
};

class Actes22 : public testing::TestWithParam<Change> {
 protected:
  static std::shared_ptr<const SchemaPack> load(const std::string& version) {
    auto loaded = SchemaPack::load(DEMAT_SOURCE_DIR "/schemas/actes/" + version);
    EXPECT_TRUE(loaded) << loaded.error().en;
    return loaded ? *loaded : nullptr;
  }
  static void SetUpTestSuite() {
    strict = load("2.2");
    relaxed = load("2.2-input");
    ASSERT_TRUE(strict && relaxed);
  }
  static void TearDownTestSuite() {
    strict.reset();
    relaxed.reset();
  }
  static std::string said(const SchemaPack& pack, const std::string& bytes) {
    const auto parsed = parse(bytes);
    EXPECT_TRUE(parsed) << parsed.error().en;
    if (!parsed) return "not XML";
    const auto report = pack.validate(*parsed);
    return report.findings.empty() ? "" : report.findings.front().en;
  }

  static inline std::shared_ptr<const SchemaPack> strict;
  static inline std::shared_ptr<const SchemaPack> relaxed;
};

TEST_P(Actes22, KeepsItsVerdict) {
  const auto& change = GetParam();
  auto bytes = base(change.root);
  const auto at = bytes.find(change.from);
  ASSERT_NE(at, std::string::npos) << change.from;
  bytes.replace(at, std::string{change.from}.size(), change.to);
  EXPECT_EQ(said(*strict, bytes).empty(), change.strict) << said(*strict, bytes) << bytes;
  EXPECT_EQ(said(*relaxed, bytes).empty(), change.relaxed) << said(*relaxed, bytes) << bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Changes, Actes22,
    testing::Values(
        Change{"Acte", "Acte", "Acte", true, true}, Change{"ARActe", "A", "A", true, true},
        Change{"AnomalieActe", "A", "A", true, true}, Change{"CourrierSimple", "A", "A", true, true},
        Change{"Annulation", "A", "A", true, true}, Change{"DemandeClassification", "A", "A", true, true},
        Change{"RetourClassification", "A", "A", true, true},
        Change{"EnveloppeCLMISILL", "A", "A", true, true}, Change{"AnomalieEnveloppe", "A", "A", true, true},
        Change{"Acte", "<a:DocumentPapier>N</a:DocumentPapier>", "", false, true},
        Change{"Acte", ">N<", "><", true, true}, Change{"Acte", "a:Date=", "Date=", false, false},
        Change{"Acte", "2026-01-15", "15/01/2026", false, false},
        Change{"Acte", "2026_01A", "1234567890123456", false, true},
        Change{"Acte", "a:CodeMatiere=\"7\"", "a:CodeMatiere=\"7.1\"", false, false},
        Change{"Acte", "<a:CodeMatiere2 a:CodeMatiere=\"1\"/>", "", false, true},
        Change{"Acte", "<a:Objet>Objet</a:Objet>", "<a:Objet>Objet</a:Objet><a:Objet>Objet</a:Objet>", false,
               true},
        Change{"Acte", "<a:Objet>Objet</a:Objet>", "<a:Inconnu/>", false, false},
        Change{"Acte", "a:Nombre=\"1\"", "a:Nombre=\"\"", false, true},
        Change{"Acte", file.c_str(), "", false, false},
        Change{"ARActe", "034-123456782", "999-1234", false, true},
        Change{"ARActe", "2026_01A-DE", "1234567890123456-DE", false, true},
        Change{"ARActe", "034-", "0|4-", false, true}, Change{"ARActe", "-DE\"", "-de\"", false, true},
        Change{"AnomalieActe", ">002<", ">2<", false, true},
        Change{"AnomalieActe", ">002<", ">ERREUR2<", false, true},
        Change{"AnomalieActe", ">002<", "><", false, false},
        Change{"CourrierSimple", "2026-02-01", "", false, false},
        Change{"Annulation", id.c_str(), "", false, false},
        Change{"RetourClassification", "<a:TypePJNatureActe a:CodeTypePJ=\"99_DE\" a:Libelle=\"L\"/>", "",
               false, true},
        Change{"RetourClassification", "a:CodeNatureActe=\"1\" ", "", true, true},
        Change{"RetourClassification", "\"DE\"", "\"DEL\"", false, true},
        Change{"RetourClassification", "<a:Matiere2 a:CodeMatiere=\"10\" a:Libelle=\"L\"/>", "", false,
               false},
        Change{"EnveloppeCLMISILL", "123456782", "12345678", false, true},
        Change{"EnveloppeCLMISILL", "034", "134", false, true},
        Change{"EnveloppeCLMISILL", "034", "02A", true, true},
        Change{"EnveloppeCLMISILL", "034", "|34", false, true},
        Change{"EnveloppeCLMISILL", "a@exemple.fr", "a+b@exemple.fr", false, true},
        Change{"EnveloppeCLMISILL", "a@exemple.fr", "a@exemple.paysage", false, true},
        Change{"EnveloppeCLMISILL", "i:SIREN", "a:SIREN", false, false},
        Change{"AnomalieEnveloppe", ">5<", ">005<", true, true},
        Change{"AnomalieEnveloppe", ">5<", ">999<", false, true},
        Change{"AnomalieEnveloppe", ">5<", ">6<", false, true}));

}  // namespace
}  // namespace demat::xml
