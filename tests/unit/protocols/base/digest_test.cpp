#include "protocols/base/digest.hpp"

#include <gtest/gtest.h>

namespace demat {
namespace {

TEST(Digest, KnownAnswers) {
  EXPECT_EQ(sha256("abc").str(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha1("abc").str(), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

}  // namespace
}  // namespace demat
