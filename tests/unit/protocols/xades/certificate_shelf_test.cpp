#include "protocols/xades/certificate_shelf.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "protocols/xades/verify.hpp"
#include "protocols/xml/parser.hpp"
#include "signing_kit.hpp"

using namespace demat;

TEST(CertificateShelf, DecodesWhatItHasMetOnlyOnce) {
  xades::CertificateShelf shelf;
  const auto& der = test::ordinary_identity().der;
  const auto first = shelf.get(der).value();
  EXPECT_EQ(first->der(), der);
  EXPECT_EQ(shelf.get(der).value(), first);
}

TEST(CertificateShelf, TellsCertificatesApartByEveryByte) {
  xades::CertificateShelf shelf;
  const auto& identity = test::ordinary_identity();
  const auto first = shelf.get(identity.der).value();
  test::IdentityWish wish;
  wish.serial = "7";
  const auto other = test::recertified(identity, wish);
  EXPECT_EQ(shelf.get(other).value()->serial_decimal(), "7");
  EXPECT_EQ(shelf.get(identity.der).value(), first);
  auto changed = identity.der;
  changed.back() ^= 1;  // of the issuer's signature
  EXPECT_NE(shelf.get(changed).value(), first);
}

TEST(CertificateShelf, KeepsNothingThatCannotBeRead) {
  xades::CertificateShelf shelf;
  auto longer = test::ordinary_identity().der;
  longer.push_back(0);
  for (int i = 0; i < 2; ++i) {
    const auto bad = shelf.get(longer);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, "xades.certificate_unreadable");
  }
}

TEST(CertificateShelf, IsBoundedInNumberAndLength) {
  xades::CertificateShelf shelf;
  const auto& identity = test::ordinary_identity();
  test::IdentityWish wish;
  wish.filler = xades::CertificateShelf::longest;
  const auto huge = test::recertified(identity, wish);
  EXPECT_NE(shelf.get(huge).value(), shelf.get(huge).value()) << "too long to be kept";
  wish.filler = 0;
  const auto first = shelf.get(identity.der).value();
  for (std::size_t i = 1; i < xades::CertificateShelf::places; ++i) {
    wish.serial = std::to_string(i);
    ASSERT_TRUE(shelf.get(test::recertified(identity, wish)));
  }
  EXPECT_EQ(shelf.get(identity.der).value(), first);
  wish.serial = "100000";
  ASSERT_TRUE(shelf.get(test::recertified(identity, wish)));
  EXPECT_NE(shelf.get(identity.der).value(), first) << "the one kept longest went";
}

TEST(CertificateShelf, ServesManyThreads) {
  xades::CertificateShelf shelf;
  const auto clear = test::make_pes();
  const auto document = xml::parse(clear);
  const auto bytes = *xades::sign_pes(*document, clear, test::make_request(test::ordinary_identity()));
  std::vector<std::thread> threads;
  std::array<std::size_t, 4> passed{};
  for (auto& count : passed)
    threads.emplace_back([&] {
      auto options = test::make_options(xades::Engine::own);
      options.shelf = &shelf;
      for (int i = 0; i < 25; ++i) {
        const auto parsed = xml::parse(bytes);
        if (parsed && xades::verify_pes(*parsed, options)->passed()) ++count;
      }
    });
  for (auto& thread : threads)
    thread.join();
  for (const auto count : passed)
    EXPECT_EQ(count, 25U);
}
