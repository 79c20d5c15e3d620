#include "gateway/transport/listing.hpp"

#include <gmock/gmock.h>

#include <string>

namespace demat::transport {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<RemoteFile>& files) {
  std::vector<std::string> out;
  for (const RemoteFile& file : files)
    out.push_back(file.name + ":" + std::to_string(file.size));
  return out;
}

TEST(Listing, ReadsMlsd) {
  const auto files = parse_mlsd(
      "modify=20260301123456;perm=r;size=213;type=file;unique=1; un deux.xml\r\n"
      "Type=FILE;Size=9;Modify=20260301123456.789; /sortie/b.xml\r\n"
      "type=cdir; .\r\ntype=pdir; ..\r\ntype=dir; archives\r\nno facts\r\n c.xml\r\n",
      "/sortie/");
  EXPECT_THAT(names(files), ElementsAre("un deux.xml:213", "b.xml:9", "c.xml:0"));
  ASSERT_TRUE(files.at(0).time);
  EXPECT_EQ(to_iso8601(*files.at(0).time), "2026-03-01T12:34:56.000000Z");
}

TEST(Listing, IgnoresATimeThatIsNone) {
  for (const char* time : {"20261301123456", "2026", "abcdefghijklmn", ""}) {
    const auto files = parse_mlsd("type=file;size=1;modify=" + std::string(time) + "; a\r\n", "");
    ASSERT_EQ(files.size(), 1U);
    EXPECT_FALSE(files.at(0).time) << time;
  }
}

TEST(Listing, ReadsUnixList) {
  const auto files = parse_list(
      "total 12\r\n"
      "-rw-r--r--   1 demat    group        213 Aug 26 16:31 un  deux.xml\r\n"
      "drwxr-xr-x   2 demat    group       4096 Aug 26  2025 archives\r\n"
      "-rw-r--r--   1 demat    group          0 Jan  1  2025  blanc.xml\r\n",
      "sortie");
  ASSERT_TRUE(files);
  EXPECT_THAT(names(*files), ElementsAre("un  deux.xml:213", " blanc.xml:0"));
}

TEST(Listing, ReadsDosList) {
  const auto files = parse_list(
      "03-01-26  04:31PM       <DIR>          archives\r\n"
      "03-01-26  04:31PM                  213 a.xml\r\n",
      "");
  ASSERT_TRUE(files);
  EXPECT_EQ(files->size(), 1U);
  EXPECT_EQ(files->at(0).size, 213U);
}

TEST(Listing, DoesNotGuessAnUnknownShape) {
  EXPECT_FALSE(parse_list("Nom   Taille\r\n", ""));
  EXPECT_FALSE(parse_list("-rw-r--r-- 1 demat group many Aug 26 16:31 a.xml\r\n", ""));
  ASSERT_TRUE(parse_list("", ""));
  EXPECT_THAT(*parse_list("total 0\r\n", ""), IsEmpty());
}

TEST(Listing, ReadsNlstWithAndWithoutPath) {
  const auto files = parse_nlst(
      "a.xml\r\n/sortie/b.xml\r\nsortie/c.xml\r\n./d.xml\n.\n..\n/home/u/sortie/e.xml\r\nsub/f.xml\r\n/"
      "sortie/sub/g.xml\r\nasortie/h.xml\r\n",
      "/sortie/");
  EXPECT_THAT(names(files), ElementsAre("a.xml:0", "b.xml:0", "c.xml:0", "d.xml:0", "e.xml:0"));
}

}  // namespace
}  // namespace demat::transport
