// Work, counted and not timed: what verification canonicalises is what is signed, once (signature T52).

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "protocols/xades/verify.hpp"
#include "protocols/xml/parser.hpp"
#include "signing_kit.hpp"

using namespace demat;

namespace {

struct Work {
  std::size_t bytes = 0;  ///< of the document
  std::size_t canonicalised = 0;
};

Work work_of(std::size_t signatures) {
  test::PesWish wish;
  wish.depense_ids.clear();
  for (std::size_t i = 0; i < signatures; ++i)
    wish.depense_ids.push_back(fmt::format("B{:06}", i));
  const auto clear = test::make_pes(wish);
  const auto document = xml::parse(clear);
  const auto bytes = *xades::sign_pes(*document, clear, test::make_request(test::ordinary_identity()));
  const auto parsed = xml::parse(bytes);
  EXPECT_EQ(parsed->canonicalised(), 0U);
  const auto report = xades::verify_pes(*parsed, test::make_options());
  EXPECT_TRUE(report->passed());
  EXPECT_EQ(report->signatures.size(), signatures);
  return {bytes.size(), parsed->canonicalised()};
}

}  // namespace

TEST(Linear, WorkGrowsWithTheNumberOfSignatures) {
  const auto ten = work_of(10);
  const auto hundred = work_of(100);
  const auto thousand = work_of(1'000);
  const auto each = [](const Work& more, const Work& less, std::size_t by) {
    return static_cast<double>(more.canonicalised - less.canonicalised) / static_cast<double>(by);
  };
  // Numbers of bordereaux have more digits further on; nothing else may grow.
  EXPECT_NEAR(each(thousand, hundred, 900), each(hundred, ten, 90), 16);
  for (const auto& work : {ten, hundred, thousand})
    EXPECT_LT(work.canonicalised, 2 * work.bytes) << "something is canonicalised more than once";
}

TEST(Linear, AGlobalSignatureCanonicalisesTheDocumentOnce) {
  test::PesWish wish;
  wish.root_id = "RACINE";
  wish.depense_ids.assign(300, "");
  const auto clear = test::make_pes(wish);
  const auto document = xml::parse(clear);
  const auto bytes = *xades::sign_pes(*document, clear, test::make_request(test::ordinary_identity()));
  EXPECT_LT(document->canonicalised(), clear.size() * 3 / 2) << "signing";
  const auto parsed = xml::parse(bytes);
  ASSERT_TRUE(xades::verify_pes(*parsed, test::make_options())->passed());
  EXPECT_LT(parsed->canonicalised(), bytes.size() * 3 / 2) << "verifying";
}
