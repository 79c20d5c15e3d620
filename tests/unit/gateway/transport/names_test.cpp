#include "gateway/transport/names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "gateway/transport/errors.hpp"

namespace demat::transport {
namespace {

TEST(Names, KnowsSafeOnes) {
  for (const std::string name : {"a.xml", "A%%B%%C#1", "-x", " ", ".x", "\xe9.xml", "a;b", "a\\b"}) {
    EXPECT_TRUE(safe_name(name)) << name;
  }
  const std::string with_nul("a\0b", 3);
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"), std::string("/"),
        std::string("a\r\n"), std::string("\x7f"), with_nul, std::string(256, 'a')}) {
    EXPECT_FALSE(safe_name(name)) << name;
  }
}

TEST(Names, JoinsDirectories) {
  const std::pair<const char*, const char*> cases[] = {{"/entree/", "/entree/n"},
                                                       {"entree", "entree/n"},
                                                       {"", "n"},
                                                       {".", "n"},
                                                       {"./", "n"},
                                                       {"./entree//", "entree/n"},
                                                       {"/", "/n"}};
  for (const auto& [directory, path] : cases)
    EXPECT_EQ(join_path(directory, "n"), path) << directory;
}

TEST(Names, TellsPresence) {
  const auto seen = [](std::vector<RemoteFile> files) { return presence(files, "a.xml", 10); };
  EXPECT_EQ(seen({}), Presence::absent);
  EXPECT_EQ(seen({{"b.xml", 10, {}}, {"A.XML", 10, {}}}), Presence::absent);
  EXPECT_EQ(seen({{".a.xml.part", 10, {}}}), Presence::partial_only);
  EXPECT_EQ(seen({{"a.xml", 9, {}}}), Presence::partial_only);
  EXPECT_EQ(seen({{".a.xml.part", 10, {}}, {"a.xml", 10, {}}}), Presence::final_name);
}

TEST(Names, ChecksParametersByMode) {
  const MemorySource bytes("x");
  const auto check = [&](Parameters parameters, bool with, bool meta) {
    return check_request("d", PutRequest{"a.xml", std::move(parameters), bytes}, with, meta).has_value();
  };
  EXPECT_TRUE(check({"A", "B", "PES#1#2#3"}, true, true));
  EXPECT_TRUE(check({}, false, false)) << "modes without parameters";
  EXPECT_FALSE(check({"A", "", "C"}, true, false));
  EXPECT_TRUE(check({"A;B", "B", "C"}, true, false));
  EXPECT_FALSE(check({"A;B", "B", "C"}, true, true));
  EXPECT_FALSE(check({"A", "B", "C\nD"}, true, false));
}

TEST(Errors, HaveTextsInBothLanguagesAndWaitExceptOne) {
  for (int index = 0; index <= static_cast<int>(Fault::absent); ++index) {
    const auto fault = static_cast<Fault>(index);
    const Error error = make_error(fault, "passtrans", "550 no\r\nPASS x");
    EXPECT_TRUE(error.code.starts_with("transport.")) << error.code;
    EXPECT_NE(error.fr.find("(passtrans)"), std::string::npos);
    EXPECT_NE(error.en.find("(passtrans)"), std::string::npos);
    EXPECT_EQ(error.outlook, fault == Fault::unsafe_name ? Outlook::permanent : Outlook::waiting);
    EXPECT_EQ(error.detail, "550 no??PASS x");
  }
}

}  // namespace
}  // namespace demat::transport
