#include <gtest/gtest.h>

#include <map>
#include <set>

#include "protocols/xsd/diff.hpp"
#include "tests/support/shared.hpp"

namespace demat::xsd {
namespace {

namespace fs = std::filesystem;

const fs::path source_dir = DEMAT_SOURCE_DIR;

/// Every change between two folders, for the roots of the second.
std::vector<Change> changes(const fs::path& before, const xml::PackInfo& then, const fs::path& after,
                            const xml::PackInfo& now) {
  std::vector<Change> out;
  for (const auto& entry : now.entries)
    for (const auto& known : then.entries) {
      if (entry.root != known.root || entry.ns != known.ns) continue;
      const auto a = read_grammar(before, known);
      const auto b = read_grammar(after, entry);
      EXPECT_TRUE(a && b) << entry.root;
      if (!a || !b) continue;
      for (auto& change : compare(*a, *b))
        out.push_back(std::move(change));
    }
  return out;
}

/// pes530 section 2: what 5.17 accepted and 5.30 refuses, and nothing else.
TEST(PesPacks, TightenFrom517To530WhereTheReferenceSays) {
  const auto before = source_dir / "schemas/pes/5.17";
  const auto after = source_dir / "schemas/pes/5.30";
  std::multiset<std::string> tightened;
  for (const auto& change :
       changes(before, *xml::read_pack_info(before), after, *xml::read_pack_info(after))) {
    if (change.effect == Effect::widens) continue;
    const auto under = change.path.find('/', change.path.find('/') + 1);
    const auto last = change.path.rfind('/');
    tightened.insert(change.path.substr(0, under) + "/…" + change.path.substr(last));
  }
  const std::string marche = "PES_Aller/PES_Marche/…/";
  EXPECT_EQ(tightened, (std::multiset<std::string>{
                           "PES_Aller/PES_DepenseAller/…/IdTiers", "PES_Aller/PES_RecetteAller/…/IdTiers",
                           "PES_Aller/PES_RecetteAller/…/DteBordEm", "PES_Aller/PES_RecetteAller/…/TypPce",
                           "PES_Aller/PES_Facture/…/MtHT", marche + "NumeroOrdreModification",
                           marche + "NumeroOrdreModification", marche + "IdTitulaire", marche + "IdTitulaire",
                           marche + "IdSousTraitant", marche + "IdSousTraitant", marche + "IdConcessionnaire",
                           marche + "Id", marche + "Id", marche + "Id"}));
}

class PublishedPack : public testing::TestWithParam<const char*> {};

/// Another witness than the mutants of tests/equivalence: the grammars themselves are the same.
TEST_P(PublishedPack, SaysWhatOursSays) {
  const auto shared = samples::shared_folder(source_dir);
  if (!shared) GTEST_SKIP() << "no folder of reference material beside the sources";
  const auto ours = source_dir / "schemas/pes" / GetParam();
  const auto published = *shared / "schemas/pes" / (std::string("v") + GetParam());
  const auto info = xml::read_pack_info(ours);
  ASSERT_TRUE(info);
  auto theirs = *info;
  const std::map<std::string, std::string> files{
      {"pes_aller.xsd", "PES_V2/Rev0/PES_Aller.xsd"},
      {"acquit_v1.xsd", "PES_V2/Rev0/PES_V2_Acquit_Autonome.xsd"},
      {"acquit_v2.xsd", "PES_V2/Rev0/PES_V2_Acquit_Autonome_V2.xsd"},
      {"retour.xsd", "PES_V2/RETOUR/Rev0/PES_Retour.xsd"},
      {"acquit_retour.xsd", "PES_V2/RETOUR/Rev0/PES_V2_Acquit_Retour.xsd"},
      {"document_budgetaire.xsd", "SchemaDocBudg/DocumentBudgetaire.xsd"}};
  for (auto& entry : theirs.entries) {
    ASSERT_TRUE(files.contains(entry.file)) << entry.file;
    entry.file = files.at(entry.file);
  }
  for (const auto& change : changes(published, theirs, ours, *info))
    ADD_FAILURE() << change.path << ": " << change.what.en;
}

INSTANTIATE_TEST_SUITE_P(Pes, PublishedPack, testing::Values("5.17", "5.30"),
                         [](const auto& tested) { return std::string(tested.param).replace(1, 1, "_"); });

}  // namespace
}  // namespace demat::xsd
