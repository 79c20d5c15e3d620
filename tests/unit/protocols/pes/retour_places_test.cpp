#include "protocols/pes/retour_places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/pes/retour.hpp"
#include "tests/support/pes_domains.hpp"

namespace demat::pes {
namespace {

using testing::ElementsAreArray;

/// What is told of a document, each entry in a line.
class Told final : public RetourSink {
 public:
  void piece(RetourPiece piece) override {
    lines.push_back(piece.domaine + " " + piece.exercice + "/" + piece.bordereau + "/" + piece.typ_bord +
                    "/" + piece.piece + " " + piece.etat + " " + std::to_string(piece.lignes_total));
  }
  void client(RetourClient client) override { lines.push_back("client " + client.ref_tiers); }
  void asap(RetourAsap asap) override { lines.push_back("asap " + asap.id_unique); }
  std::vector<std::string> lines;
};

std::vector<std::string> told(const ByteSource& document) {
  Told sink;
  const auto read = read_retour(document, sink);
  EXPECT_TRUE(read) << read.error().detail;
  return sink.lines;
}

/// The element of that name, as it stands in the text.
std::string element_of(const std::string& text, const std::string& name) {
  const auto begin = text.find("<" + name + ">");
  const auto end = text.find("</" + name + ">");
  EXPECT_NE(begin, std::string::npos);
  return text.substr(begin, end + name.size() + 3 - begin);
}

/// Every domain in one document.
std::string everything() {
  samples::FlowShape shape{.bordereaux = 3, .pieces = 4, .lignes = 2};
  const auto depense = *samples::outline_of(MemorySource(samples::depense({}, shape)));
  const auto recette =
      *samples::outline_of(MemorySource(samples::recette({}, shape, samples::sample_attachments(5, 100, 1))));
  auto out = samples::retour(depense, true);
  const auto add = [&](const std::string& other, const std::string& name) {
    out.insert(out.rfind("</"), element_of(other, name));
  };
  add(samples::retour(recette, false), "PES_RecetteRetour");
  add(samples::client_retour(depense, 3), "PES_ClientRetour");
  add(samples::asap_retour(recette), "PES_AsapRetour");
  return out;
}

TEST(RetourPlaces, ReadingGoesOnAtAnyEntryOfAnyDomain) {
  const auto text = everything();
  const MemorySource document(text);
  const auto all = told(document);
  ASSERT_GT(all.size(), 24U);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto place = place_of_entry(document, std::nullopt, k);
    ASSERT_TRUE(place && *place) << k;
    EXPECT_TRUE(lies_within(**place, text.size()));
    EXPECT_THAT(told(RetourFrom(document, **place)),
                ElementsAreArray(all.begin() + static_cast<long>(k), all.end()))
        << k;
  }
  const auto behind = place_of_entry(document, std::nullopt, all.size());
  ASSERT_TRUE(behind);
  EXPECT_FALSE(*behind);
}

TEST(RetourPlaces, APlaceIsTheSameWhereverOneCountsFrom) {
  const auto text = everything();
  const MemorySource document(text);
  const auto count = told(document).size();
  for (std::size_t from = 0; from < count; from += 3) {
    const auto first = place_of_entry(document, std::nullopt, from).value();
    for (std::size_t further = 0; from + further < count; ++further)
      ASSERT_EQ(place_of_entry(document, first, further).value(),
                place_of_entry(document, std::nullopt, from + further).value())
          << from << "+" << further;
  }
}

TEST(RetourPlaces, OddDocumentsAreCountedAsTheDecoderCountsThem) {
  struct Case {
    const char* what;
    const char* inner;
    std::size_t entry;
    bool placed;
  };
  for (const auto& c :
       {Case{"a pièce without a bordereau", "<PES_DepenseRetour><Piece/><Piece/></PES_DepenseRetour>", 1,
             true},
        Case{"one within another counts once",
             "<PES_DepenseRetour><Bordereau><Piece><Piece/></Piece><Piece/></Bordereau></PES_DepenseRetour>",
             1, true},
        Case{"one that stands too deep is counted only",
             "<PES_DepenseRetour><Bordereau><X><Piece/></X></Bordereau></PES_DepenseRetour>", 0, false},
        Case{"what looks like one in the header is none",
             "<Enveloppe><Piece/></Enveloppe><PES_DepenseRetour><Bordereau><Piece/></Bordereau></"
             "PES_DepenseRetour>",
             0, true},
        Case{"a comment holds none",
             "<PES_DepenseRetour><!-- <Piece/> --><Bordereau><Piece/></Bordereau></PES_DepenseRetour>", 0,
             true},
        Case{"a global bordereau is an entry",
             "<PES_RecetteRetour><BordereauORMCGlobal/><BordereauORMCGlobal/></PES_RecetteRetour>", 1,
             true}}) {
    const auto text = std::string("<n:PES_Retour xmlns:n='u'>") + c.inner + "</n:PES_Retour>";
    const MemorySource document(text);
    const auto all = told(document);
    const auto place = place_of_entry(document, std::nullopt, c.entry);
    ASSERT_TRUE(place) << c.what;
    ASSERT_EQ(place->has_value(), c.placed) << c.what;
    ASSERT_GT(all.size(), c.entry) << c.what;
    if (c.placed) EXPECT_EQ(told(RetourFrom(document, **place)).size(), all.size() - c.entry) << c.what;
  }
}

TEST(RetourPlaces, MadeUpOnesDoNotLieWithinADocument) {
  const RetourPlace good{10, {20, 30}, {40, 50}, 60};
  EXPECT_TRUE(lies_within(good, 100));
  EXPECT_TRUE(lies_within({10, {20, 30}, {}, 60}, 100));
  for (const auto& bad : {RetourPlace{0, {20, 30}, {40, 50}, 60}, RetourPlace{25, {20, 30}, {40, 50}, 60},
                          RetourPlace{10, {30, 20}, {40, 50}, 60}, RetourPlace{10, {20, 30}, {25, 50}, 60},
                          RetourPlace{10, {20, 30}, {50, 40}, 60}, RetourPlace{10, {20, 30}, {40, 70}, 60},
                          RetourPlace{10, {20, 30}, {40, 50}, 100}, RetourPlace{10, {20, 70}, {}, 60}})
    EXPECT_FALSE(lies_within(bad, 100));
}

}  // namespace
}  // namespace demat::pes
