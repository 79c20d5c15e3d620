#include "gateway/pipeline/remote_naming.hpp"

#include <gtest/gtest.h>

namespace demat::pipeline {
namespace {

flow::Flow sample() {
  flow::Flow f;
  f.authority = AuthorityId{"217500016"};
  f.typ_fic = "PESALR1";
  f.cod_col = "123";
  f.id_post = "034000";
  f.cod_bud = "00";
  f.nom_fic = NomFic{"PAIE"};
  return f;
}

config::Destination destination(config::LinkMode mode) {
  config::Destination d;
  d.name = "helios";
  d.mode = mode;
  d.p_appli = "THELPES2";
  d.p_dest = "MHPCE11";
  return d;
}

const Instant noon = *from_iso8601("2026-03-01T12:00:00Z");
const Sha1 digest{"da39a3ee5e6b4b0d3255bfef95601890afd80709"};

/// Gives the numbers a test wants and remembers the key it was asked for.
struct Numbers {
  std::uint64_t next = 1;
  std::string key;
  CounterSource source() {
    return [this](const std::string& asked) -> Result<std::uint64_t> {
      key = asked;
      return next;
    };
  }
};

TEST(RemoteAddress, GatewayNameCountsPerAuthorityAndParisDay) {
  Numbers numbers;
  const auto address = remote_address(sample(), {}, destination(config::LinkMode::gateway_ftp), digest, noon,
                                      numbers.source());
  ASSERT_TRUE(address) << address.error().code;
  EXPECT_EQ(address->remote_name, "PESALR2_217500016_260301_001.xml");
  EXPECT_EQ(address->parameters.p_msg, "PES#123#034000#00");
  EXPECT_EQ(address->parameters.p_dest, "MHPCE11");
  EXPECT_EQ(numbers.key, "remote:helios:217500016:260301");
}

TEST(RemoteAddress, TheCounterGoesOnWithFourDigits) {
  Numbers numbers{1'000, {}};
  const auto address = remote_address(sample(), {}, destination(config::LinkMode::gateway_ftp), digest, noon,
                                      numbers.source());
  ASSERT_TRUE(address);
  EXPECT_EQ(address->remote_name, "PESALR2_217500016_260301_1000.xml");
}

TEST(RemoteAddress, PasstransSftpCarriesTheParametersInTheName) {
  Numbers numbers;
  flow::Route route;
  route.p_dest = "MHPCE51";
  const auto address = remote_address(sample(), route, destination(config::LinkMode::passtrans_sftp), digest,
                                      noon, numbers.source());
  ASSERT_TRUE(address);
  EXPECT_EQ(address->remote_name,
            "MHPCE51%%THELPES2%%PES#123#034000#00%%da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_TRUE(numbers.key.empty()) << "no number is drawn for a name without one";
}

TEST(RemoteAddress, AFlowKeepsTheNameOfItsFirstAttempt) {
  Numbers numbers;
  auto flow = sample();
  flow.remote_name = "PESALR2_217500016_260228_017.xml";
  const auto address =
      remote_address(flow, {}, destination(config::LinkMode::gateway_ftp), digest, noon, numbers.source());
  ASSERT_TRUE(address);
  EXPECT_EQ(address->remote_name, flow.remote_name);
  EXPECT_TRUE(numbers.key.empty());
}

TEST(RemoteAddress, RefusesWhatWouldSmuggleACommand) {
  Numbers numbers;
  auto flow = sample();
  flow.cod_col = "1\r\nDELE x";
  const auto address =
      remote_address(flow, {}, destination(config::LinkMode::gateway_ftp), digest, noon, numbers.source());
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().code, "naming.unsafe");
}

}  // namespace
}  // namespace demat::pipeline
