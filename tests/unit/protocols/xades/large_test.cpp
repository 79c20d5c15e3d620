#include <gtest/gtest.h>

#include "protocols/xades/profile.hpp"
#include "protocols/xades/splice.hpp"
#include "signing_kit.hpp"

using namespace demat;

namespace {

/// Gives a few bytes at a time, so that every border is met.
class Slow final : public ByteSource {
 public:
  explicit Slow(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    return bytes_.read(offset, buffer.first(std::min<std::size_t>(buffer.size(), 977)));
  }
  [[nodiscard]] std::size_t size() const override { return bytes_.size(); }

 private:
  MemorySource bytes_;
};

std::string all_of(const ByteSource& source, std::size_t piece) {
  std::string out;
  std::string buffer(piece, '\0');
  while (true) {
    const auto got = source.read(out.size(), buffer);
    if (!got || *got == 0) return out;
    out.append(buffer, 0, *got);
  }
}

/// A flow with a long base64 text beside its bordereaux.
std::string flow(const test::PesWish& wish) {
  auto bytes = test::make_pes(wish);
  const std::string pj =
      "<PES_PJ><PJ><Contenu><Fichier>" + std::string(300'000, 'A') + "</Fichier></Contenu></PJ></PES_PJ>";
  const auto at = bytes.rfind("</");
  return bytes.insert(at, pj);
}

}  // namespace

TEST(Large, IsSignedAsASmallOneAndVerifies) {
  for (const auto& wish : {test::PesWish{}, test::PesWish{.root_id = "RACINE", .depense_ids = {""}},
                           test::PesWish{.depense_ids = {"B1", "B2"}, .recette_ids = {"B3"}}}) {
    const auto bytes = flow(wish);
    const Slow source(bytes);
    const auto request = test::make_request(test::ordinary_identity());
    const auto lean = xml::parse_lean(source);
    ASSERT_TRUE(lean);
    ASSERT_TRUE(lean->lean());
    const auto plan = xades::plan_signatures(*lean, source.size(), request);
    ASSERT_TRUE(plan) << plan.error().code;
    const auto output = xades::SplicedSource::make(source, *plan);
    ASSERT_TRUE(output);

    const auto whole = xml::parse(bytes);
    ASSERT_TRUE(whole);
    const auto expected = xades::sign_pes(*whole, bytes, request);
    ASSERT_TRUE(expected);
    EXPECT_EQ(all_of(*output, 4'096), *expected);
    EXPECT_EQ(output->size(), expected->size());

    const auto report = xades::verify_own_output(source, *output, test::make_options());
    ASSERT_TRUE(report) << report.error().code << report.error().detail;
    EXPECT_TRUE(report->passed());
    // The verifier of record says so too, of the same bytes held as a whole.
    const auto again = xml::parse(*expected);
    ASSERT_TRUE(again);
    EXPECT_TRUE(xades::verify_pes(*again, test::make_options())->passed());
  }
}

TEST(Large, WithoutLongTextsItVerifiesAsWell) {
  // Nothing stays in the source, yet the bytes are not at hand: xmlsec is not asked, whatever was wished.
  const auto bytes = test::make_pes();
  const auto whole = xml::parse(bytes);
  ASSERT_TRUE(whole);
  const auto signed_bytes = *xades::sign_pes(*whole, bytes, test::make_request(test::ordinary_identity()));
  const Slow source(signed_bytes);
  const auto document = xml::parse_lean(source);
  ASSERT_TRUE(document);
  EXPECT_FALSE(document->lean());
  EXPECT_FALSE(document->keeps_bytes());
  for (const auto engine : {xades::Engine::own, xades::Engine::xmlsec})
    EXPECT_TRUE(xades::verify_pes(*document, test::make_options(engine))->passed());
}

TEST(Large, AChangedByteOfALongTextIsSeen) {
  const auto bytes = flow({.root_id = "RACINE", .depense_ids = {""}});
  const auto whole = xml::parse(bytes);
  ASSERT_TRUE(whole);
  auto signed_bytes = *xades::sign_pes(*whole, bytes, test::make_request(test::ordinary_identity()));
  const auto verdict = [&] {
    const MemorySource source(signed_bytes);
    const auto lean = xml::parse_lean(source);
    return lean && lean->lean() && xades::verify_pes(*lean, test::make_options())->passed();
  };
  EXPECT_TRUE(verdict());
  signed_bytes[signed_bytes.find("AAAA") + 150'000] = 'B';
  EXPECT_FALSE(verdict());
}

TEST(Large, EveryOtherChangeOfTheOutputIsSeen) {
  const auto bytes = flow({});
  const auto whole = xml::parse(bytes);
  ASSERT_TRUE(whole);
  const auto good = *xades::sign_pes(*whole, bytes, test::make_request(test::ordinary_identity()));
  const Slow original(bytes);
  EXPECT_TRUE(xades::only_signatures_added(original, Slow(good)));
  const auto signature = good.find("<ds:Signature");
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{70}, signature - 1, good.size() / 2, good.size() - 2}) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] == 'x' ? 'y' : 'x');
    const auto status = xades::only_signatures_added(original, Slow(bad));
    ASSERT_FALSE(status) << at;
    EXPECT_EQ(status.error().code, "xades.bytes_changed");
  }
  for (const auto& bad : {good + " ", good.substr(0, good.size() - 1), good.substr(0, signature + 40),
                          bytes + "x", std::string()})
    EXPECT_FALSE(xades::only_signatures_added(original, Slow(bad)));
}

TEST(SplicedSource, IsWhatSpliceMakes) {
  const std::string bytes = "<a><b><p:B y='1' /> <B>x</B><B></B></b></a>\n";
  const auto spans = xml::find_elements(bytes, "B", 3);
  ASSERT_TRUE(spans);
  std::vector<xades::Insertion> insertions;
  for (const auto& span : *spans)
    insertions.push_back({span, "<S/>"});
  const MemorySource source(bytes);
  const auto output = xades::SplicedSource::make(source, insertions);
  ASSERT_TRUE(output);
  for (std::size_t piece = 1; piece < 9; ++piece)
    EXPECT_EQ(all_of(*output, piece), xades::splice(bytes, insertions)) << piece;
}
