#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "fake_gateway.hpp"
#include "tools/dematctl/certificate.hpp"
#include "tools/dematctl/config_edit.hpp"
#include "tools/dematctl/connection_settings.hpp"

/// What dematctl does without a gateway: its own configuration, certificates, schema folders.
namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class LocalTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("dematctl-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path put(const fs::path& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  config::Environment environment(std::map<std::string, std::string> values) const {
    return [values](const std::string& name) {
      const auto found = values.find(name);
      return found == values.end() ? std::string() : found->second;
    };
  }

  fs::path folder_;
};

TEST_F(LocalTest, OptionsWinOverEnvironmentOverFile) {
  put(".config/dematctl.toml",
      "url = \"https://file\"\nca = \"ca.pem\"\nauthority = \"1\"\ncert = \"/c.pem\"\n");
  const auto settings =
      complete({"", "", "", "", "9"}, "",
               environment({{"HOME", folder_.string()}, {"DEMATCTL_URL", "https://variable"}}));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->url, "https://variable");
  EXPECT_EQ(settings->authority, "9");
  EXPECT_EQ(settings->ca, (folder_ / ".config/ca.pem").string());
  EXPECT_EQ(settings->cert, "/c.pem");
}

TEST_F(LocalTest, AKeyFromElsewhereIsNotPairedWithAnotherCertificate) {
  put("c.toml", "cert = \"file.pem\"\nkey = \"file.key\"\n");
  const auto settings =
      complete({"", "given.pem", "", "", ""}, (folder_ / "c.toml").string(), environment({}));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->cert, "given.pem");
  EXPECT_EQ(settings->key, "");
}

TEST_F(LocalTest, WrongConfigurationIsTold) {
  put("c.toml", "ulr = \"https://x\"\n");
  const auto unknown = complete({}, (folder_ / "c.toml").string(), environment({}));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().exit, Exit::usage);
  EXPECT_THAT(unknown.error().error.en, HasSubstr("\"url\""));
  EXPECT_FALSE(complete({}, (folder_ / "absent.toml").string(), environment({})).has_value());
  EXPECT_TRUE(complete({}, "", environment({{"HOME", (folder_ / "nobody").string()}})).has_value());
}

TEST_F(LocalTest, FingerprintsAreReadInAnyForm) {
  std::string colons;
  for (int i = 0; i < 32; ++i)
    colons += std::string(i == 0 ? "" : ":") + "AB";
  std::string plain;
  for (int i = 0; i < 32; ++i)
    plain += "ab";
  EXPECT_EQ(fingerprint(colons).value(), plain);
  EXPECT_EQ(fingerprint(plain).value(), plain);
  const auto wrong = fingerprint(put("not.pem", "hello").string());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().error.code, "ctl.certificate");
  EXPECT_FALSE(fingerprint((folder_ / "absent").string()).has_value());
  EXPECT_FALSE(fingerprint("abcd").has_value());
}

struct Edit {
  const char* name;
  const char* before;
  const char* after;
};
class ConfigEditTest : public testing::TestWithParam<Edit> {};
void PrintTo(const Edit& edit, std::ostream* out) {
  *out << edit.name;
}

TEST_P(ConfigEditTest, ChangesOneLineOnly) {
  EXPECT_EQ(with_schema_version(GetParam().before, "pes", "5.31"), GetParam().after);
}
INSTANTIATE_TEST_SUITE_P(
    Cases, ConfigEditTest,
    testing::Values(
        Edit{"Replaces", "# top\n[schemas]\n# why\npes = \"5.30\"\nx = 1\n",
             "# top\n[schemas]\n# why\npes = \"5.31\"\nx = 1\n"},
        Edit{"KeepsComment", "[schemas] # s\n  pes=\"5.30\" # in force\n",
             "[schemas] # s\npes = \"5.31\"  # in force\n"},
        Edit{"Adds", "[schemas]\nactes = \"1\"\n[http]\npes = \"no\"\n",
             "[schemas]\npes = \"5.31\"\nactes = \"1\"\n[http]\npes = \"no\"\n"},
        Edit{"AddsSection", "[http]\nport = 1\n", "[http]\nport = 1\n\n[schemas]\npes = \"5.31\"\n"},
        Edit{"IgnoresComments", "[schemas]\n# pes = \"1\"\n", "[schemas]\npes = \"5.31\"\n# pes = \"1\"\n"},
        Edit{"Empty", "", "\n[schemas]\npes = \"5.31\"\n"}),
    [](const auto& test) { return std::string(test.param.name); });

const char* const pack_toml =
    "protocol = \"pes\"\nversion = \"7.1\"\ntitle = \"Essai\"\n[[entry]]\nroot = \"R\"\nnamespace = "
    "\"urn:r\"\n"
    "file = \"r.xsd\"\n";
const char* const schema =
    "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"urn:r\">"
    "<xs:element name=\"R\" type=\"xs:string\"/></xs:schema>";

TEST_F(LocalTest, PacksAreInstalledWholeAndPutInForce) {
  put("new/pack.toml", pack_toml);
  put("new/r.xsd", schema);
  fs::create_directories(folder_ / "schemas");
  const fs::path config =
      put("dematd.toml", "schema_folder = \"schemas\"\n[schemas]\npes = \"5.30\" # here\n");
  FakeGateway gateway;
  EXPECT_EQ(schemas_use(gateway.output, "pes", "7.1", config), Exit::not_found);
  EXPECT_EQ(schemas_install(gateway.output, folder_ / "new", folder_ / "schemas"), Exit::ok)
      << gateway.err.str();
  EXPECT_TRUE(fs::exists(folder_ / "schemas/pes/7.1/r.xsd"));
  EXPECT_EQ(schemas_install(gateway.output, folder_ / "new", folder_ / "schemas"), Exit::conflict);
  EXPECT_EQ(schemas_use(gateway.output, "pes", "7.1", config), Exit::ok) << gateway.err.str();
  std::ifstream in(config);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(text, HasSubstr("pes = \"7.1\"  # here"));
  Session session = gateway.session();
  EXPECT_EQ(schemas_list(session, folder_ / "schemas"), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("Essai"));
}

TEST_F(LocalTest, BrokenPacksAreNotInstalled) {
  put("new/pack.toml", pack_toml);
  put("new/r.xsd", "<xs:schema");
  FakeGateway gateway;
  EXPECT_EQ(schemas_install(gateway.output, folder_ / "new", folder_ / "schemas"), Exit::refused);
  EXPECT_FALSE(fs::exists(folder_ / "schemas"));
}

}  // namespace
}  // namespace demat::ctl
