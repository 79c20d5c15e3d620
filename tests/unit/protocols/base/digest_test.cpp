#include "protocols/base/digest.hpp"

#include <gtest/gtest.h>

namespace demat {
namespace {

std::string text_of(const Bytes& bytes) {
  return std::string{as_text(bytes)};
}

TEST(Digest, KnownAnswers) {
  EXPECT_EQ(sha256("abc").str(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("").str(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha1("abc").str(), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Digest, PiecesGiveTheDigestOfTheWhole) {
  const std::vector<std::pair<Digester::Algorithm, std::size_t>> algorithms = {
      {Digester::Algorithm::sha1, 20},
      {Digester::Algorithm::sha256, 32},
      {Digester::Algorithm::sha384, 48},
      {Digester::Algorithm::sha512, 64}};
  for (const auto& [algorithm, size] : algorithms) {
    Digester whole(algorithm);
    whole.update("one two three");
    Digester pieces(algorithm);
    pieces.update("one ");
    Digester moved = std::move(pieces);
    moved.update("");
    moved.update("two three");
    const auto digest = whole.finish();
    EXPECT_EQ(digest.size(), size);
    EXPECT_EQ(digest, moved.finish());
  }
}

TEST(Digest, HexIsLowerCase) {
  EXPECT_EQ(hex(Bytes{0x00, 0x0F, 0xA5, 0xFF}), "000fa5ff");
  EXPECT_EQ(hex(Bytes{}), "");
}

TEST(Base64, EncodesTheVectorsOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(base64(as_bytes(plain)), encoded);
    const auto decoded = decode_base64(encoded);
    EXPECT_TRUE(decoded.ok);
    EXPECT_EQ(text_of(decoded.bytes), plain);
  }
}

TEST(Base64, ToleratesBlanksAndMissingPadding) {
  for (const std::string text : {"Zm9vYg==", "Zm9vYg", " Zm9v\r\n\tYg = =", "Zm9vYg="}) {
    const auto decoded = decode_base64(text);
    EXPECT_TRUE(decoded.ok) << text;
    EXPECT_EQ(text_of(decoded.bytes), "foob") << text;
  }
}

TEST(Base64, RefusesTheRest) {
  for (const std::string text : {"Z", "Zm9vY", "Zm9v!", "Zg==Zg==", "Zm=9", "====", "Zm9v-_", "Zg==="}) {
    const auto decoded = decode_base64(text);
    EXPECT_FALSE(decoded.ok) << text;
    EXPECT_TRUE(decoded.bytes.empty()) << text;
  }
}

TEST(Base64, EveryByteSurvives) {
  Bytes bytes;
  for (unsigned i = 0; i < 1000; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(i * 7U));
    EXPECT_EQ(decode_base64(base64(bytes)).bytes, bytes);
  }
}

}  // namespace
}  // namespace demat
