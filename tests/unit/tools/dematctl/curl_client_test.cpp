#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "tests/support/rig/pki.hpp"
#include "tests/support/rig/process.hpp"
#include "tools/dematctl/api.hpp"
#include "tools/dematctl/certificate.hpp"
#include "tools/dematctl/json_fields.hpp"

/// The HTTPS client against a real TLS server that wants a client certificate.
namespace demat::ctl {
namespace {

using testing::HasSubstr;

/// One server for all cases: making keys takes most of the time.
class CurlClientTest : public testing::Test {
 protected:
  struct Rig {
    rig::TempFolder folder;
    rig::Pki pki{folder.path() / "pki"};
    rig::Pki other_pki{folder.path() / "other", "Other CA"};
    rig::Issued agent = pki.issue("agent", rig::Usage::client);
    rig::Issued stranger = other_pki.issue("stranger", rig::Usage::client);
    rig::Child server;
    std::string url;

    Rig() {
      const rig::Issued own = pki.issue("localhost", rig::Usage::server);
      const auto port_file = folder.path() / "port";
      server = rig::Child({"/usr/bin/python3", DEMAT_SOURCE_DIR "/tests/unit/tools/dematctl/https_stub.py",
                           own.certificate.string(), own.key.string(), pki.ca().string(), port_file.string()},
                          folder.path() / "log");
      if (!rig::wait_until([&] { return std::filesystem::exists(port_file); }, std::chrono::seconds(30)))
        throw std::runtime_error("no server: " + rig::read_file(folder.path() / "log"));
      url = "https://localhost:" + rig::read_file(port_file);
    }
  };
  static void SetUpTestSuite() { rig_ = std::make_unique<Rig>(); }
  static void TearDownTestSuite() { rig_.reset(); }

  static ConnectionSettings settings() {
    return {rig_->url, rig_->agent.certificate.string(), rig_->agent.key.string(), rig_->pki.ca().string(),
            ""};
  }

  static std::unique_ptr<Rig> rig_;
};
std::unique_ptr<CurlClientTest::Rig> CurlClientTest::rig_;

TEST_F(CurlClientTest, ShowsItsCertificateAndAuthority) {
  auto with_authority = settings();
  with_authority.authority = "123456782";
  const auto client = make_curl_client(with_authority);
  Api api(*client);
  for (int i = 0; i < 3; ++i) {  // the connection is kept, the settings too
    const auto facts = api.get("/v1/whoami?a=b");
    ASSERT_TRUE(facts) << facts.error().error.en;
    EXPECT_EQ(text_of(*facts, "client"), "agent");
    EXPECT_EQ(text_of(*facts, "authority"), "123456782");
    EXPECT_EQ(text_of(*facts, "path"), "/v1/whoami?a=b");
  }
}

TEST_F(CurlClientTest, SendsFormsWithFilesFromTheDisk) {
  const auto client = make_curl_client(settings());
  Api api(*client);
  const auto file = rig_->folder.path() / "annexe.pdf";
  std::string bytes(3'000'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(i * 31 % 251);
  rig::write_file(file, bytes);
  const auto reply = api.submit_form("/v1/actes", {{"metadata", "{}", {}}, {"annexe", {}, file}});
  ASSERT_TRUE(reply) << reply.error().error.en;
  EXPECT_EQ(text_of(reply->body, "method"), "POST");
  const auto parts = objects_of(reply->body, "parts");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(text_of(parts[0], "name"), "metadata");
  EXPECT_FALSE(flag_of(parts[0], "file"));
  EXPECT_EQ(text_of(parts[0], "sha256"), sha256_hex("{}"));
  EXPECT_EQ(text_of(parts[1], "name"), "annexe");
  EXPECT_TRUE(flag_of(parts[1], "file"));
  EXPECT_EQ(text_of(parts[1], "sha256"), sha256_hex(bytes));
  const auto after = api.get("/v1/whoami");  // the form does not stay with the connection
  ASSERT_TRUE(after);
  EXPECT_EQ(text_of(*after, "method"), "GET");
  for (const auto& wrong : {rig_->folder.path() / "none.pdf", rig_->folder.path()}) {
    const auto refused = api.submit_form("/v1/actes", {{"annexe", {}, wrong}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().exit, Exit::usage);
  }
}

TEST_F(CurlClientTest, SendsFilesAsTheyAre) {
  const auto client = make_curl_client(settings());
  Api api(*client);
  const auto file = rig_->folder.path() / "été 1.xml";
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{3'000'000}}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
      bytes[i] = static_cast<char>(i * 31 % 251);
    rig::write_file(file, bytes);
    const auto reply = api.upload("/v1/flows", file);
    ASSERT_TRUE(reply) << reply.error().error.en;
    EXPECT_EQ(number_of(reply->body, "size"), static_cast<std::int64_t>(size));
    EXPECT_EQ(text_of(reply->body, "sha256"), sha256_hex(bytes));
    EXPECT_EQ(text_of(reply->body, "file"), "%C3%A9t%C3%A9%201.xml");
    EXPECT_EQ(text_of(reply->body, "method"), "POST");
  }
}

TEST_F(CurlClientTest, MethodsDoNotLeakIntoTheNextRequest) {
  const auto client = make_curl_client(settings());
  Api api(*client);
  EXPECT_EQ(text_of(api.put("/x", {{"a", 1}}).value().body, "method"), "PUT");
  EXPECT_EQ(text_of(api.get("/x").value(), "method"), "GET");
  EXPECT_EQ(text_of(api.post("/x", {}).value().body, "method"), "POST");
  EXPECT_EQ(number_of(api.get("/x").value(), "size"), 0);
}

TEST_F(CurlClientTest, DownloadsToAFileOrMemory) {
  const auto client = make_curl_client(settings());
  Api api(*client);
  const auto file = rig_->folder.path() / "bytes";
  ASSERT_TRUE(api.download("/bytes", file).has_value());
  const auto bytes = api.download("/bytes", {});
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->size(), 1'048'576U);
  EXPECT_EQ(sha256_hex_of_file(file), sha256_hex(*bytes));
}

TEST_F(CurlClientTest, AProblemIsReadEvenWhenAFileWasWanted) {
  const auto client = make_curl_client(settings());
  Api api(*client);
  const auto answer = api.download("/missing", rig_->folder.path() / "never");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().exit, Exit::not_found);
  EXPECT_EQ(answer.error().error.code, "flow.not_found");
}

struct Wrong {
  const char* name;
  ConnectionSettings (*change)(ConnectionSettings);
  Exit exit;
  const char* code;
};
class WrongConnectionTest : public CurlClientTest, public testing::WithParamInterface<Wrong> {
 public:
  static ConnectionSettings of_stranger(ConnectionSettings s) {
    s.cert = rig_->stranger.certificate.string();
    s.key = rig_->stranger.key.string();
    return s;
  }
  static ConnectionSettings of_other_ca(ConnectionSettings s) {
    s.ca = rig_->other_pki.ca().string();
    return s;
  }
  static ConnectionSettings with_other_key(ConnectionSettings s) {
    s.key = rig_->stranger.key.string();
    return s;
  }
};
void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.name;
}

TEST_P(WrongConnectionTest, IsToldForWhatItIs) {
  const auto client = make_curl_client(GetParam().change(settings()));
  Api api(*client);
  const auto answer = api.get("/v1/whoami");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().exit, GetParam().exit) << answer.error().error.en;
  EXPECT_EQ(answer.error().error.code, GetParam().code) << answer.error().error.en;
}
INSTANTIATE_TEST_SUITE_P(
    Cases, WrongConnectionTest,
    testing::Values(
        Wrong{"NoUrl", [](ConnectionSettings s) { return s.url.clear(), s; }, Exit::usage, "ctl.url"},
        Wrong{"ClearText", [](ConnectionSettings s) { return s.url.erase(4, 1), s; }, Exit::usage, "ctl.url"},
        Wrong{"NobodyThere", [](ConnectionSettings s) { return s.url = "https://localhost:1", s; },
              Exit::network, "ctl.network"},
        Wrong{"OtherAuthority", WrongConnectionTest::of_other_ca, Exit::network, "ctl.tls"},
        Wrong{"OtherKey", WrongConnectionTest::with_other_key, Exit::usage, "ctl.certificate"},
        Wrong{"NoSuchCertificate", [](ConnectionSettings s) { return s.cert = "/nonexistent.pem", s; },
              Exit::usage, "ctl.certificate"},
        Wrong{"NoSuchAuthority", [](ConnectionSettings s) { return s.ca = "/nonexistent.pem", s; },
              Exit::usage, "ctl.certificate"}),
    [](const auto& test) { return std::string(test.param.name); });

/// TLS 1.3 servers refuse a client certificate after the client thinks the handshake done.
TEST_F(CurlClientTest, ARefusedClientCertificateIsANetworkFailure) {
  const auto client = make_curl_client(WrongConnectionTest::of_stranger(settings()));
  Api api(*client);
  const auto answer = api.get("/v1/whoami");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().exit, Exit::network);
}

TEST_F(CurlClientTest, AFileThatIsNotThereIsAUsageError) {
  const auto client = make_curl_client(settings());
  Api api(*client);
  const auto answer = api.upload("/v1/flows", rig_->folder.path() / "absent.xml");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().exit, Exit::usage);
  EXPECT_THAT(answer.error().error.en, HasSubstr("absent.xml"));
}

TEST(FingerprintTest, IsTheOneOpensslPrints) {
  rig::TempFolder folder;
  const rig::Pki pki(folder.path() / "pki");
  const rig::Issued agent = pki.issue("agent", rig::Usage::client);
  const auto log = folder.path() / "log";
  ASSERT_EQ(rig::run({"/usr/bin/openssl", "x509", "-in", agent.certificate.string(), "-noout", "-fingerprint",
                      "-sha256"},
                     log),
            0);
  std::string printed = rig::read_file(log);  // "sha256 Fingerprint=AA:BB:..."
  printed = printed.substr(printed.find('=') + 1);
  printed.erase(printed.find_last_not_of("\r\n") + 1);
  EXPECT_EQ(fingerprint(agent.certificate.string()).value(), fingerprint(printed).value());
  const auto der = folder.path() / "agent.der";
  ASSERT_EQ(rig::run({"/usr/bin/openssl", "x509", "-in", agent.certificate.string(), "-outform", "DER",
                      "-out", der.string()},
                     log),
            0);
  EXPECT_EQ(fingerprint(der.string()).value(), fingerprint(printed).value());
}

}  // namespace
}  // namespace demat::ctl
