#include <cstdlib>
#include <fstream>

#include "prefecture_fixture.hpp"
#include "protocols/base/digest.hpp"
#include "tests/support/rig/pki.hpp"

namespace demat::transport {
namespace {

using config::PartStyle;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using PrefecturePostTest = PrefectureTest;

void expect_failed(const tl::expected<void, PutFailure>& done, const char* code, Delivery delivery,
                   const std::string& what) {
  ASSERT_FALSE(done) << what;
  EXPECT_EQ(done.error().error.code, code) << what << ": " << done.error().error.detail;
  EXPECT_EQ(done.error().delivery, delivery) << what;
}

TEST_F(PrefecturePostTest, DeliversInBothStyles) {
  const PrefectureSim sim;
  auto to = sim.destination();
  const std::string bytes = some_bytes(3'000'000);
  Transcript transcript;
  for (const PartStyle style : {PartStyle::single, PartStyle::three_parts}) {
    to.prefecture.part_style = style;
    const auto done = post(to, bytes, transcript);
    ASSERT_TRUE(done) << done.error().error.detail << transcript.text();
  }
  const auto deposits = sim.records("deposit");
  ASSERT_EQ(deposits.size(), 2U);
  EXPECT_EQ(deposits[0].style, "single");
  EXPECT_EQ(deposits[1].style, "three_parts");
  for (const auto& deposit : deposits) {
    EXPECT_EQ(deposit.name, archive_name);
    EXPECT_EQ(deposit.client, "Test operator");
    EXPECT_EQ(deposit.agent, "curl/*");
    EXPECT_FALSE(deposit.authorisation);
    EXPECT_TRUE(sim.bytes(deposit) == bytes);
  }
  EXPECT_THAT(transcript.text(), HasSubstr("> POST /actes HTTP/1.1\n"));
  EXPECT_THAT(transcript.text(), HasSubstr("< HTTP/1.1 100 Continue\n"));
  EXPECT_THAT(transcript.text(), HasSubstr("< HTTP/1.1 201 Created\n"));
}

TEST_F(PrefecturePostTest, JudgesEveryAnswer) {
  const PrefectureSim sim;
  struct Answer {
    const char* fault;
    const char* status;
    const char* code;
    Delivery delivery;
  };
  constexpr Delivery no = Delivery::not_delivered;
  constexpr Delivery unsure = Delivery::ambiguous;
  for (const Answer& one : std::vector<Answer>{{"status", "200", "transport.unexpected", unsure},
                                               {"status", "302", "transport.unexpected", unsure},
                                               {"status", "400", "transport.refused", no},
                                               {"status", "401", "transport.login", no},
                                               {"status", "413", "transport.refused", no},
                                               {"status", "500", "transport.unavailable", unsure},
                                               {"status", "503", "transport.unavailable", unsure},
                                               {"early_status", "401", "transport.login", no},
                                               {"early_status", "413", "transport.refused", no},
                                               {"early_status", "503", "transport.unavailable", no}}) {
    sim.misbehave({{one.fault, one.status}});
    const auto done = post(sim.destination(), some_bytes(100'000));
    expect_failed(done, one.code, one.delivery, std::string(one.fault) + " " + one.status);
    EXPECT_THAT(done.error().error.detail, HasSubstr(one.status));
  }
  EXPECT_EQ(sim.records("early").size(), 3U);
  EXPECT_EQ(sim.ledger().size(), 10U) << "one request each: no redirect is followed, nothing is repeated";
  sim.misbehave({{"status", "200"}});
  auto both = sim.destination();
  both.prefecture.success_codes = {200, 201};
  EXPECT_TRUE(post(both));
}

TEST_F(PrefecturePostTest, ARefusedExpectationNeverSendsABodyTwice) {
  const PrefectureSim sim;
  sim.misbehave({{"early_status", "417"}});
  EXPECT_TRUE(post(sim.destination(), some_bytes(200'000))) << "asked again without it: no byte had left";
  sim.misbehave({{"no_continue", "1"}, {"status", "417"}});
  EXPECT_FALSE(post(sim.destination(), some_bytes(200'000)));
  EXPECT_EQ(sim.records("deposit").size(), 1U);
  EXPECT_EQ(sim.records("refused").size(), 1U) << "the body is not read from its beginning again";
}

TEST_F(PrefecturePostTest, SendsNothingToAServerThatIsNotTheOne) {
  const PrefectureSim sim;
  const PrefectureSim elsewhere({"--server-certificate", "elsewhere"});
  const PrefectureSim expired({"--server-certificate", "expired"});
  const rig::TempFolder folder;
  auto other_pin = sim.destination();
  other_pin.prefecture.pins = {elsewhere.pin()};
  auto other_authority = sim.destination();
  other_authority.ca = rig::Pki(folder.path() / "pki").ca();
  auto only_other_pin = other_pin;
  only_other_pin.ca.clear();
  auto pin_without_name = elsewhere.destination();
  pin_without_name.ca.clear();
  pin_without_name.prefecture.pins = {elsewhere.pin()};
  const std::map<std::string, config::Destination> cases{{"another pin", other_pin},
                                                         {"another pin, no authority", only_other_pin},
                                                         {"another authority", other_authority},
                                                         {"another name", elsewhere.destination()},
                                                         {"another name, pinned", pin_without_name},
                                                         {"expired", expired.destination()}};
  for (const auto& [what, to] : cases) {
    Transcript transcript;
    expect_failed(post(to, some_bytes(100'000), transcript), "transport.identity", Delivery::not_delivered,
                  what);
    EXPECT_THAT(transcript.text(), Not(HasSubstr("> POST"))) << what;
  }
  for (const PrefectureSim* one : {&sim, &elsewhere, &expired}) {
    EXPECT_EQ(one->most_body(), 0U);
    EXPECT_THAT(one->records("deposit"), IsEmpty());
    EXPECT_THAT(one->records("cut"), IsEmpty()) << "not even headers";
  }
}

TEST_F(PrefecturePostTest, APinStandsInForAuthorityAndName) {
  const PrefectureSim elsewhere({"--server-certificate", "elsewhere"});
  auto to = elsewhere.destination();
  to.ca.clear();
  to.prefecture.verify_hostname = false;
  to.prefecture.pins = {"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", elsewhere.pin()};
  EXPECT_TRUE(post(to)) << "any of the pins is enough: keys change over";
}

TEST_F(PrefecturePostTest, SaysLoginWhenOurCertificateIsRefused) {
  const PrefectureSim sim;
  const rig::TempFolder folder;
  auto none = sim.destination();
  none.prefecture.certificate.clear();
  none.key.clear();
  auto strange = sim.destination();
  const auto issued = rig::Pki(folder.path() / "pki").issue("stranger", rig::Usage::client);
  strange.prefecture.certificate = issued.certificate;
  strange.key = issued.key;
  auto missing = sim.destination();
  missing.key = folder.path() / "none.key";
  for (const auto& [what, to] : std::map<std::string, config::Destination>{
           {"none", none}, {"of another authority", strange}, {"without its key", missing}})
    expect_failed(post(to, some_bytes(100'000)), "transport.login", Delivery::not_delivered, what);
  EXPECT_EQ(sim.most_body(), 0U);
}

TEST_F(PrefecturePostTest, OpensItsKeyWithThePassphrase) {
  const PrefectureSim sim;
  const rig::TempFolder folder;
  auto to = sim.destination();
  const std::filesystem::path locked = folder.path() / "locked.key";
  ASSERT_EQ(rig::run({"/usr/bin/openssl", "pkey", "-in", to.key, "-aes256", "-passout", "pass:phrase", "-out",
                      locked},
                     folder.path() / "log"),
            0);
  to.key = locked;
  to.key_passphrase = config::Secret("phrase");
  EXPECT_TRUE(post(to));
  for (const char* wrong : {"autre", ""}) {
    to.key_passphrase = config::Secret(wrong);
    expect_failed(post(to), "transport.login", Delivery::not_delivered, wrong);
  }
}

TEST_F(PrefecturePostTest, TellsHowFarACutPostCame) {
  const PrefectureSim sim;
  struct Cut {
    std::map<std::string, std::string> faults;
    const char* code;
    Delivery delivery;
  };
  const std::string bytes = some_bytes(3'000'000);
  for (const Cut& one : std::vector<Cut>{
           {{{"drop_at", "handshake"}}, "transport.interrupted", Delivery::not_delivered},
           {{{"drop_at", "headers"}}, "transport.interrupted", Delivery::not_delivered},
           {{{"drop_at", "body"}, {"drop_after", "500000"}}, "transport.interrupted", Delivery::ambiguous},
           {{{"drop_at", "answer"}}, "transport.interrupted", Delivery::ambiguous}}) {
    sim.misbehave(one.faults);
    expect_failed(post(sim.destination(), bytes), one.code, one.delivery, one.faults.at("drop_at"));
  }
  EXPECT_EQ(sim.records("deposit").size(), 1U) << "taken, but the answer was lost";
  sim.misbehave({{"drop_at", "half_answer"}});
  EXPECT_TRUE(post(sim.destination(), bytes)) << "the status is all that an answer tells";
}

TEST_F(PrefecturePostTest, WaitsNoLongerThanItMay) {
  const PrefectureSim sim;
  auto to = sim.destination();
  to.connect_timeout = std::chrono::milliseconds(5000);
  to.transfer_timeout = std::chrono::milliseconds(2000);
  sim.misbehave({{"late_answer", "20"}});
  expect_failed(post(to), "transport.timeout", Delivery::ambiguous, "late");
  sim.misbehave({{"slow", "1000"}});
  expect_failed(post(to, some_bytes(20'000'000)), "transport.timeout", Delivery::ambiguous, "slow");
  to.prefecture.post_url = "https://127.0.0.1:" + std::to_string(rig::free_port()) + "/";
  expect_failed(post(to), "transport.unreachable", Delivery::not_delivered, "nobody");
  to.prefecture.post_url = "https://" + std::string(64, 'x') + ".invalid/";  // no server is asked
  expect_failed(post(to), "transport.unreachable", Delivery::not_delivered, "no such name");
}

TEST_F(PrefecturePostTest, AcceptsServersWithHabitsOfTheirOwn) {
  const PrefectureSim sim;
  sim.misbehave({{"no_continue", "1"}});
  EXPECT_TRUE(post(sim.destination(), some_bytes(200'000)));
  sim.misbehave({{"endless_headers", "1"}});
  EXPECT_TRUE(post(sim.destination())) << "201 was said; the rest is not listened to";
  sim.misbehave({{"late_answer", "1"}, {"slow", "2000000"}});
  EXPECT_TRUE(post(sim.destination(), some_bytes(1'000'000)));
  EXPECT_EQ(sim.records("deposit").size(), 3U);
}

TEST_F(PrefecturePostTest, KeepsSecretsOutOfTheTranscript) {
  const PrefectureSim sim;
  auto to = sim.destination();
  to.user = "compte";
  to.password = config::Secret("mot de passe");
  Transcript transcript;
  ASSERT_TRUE(post(to, "archive", transcript));
  EXPECT_TRUE(sim.records("deposit").at(0).authorisation);
  EXPECT_THAT(transcript.text(), HasSubstr("> Authorization: ****"));
  EXPECT_THAT(transcript.text(), Not(HasSubstr("Basic")));
}

TEST_F(PrefecturePostTest, RefusesWhatMayNotLeave) {
  const PrefectureSim sim;
  auto to = sim.destination();
  to.prefecture.max_archive = 10;
  Transcript transcript;
  for (const char* name : {"", "a/b.tar.gz", "a\r\nX: y", "a\"b", "\xc3\xa9.tar.gz", ".."})
    expect_failed(post(to, "x", transcript, name), "transport.bad_parameter", Delivery::not_delivered, name);
  expect_failed(post(to, "12345678901"), "transport.bad_parameter", Delivery::not_delivered, "too large");
  expect_failed(post(to, ""), "transport.bad_parameter", Delivery::not_delivered, "empty");
  EXPECT_THAT(sim.ledger(), IsEmpty());
}

TEST_F(PrefecturePostTest, IgnoresAProxyOfTheEnvironment) {
  const PrefectureSim sim;
  ::setenv("https_proxy", "http://127.0.0.1:1", 1);  // NOLINT(concurrency-mt-unsafe)
  EXPECT_TRUE(post(sim.destination()));
  ::unsetenv("https_proxy");  // NOLINT(concurrency-mt-unsafe)
}

/// Bytes that exist only while they are read.
class Endless final : public ByteSource {
 public:
  explicit Endless(std::size_t size) : size_(size), block_(some_bytes(4099)) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    std::size_t done = 0;
    while (done < buffer.size() && offset < size_) {
      const std::size_t place = offset % block_.size();
      const std::size_t part = std::min({buffer.size() - done, block_.size() - place, size_ - offset});
      block_.copy(buffer.data() + done, part, place);
      done += part;
      offset += part;
    }
    return done;
  }
  [[nodiscard]] std::size_t size() const override { return size_; }

 private:
  std::size_t size_;
  std::string block_;
};

/// Highest resident memory of this process so far, in bytes.
std::size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * 1024;
  }
  return 0;
}

TEST_F(PrefecturePostTest, ALargeArchivePassesInLittleMemory) {
  const PrefectureSim sim;
  ASSERT_TRUE(post(sim.destination()));
  const std::size_t before = peak_memory();
  const Endless bytes(sim.destination().prefecture.max_archive);
  Transcript transcript;
  const auto done = make_peer(sim.destination())->put(PutRequest{archive_name, {}, bytes}, transcript);
  ASSERT_TRUE(done) << done.error().error.detail;
  EXPECT_LT(peak_memory() - before, 16U * 1024 * 1024);
  EXPECT_EQ(sim.records("deposit").at(1).size, 150U * 1024 * 1024);
}

TEST_F(PrefecturePostTest, ASourceThatFailsLeavesTheOutcomeOpen) {
  const PrefectureSim sim;
  class Failing final : public ByteSource {
   public:
    [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
      if (offset > 500'000) return failure(waiting_error("store.io", "f", "e"));
      std::fill(buffer.begin(), buffer.end(), 'x');
      return buffer.size();
    }
    [[nodiscard]] std::size_t size() const override { return 3'000'000; }
  };
  Transcript transcript;
  const auto done = make_peer(sim.destination())->put(PutRequest{archive_name, {}, Failing()}, transcript);
  expect_failed(done, "store.io", Delivery::ambiguous, "failing source");
  EXPECT_THAT(sim.records("deposit"), IsEmpty());
}

TEST_F(PrefecturePostTest, TellsNothingOfDepositsByListing) {
  const PrefectureSim sim;
  EXPECT_EQ(make_peer(sim.destination())->look(archive_name, 7).value(), Presence::unknown);
}

}  // namespace
}  // namespace demat::transport
