#include "gateway/signers.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace demat {
namespace {

/// A token that is there or not; its certificate was never seen.
class Pluggable final : public signing::Signer {
 public:
  [[nodiscard]] const Bytes& certificate_der() const override { return unseen_; }
  [[nodiscard]] Result<Bytes> sign(std::string_view) const override {
    ++uses;
    return failure(waiting_error("signing.token.absent", "fr", "en"));
  }
  [[nodiscard]] Status ready() const override {
    if (plugged) return {};
    return failure(waiting_error("signing.token.absent", "fr", "The token is not there.", "slot 3"));
  }
  bool plugged = false;
  mutable int uses = 0;

 private:
  Bytes unseen_;
};

TEST(Signers, AnAlarmStandsAsLongAsAKeyCannotSign) {
  const auto logger = observe::Logger::create(
      observe::Level::error, std::filesystem::temp_directory_path() / "demat_signers_test.log");
  observe::Metrics metrics;
  pipeline::Recorder recorder(*logger, metrics);
  const auto pulled = std::make_shared<Pluggable>();
  const auto plugged = std::make_shared<Pluggable>();
  plugged->plugged = true;
  Generation generation;
  for (const auto& [name, signer] : {std::pair{"maire", pulled}, {"adjoint", plugged}}) {
    signing::SigningProfile profile;
    profile.name = name;
    profile.signer = signer;
    profile.statement.role = "Maire";
    ASSERT_TRUE(generation.keys.add(std::move(profile)));
  }
  watch_signers(generation, recorder);
  const auto standing = recorder.alarms().standing();
  ASSERT_EQ(standing.size(), 1U);
  EXPECT_EQ(standing[0].code, "signing.unready");
  EXPECT_EQ(standing[0].subject, "maire");
  EXPECT_NE(standing[0].detail.find("signing.token.absent"), std::string::npos);
  EXPECT_NE(standing[0].detail.find("slot 3"), std::string::npos);
  pulled->plugged = true;
  watch_signers(generation, recorder);
  EXPECT_TRUE(recorder.alarms().standing().empty());
  EXPECT_EQ(pulled->uses + plugged->uses, 0) << "looking is not signing";
}

}  // namespace
}  // namespace demat
