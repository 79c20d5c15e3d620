#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "gateway/config/config.hpp"
#include "gateway/config/effective.hpp"

namespace demat::config {
namespace {

namespace fs = std::filesystem;

const std::string policy =
    "[[signature_policy]]\nname = \"huit\"\noid = \"1.2.250.1.131.1.5.18.21.1.8\"\n"
    "digest = \"roF9+cfRHNPtVJolhdqfIqGMVuUXX8aR4rpiquf0u5E=\"\n";
const std::string stamps =
    "[[trust]]\nname = \"horodatage\"\nfolder = \"trust\"\n"
    "[[timestamp]]\nname = \"tsa\"\nurl = \"https://tsa.example/\"\ntrust = \"horodatage\"\n";

class SignatureSettings : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("demat-signature-settings-" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    for (const char* name : {"trust/anchors", "trust/issuers", "schemas/pes/5.30"})
      fs::create_directories(folder_ / name);
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
  /// The keys complained about, with blanks between.
  [[nodiscard]] std::string complaints(const std::string& text) const {
    const auto settings = read_text(text);
    std::string out;
    if (settings) return out;
    for (const auto& error : settings.error().errors)
      out += (out.empty() ? "" : " ") + error.code + ":" + error.en.substr(0, error.en.find(' '));
    return out;
  }

  fs::path folder_;
};

TEST_F(SignatureSettings, PoliciesAreRowsOfTheFile) {
  const auto settings = read_text(
      policy +
      "digest_method = \"sha256\"\naccepted_digests = [\"sha1:Ag9eHnx6opvWHDh9kR8QbRYDPRA=\"]\nspuri = "
      "\"https://x.example\"\nfrom = \"2027-01-01\"\nother_digest = \"warn\"\nout_of_force = \"warn\"\n"
      "xades = \"1.1.1\"\nsignature_id = \"S{n}{id}\"\ncertificate_digest = \"sha512\"\n");
  ASSERT_TRUE(settings) << settings.error().errors.front().en;
  const auto& row = settings->signature_policies.at(0);
  EXPECT_EQ(row.oid, "1.2.250.1.131.1.5.18.21.1.8");
  EXPECT_EQ(row.from, "2027-01-01");
  EXPECT_FALSE(row.other_digest_fails || row.out_of_force_fails);
  EXPECT_EQ(row.xades, "1.1.1");
  EXPECT_EQ(row.signature_id, "S{n}{id}");
  EXPECT_EQ(row.certificate_digest, "sha512");
  EXPECT_THAT(effective(*settings), testing::HasSubstr("[[signature_policy]]\nname = \"huit\""));
}

TEST_F(SignatureSettings, PoliciesThatCannotBeAreTold) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"digest_method = \"sha512\"\n", "digest"},
      {"accepted_digests = [\"md5:AAAA\"]\n", "accepted_digests"},
      {"accepted_digests = [\"roF9\"]\n", "accepted_digests"},
      {"from = \"2027-13-01\"\n", "from"},
      {"from = \"2027-01-01\"\nuntil = \"2026-01-01\"\n", "from"},
      {"signature_id = \"SIG\"\n", "signature_id"},
      {"signature_id = \"{id}\"\n", "signature_id"},
  };
  EXPECT_EQ(complaints(policy), "");
  for (const auto& [line, key] : cases)
    EXPECT_THAT(complaints(policy + line), testing::HasSubstr("config.range:signature_policy[0]." + key))
        << line;
  EXPECT_THAT(complaints("[[signature_policy]]\nname = \"x\"\noid = \"1..2\"\n"),
              testing::AllOf(testing::HasSubstr("oid"), testing::HasSubstr("digest")));
  EXPECT_THAT(complaints(policy + policy), testing::HasSubstr("config.conflict:signature_policy[1].name"));
}

TEST_F(SignatureSettings, AuthoritiesForStampsAreRowsOfTheFile) {
  const auto settings = read_text(stamps + "policy = \"1.2.3\"\ndigest = \"sha512\"\ntimeout = \"5s\"\n");
  ASSERT_TRUE(settings) << settings.error().errors.front().en;
  const auto& row = settings->timestamps.at(0);
  EXPECT_EQ(row.url, "https://tsa.example/");
  EXPECT_EQ(row.digest, "sha512");
  EXPECT_EQ(row.timeout, std::chrono::seconds(5));
  EXPECT_EQ(row.max_drift, std::chrono::minutes(5));
}

TEST_F(SignatureSettings, AuthoritiesForStampsThatCannotBeAreTold) {
  const std::string row = "[[timestamp]]\nname = \"tsa\"\n";
  EXPECT_EQ(complaints(row), "config.missing:timestamp[0].url: config.missing:timestamp[0].trust:");
  EXPECT_THAT(complaints(stamps + "policy = \"no\"\n"), testing::HasSubstr("timestamp[0].policy"));
  EXPECT_THAT(
      complaints(row + "trust = \"x\"\nurl = \"ftp://x\"\n"),
      testing::AllOf(testing::HasSubstr("timestamp[0].url"), testing::HasSubstr("timestamp[0].trust")));
  EXPECT_THAT(complaints(row + "trust = \"x\"\nurl = \"http://x\"\nuser = \"u\"\n"),
              testing::HasSubstr("timestamp[0].user"));
  const std::string signer =
      "[[signer]]\nname = \"s\"\nkey = \"x.key\"\ncertificate = \"x.pem\"\nrole = \"Maire\"\n"
      "postal_code = \"34000\"\ncity = \"Valjoie\"\nflows = [\"actes\"]\n";
  EXPECT_EQ(complaints(stamps + signer + "timestamp = \"tsa\"\n"), "");
  EXPECT_THAT(complaints("[[signer]]\nname = \"s\"\nagent = true\nrole = \"Maire\"\npostal_code = \"34000\"\n"
                         "city = \"Valjoie\"\nflows = [\"actes\"]\n"),
              testing::HasSubstr("config.conflict:signer[0].flows"));
  EXPECT_THAT(complaints(stamps + signer + "timestamp = \"other\"\n"),
              testing::HasSubstr("config.conflict:signer[0].timestamp"));
}

}  // namespace
}  // namespace demat::config
