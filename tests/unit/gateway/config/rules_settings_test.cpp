#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "gateway/config/config.hpp"
#include "gateway/config/effective.hpp"

namespace demat::config {
namespace {

namespace fs = std::filesystem;

class RulesSettings : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("demat-rules-settings-" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "schemas/pes/5.30");
    for (const char* name : {"x.pem", "x.key", "schemas/pes/5.30/pack.toml"}) {
      std::ofstream(folder_ / name) << "x\n";
      fs::permissions(folder_ / name, fs::perms(0600));
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] tl::expected<Settings, Problems> read_text(const std::string& text) const {
    std::ofstream(folder_ / "dematd.toml")
        << "data_folder = \"data\"\nschema_folder = \"schemas\"\n"
           "[http]\ncertificate = \"x.pem\"\nkey = \"x.key\"\nclient_ca = \"x.pem\"\n" +
               text;
    return read(folder_ / "dematd.toml", [](const std::string&) { return std::string(); });
  }

  fs::path folder_;
};

TEST_F(RulesSettings, AreRowsOfTheFile) {
  const auto settings = read_text(
      "[[rules]]\nrule = \"P16\"\nseverity = \"error\"\n"
      "[[rules]]\nrule = \"pes.p1\"\nseverity = \"off\"\nauthorities = [\"217500016\"]\n"
      "from = \"2027-01-01\"\nuntil = \"2027-12-31\"\n");
  ASSERT_TRUE(settings) << settings.error().errors.front().en;
  ASSERT_EQ(settings->rules.size(), 2U);
  EXPECT_EQ(settings->rules[0].name, "P16");
  EXPECT_EQ(settings->rules[0].severity, RuleWeight::error);
  EXPECT_TRUE(settings->rules[0].authorities.empty());
  EXPECT_EQ(settings->rules[1].severity, RuleWeight::off);
  EXPECT_EQ(settings->rules[1].authorities, std::vector<std::string>{"217500016"});
  EXPECT_EQ(settings->rules[1].until, "2027-12-31");
  EXPECT_THAT(effective(*settings), testing::HasSubstr("[[rules]]\nrule = \"pes.p1\"\nseverity = \"off\""));
}

TEST_F(RulesSettings, PacksMayBeForSomeAndForATime) {
  const auto settings =
      read_text("[[pack]]\nversion = \"5.30\"\nfrom = \"2027-01-01\"\nauthorities = [\"217500016\"]\n");
  ASSERT_TRUE(settings) << settings.error().errors.front().en;
  ASSERT_EQ(settings->packs.size(), 1U);
  EXPECT_EQ(settings->packs[0].name, "5.30");
  EXPECT_EQ(settings->packs[0].from, "2027-01-01");
  EXPECT_THAT(effective(*settings), testing::HasSubstr("[[pack]]\nversion = \"5.30\""));
  EXPECT_FALSE(read_text("[[pack]]\nversion = \"9.99\"\n")) << "not installed";
  EXPECT_FALSE(read_text("[[pack]]\nfrom = \"2027-01-01\"\n")) << "no version";
  EXPECT_FALSE(read_text("[[pack]]\nversion = \"5.30\"\nfrom = \"1/1/2027\"\n")) << "no day";
}

TEST_F(RulesSettings, RowsThatCannotBeAreTold) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"severity = \"off\"\n", "config.missing rules[0].rule"},
      {"rule = \"P1\"\nseverity = \"fatal\"\n", "config.range rules[0].severity"},
      {"rule = \"P1\"\nauthorities = [\"21750001\"]\n", "config.range rules[0].authorities"},
      {"rule = \"P1\"\nfrom = \"2027-02-30\"\n", "config.range rules[0].from"},
      {"rule = \"P1\"\nfrom = \"2027-02-01\"\nuntil = \"2027-01-01\"\n", "config.range rules[0].from"},
      {"rule = \"P1\"\nweight = \"off\"\n", "config.unknown_key rules[0].weight"},
  };
  for (const auto& [row, expected] : cases) {
    const auto settings = read_text("[[rules]]\n" + row);
    ASSERT_FALSE(settings) << row;
    const auto& first = settings.error().errors.front();
    EXPECT_EQ(first.code + " " + first.en.substr(0, first.en.find(':')), expected) << row;
  }
  EXPECT_FALSE(read_text("[rules]\nrule = \"P1\"\n"));
}

}  // namespace
}  // namespace demat::config
