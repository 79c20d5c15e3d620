#include "gateway/config/toml_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "protocols/base/toml_characters.hpp"

namespace demat::config {
namespace {

TEST(TomlCharacters, MayStandInStringsAndComments) {
  for (const std::string text : {
           "a = \"été\" # é\n",
           "a = 'é\\' # it's é\nb = 1\n",
           "a = \"\"\"x\né\"\"\"\nb = 'c'\n",
           "a = \"\"\"é\"\"\"\"\"\nb = 2\n",
           "a = '''\né \"'''\n",
           "a = \"\\\"é\\\\\"\nb = 2\n",
           "\"clé\" = 1\n",
           "a = \"\"\nb = \"é\"\n",
           "a=\"é\"\n\"b\"='è'\n",
           "a = [\"é\", 'è', {b = \"ç\", c=[[\"à\"],[\n\"ù\"]]}]\n",
           "a = {\"é\"=1}\nb = 1 # é\n",
           "\xef\xbb\xbf"
           "a = 1\n",
       }) {
    EXPECT_TRUE(check_toml_characters(text)) << text;
    EXPECT_TRUE(parse_toml(text)) << text;
  }
}

TEST(Toml, IsRefusedWhereTheLibraryAsserts) {
  for (const std::string text : {"[ = [ [\"x\"", "[=", "[[ = "})
    EXPECT_FALSE(parse_toml(text)) << text;
}

TEST(TomlCharacters, AreRefusedElsewhereWithTheirLine) {
  const std::map<std::string, std::size_t> cases{{"clé = 1\n", 1},
                                                 {"a = 1\n\xbd = 2\n", 2},
                                                 {"a = 1\n\n b\xc2\xa0 = 2\n", 3},
                                                 {"a = \"\"\"\n\n\"\"\"é", 3},
                                                 {"a = 'b'é\n", 1},
                                                 {"a = 0\"Ȝ\"\n", 1},
                                                 {"\na = 0=\"é\"\n", 2},
                                                 {"a = 1.'é'\n", 1},
                                                 {"a = [1, 2\"\"\"\né\"\"\"]\n", 2},
                                                 {"a = x{\"é\"}\n", 1},
                                                 {"a = \"\\\n\" \né", 3}};
  for (const auto& [text, line] : cases) {
    const auto status = check_toml_characters(text);
    ASSERT_FALSE(status) << text;
    EXPECT_EQ(status.error().code, "config.syntax");
    EXPECT_EQ(status.error().place.line, line) << text;
    EXPECT_FALSE(parse_toml(text)) << text;
  }
}

TEST(TomlCharacters, ReachNothingUnreachable) {
  EXPECT_TRUE(parse_toml("a = \"\"\"x \\\n é\"\"\"\n"));
  EXPECT_TRUE(parse_toml("a = \"\"\"x \\\n\n\u3001ⵯ\"\"\"\n"));
  for (const std::string wrong :
       {"a = \"\"\"x \\ é\"\"\"\n", "a = [20@B=\"é\"]\n", "a = [{b=1},\n 2=\"ⵯ\"]\n"})
    EXPECT_FALSE(parse_toml(wrong)) << wrong;
}

}  // namespace
}  // namespace demat::config
