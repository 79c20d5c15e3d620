#include "gateway/http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "gateway/http/plain_server.hpp"
#include "gateway/http/problem.hpp"
#include "protocols/base/digest.hpp"
#include "tests/unit/gateway/http/rig/client.hpp"

namespace demat::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A body made of a repeated letter, to be streamed down.
class Letters final : public ByteSource {
 public:
  explicit Letters(std::size_t size) : size_(size) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    const auto count = std::min(buffer.size(), size_ - std::min(offset, size_));
    std::fill_n(buffer.begin(), count, 'x');
    return count;
  }
  [[nodiscard]] std::size_t size() const override { return size_; }

 private:
  std::size_t size_;
};

/// Answers with the size and the digest of what came.
class HashSink final : public BodySink {
 public:
  explicit HashSink(std::atomic<int>& alive) : alive_(alive) { ++alive_; }
  ~HashSink() override { --alive_; }
  std::optional<Response> take(std::string_view bytes) override {
    size_ += bytes.size();
    digester_.update(bytes);
    if (bytes.find("STOP") == std::string_view::npos) return std::nullopt;
    Response early;
    early.status = 422;
    return early;
  }
  Response finish() override {
    Response out;
    out.body = std::to_string(size_) + " " + hex(digester_.finish());
    return out;
  }

 private:
  std::atomic<int>& alive_;
  std::size_t size_ = 0;
  Digester digester_{Digester::Algorithm::sha256};
};

class ServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    pki_ = std::make_unique<test::Pki>();
    fingerprint_ = pki_->issue_client("alice");
    pki_->issue_rogue("mallory");
  }
  static void TearDownTestSuite() { pki_.reset(); }

  static config::Http settings() {
    config::Http http;
    http.port = 0;
    http.certificate = pki_->file("server.pem");
    http.key = pki_->file("server.key");
    http.client_ca = pki_->file("ca.pem");
    http.max_payload = 1'000'000;
    http.idle_timeout = std::chrono::seconds(30);
    http.header_timeout = std::chrono::seconds(30);
    return http;
  }

  Router routes() {
    Router router;
    router.add({"GET", "/who", Handler([](const Request& request, const std::string&) {
                  Response out;
                  out.body = request.peer.sha256 + " " + request.peer.subject;
                  return out;
                })});
    router.add({"POST", "/echo", Handler([](const Request&, const std::string& body) {
                  Response out;
                  out.body = body;
                  return out;
                })});
    router.add({"GET", "/big", Handler([](const Request&, const std::string&) {
                  Response out;
                  out.body = Stream(std::make_shared<Letters>(5'000'000));
                  return out;
                })});
    router.add({"GET", "/throw", Handler([](const Request&, const std::string&) -> Response {
                  throw std::runtime_error("a secret of the inside");
                })});
    router.add({"GET", "/slow", Handler([this](const Request&, const std::string&) {
                  slow_running_ = true;
                  std::this_thread::sleep_for(std::chrono::milliseconds(50));
                  for (int i = 0; hold_ && i < 2'000; ++i)
                    std::this_thread::sleep_for(std::chrono::milliseconds(10));
                  Response out;
                  out.body = "slow";
                  return out;
                })});
    router.add({"POST", "/upload", UploadHandler([this](const Request& request) -> Opening {
                  ++opened_;
                  if (request.peer.sha256.empty()) {
                    Response out;
                    out.status = 401;
                    return out;
                  }
                  return std::make_unique<HashSink>(alive_);
                })});
    router.add({"POST", "/roomy", UploadHandler([this](const Request&) -> Opening {
                  return std::make_unique<HashSink>(alive_);
                }),
                1'200'000});
    return router;
  }

  void start(config::Http http) {
    ServerOptions options;
    options.http = std::move(http);
    options.linger = std::chrono::milliseconds(300);
    options.headers = {{"Demat-Environment", "test"}};
    options.observer.done = [this](const Exchange& exchange) {
      const std::lock_guard lock(mutex_);
      log_.push_back(std::string(exchange.route) + " " + std::to_string(exchange.status));
    };
    auto server = Server::start(std::move(options), routes());
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(*server);
  }
  void SetUp() override { start(settings()); }
  /// A server that does not wait for its clients for long.
  void start_impatient() {
    server_.reset();
    auto http = settings();
    http.idle_timeout = std::chrono::seconds(3);
    http.header_timeout = std::chrono::seconds(2);
    start(std::move(http));
  }
  [[nodiscard]] bool answered() {
    const std::lock_guard lock(mutex_);
    return !log_.empty();
  }

  [[nodiscard]] test::Client client(const std::string& name = "alice") const {
    return {*pki_, server_->port(), name};
  }

  static inline std::unique_ptr<test::Pki> pki_;
  static inline std::string fingerprint_;
  std::atomic<int> alive_{0};
  std::atomic<int> opened_{0};
  std::atomic<bool> slow_running_{false};
  std::atomic<bool> hold_{false};  ///< keeps /slow from answering, for 20 s at most
  std::mutex mutex_;
  std::vector<std::string> log_;
  std::unique_ptr<Server> server_;  // last: stops before what its handlers use
};

TEST_F(ServerTest, KnowsTheClientCertificate) {
  const auto reply = client().call("/who");
  EXPECT_EQ(reply.status, 200) << reply.err;
  EXPECT_EQ(reply.body, fingerprint_ + " CN=alice");
  EXPECT_EQ(reply.headers.at("demat-environment"), "test");
  EXPECT_FALSE(reply.headers.at("x-request-id").empty());
}

TEST_F(ServerTest, SaysTheSameUnderBothVersionsOfTls) {
  for (const auto* version : {"--tls-max 1.2", "--tlsv1.3"}) {
    std::vector<std::string> words;
    std::istringstream in(version);
    for (std::string word; in >> word;)
      words.push_back(word);
    EXPECT_EQ(client().call("/who", words).status, 200) << version;
  }
  EXPECT_NE(client().call("/who", {"--tls-max", "1.1", "--tlsv1.0"}).curl_exit, 0);
}

TEST_F(ServerTest, LetsAClientWithoutCertificateBeTold) {
  EXPECT_EQ(client("").call("/who").body, " ");
}

TEST_F(ServerTest, RefusesACertificateOfAnUntrustedAuthority) {
  const auto reply = client("mallory").call("/who");
  EXPECT_NE(reply.curl_exit, 0);
  EXPECT_EQ(reply.status, 0);
}

TEST_F(ServerTest, KeepsTheCallersRequestIdWhenSane) {
  EXPECT_EQ(client().call("/who", {"-H", "X-Request-Id: abc-123.DEF"}).headers.at("x-request-id"),
            "abc-123.DEF");
  for (const auto* bad : {"short", "with space!", "quote\"quote\""})
    EXPECT_NE(client().call("/who", {"-H", "X-Request-Id: " + std::string(bad)}).headers.at("x-request-id"),
              bad);
}

TEST_F(ServerTest, AnswersProblemsForAddressesAndMethods) {
  const struct {
    const char* method;
    const char* path;
    int status;
    const char* code;
  } cases[] = {
      {"GET", "/nowhere", 404, "http.unknown_path"},   {"DELETE", "/who", 405, "http.method"},
      {"GET", "/upload", 405, "http.method"},          {"GET", "/../who", 400, "http.malformed"},
      {"GET", "/a/%2e%2e/who", 400, "http.malformed"},
  };
  for (const auto& one : cases) {
    const auto reply = client().call(one.path, {"-X", one.method});
    EXPECT_EQ(reply.status, one.status) << one.path;
    EXPECT_EQ(reply.headers.at("content-type"), "application/problem+json");
    EXPECT_THAT(reply.body, HasSubstr("\"code\":\"" + std::string(one.code) + "\""));
    EXPECT_THAT(reply.body, HasSubstr("\"request_id\":\"" + reply.headers.at("x-request-id") + "\""));
  }
  EXPECT_EQ(client().call("/who", {"-X", "DELETE"}).headers.at("allow"), "GET, HEAD");
}

TEST_F(ServerTest, HeadHasNoBody) {
  const auto reply = client().call("/big", {"-I"});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("content-length"), "5000000");
  EXPECT_EQ(reply.body, "");
}

TEST_F(ServerTest, HidesWhatAHandlerThrows) {
  const auto reply = client().call("/throw");
  EXPECT_EQ(reply.status, 500);
  EXPECT_THAT(reply.body, HasSubstr("internal.error"));
  EXPECT_THAT(reply.body, Not(HasSubstr("secret")));
}

TEST_F(ServerTest, StreamsABodyDown) {
  EXPECT_EQ(client().call("/big").body, std::string(5'000'000, 'x'));
}

TEST_F(ServerTest, StreamsUploadsOfEverySizeAndFraming) {
  for (const std::size_t size : {0U, 1U, 1'000U, 65'535U, 65'536U, 65'537U, 900'000U, 1'000'000U}) {
    std::string body(size, 'a');
    for (std::size_t i = 0; i < size; i += 7)
      body[i] = static_cast<char>('b' + i % 13);
    const auto wanted = std::to_string(size) + " " + sha256(body).str();
    const std::vector<std::vector<std::string>> framings = {
        {}, {"-H", "Expect: 100-continue"}, {"-H", "Expect:"}, {"-H", "Transfer-Encoding: chunked"}};
    for (const auto& framing : framings) {
      const auto reply = client().post("/upload", body, "application/xml", framing);
      EXPECT_EQ(reply.body, wanted) << size << " " << reply.err;
    }
  }
}

TEST_F(ServerTest, TellsTheSizeLimitBeforeTheBody) {
  const std::string body(1'000'001, 'a');
  const auto announced = client().post("/upload", body, "text/xml", {"-H", "Expect: 100-continue"});
  EXPECT_EQ(announced.status, 413);
  EXPECT_EQ(opened_, 0);
  const auto sent = client().post("/upload", std::string(6'000'000, 'a'), "text/xml", {"-H", "Expect:"});
  EXPECT_EQ(sent.status, 413) << sent.err;
  EXPECT_EQ(opened_, 0);
  EXPECT_THAT(sent.body, HasSubstr("http.too_large"));
  const auto chunked = client().post("/upload", body, "text/xml", {"-H", "Transfer-Encoding: chunked"});
  EXPECT_EQ(chunked.status, 413) << chunked.err;
  const auto small = client().post("/echo", std::string(65'537, 'a'), "application/json");
  EXPECT_EQ(small.status, 413);
}

TEST_F(ServerTest, ARouteMayTakeMoreThanOthers) {
  const std::string body(1'200'000, 'a');
  EXPECT_EQ(client().post("/roomy", body, "text/xml").body, "1200000 " + sha256(body).str());
  EXPECT_EQ(client().post("/upload", body, "text/xml").status, 413);
  const auto refused = client().post("/roomy", body + "a", "text/xml");
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(refused.body, HasSubstr("1200000"));
}

TEST_F(ServerTest, RefusesBeforeTheContinue) {
  const auto reply = client("").raw(
      "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nExpect: 100-continue\r\n"
      "Connection: close\r\n\r\n");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(reply, Not(HasSubstr("100 Continue")));
}

TEST_F(ServerTest, EndsAnUploadEarly) {
  std::string body(900'000, 'a');
  body.replace(10, 4, "STOP");
  const auto reply = client().post("/upload", body, "text/xml", {"-H", "Transfer-Encoding: chunked"});
  EXPECT_EQ(reply.status, 422) << reply.err;
}

TEST_F(ServerTest, RefusesAmbiguousFraming) {
  const std::string start = "POST /echo HTTP/1.1\r\nHost: a\r\n";
  const struct {
    const char* what;
    std::string bytes;
  } cases[] = {
      {"length and chunked", start + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunked and length", start + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"},
      {"two lengths", start + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"},
      {"the same length twice", start + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd"},
      {"a list of lengths", start + "Content-Length: 4, 4\r\n\r\nabcd"},
      {"a signed length", start + "Content-Length: +4\r\n\r\nabcd"},
      {"a negative length", start + "Content-Length: -4\r\n\r\nabcd"},
      {"two codings", start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"a bad chunk size", start + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"},
      {"chunked in 1.0", "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"space before the colon", start + "Content-Length : 4\r\n\r\nabcd"},
      {"a folded line", start + "X-A: 1\r\n b\r\nContent-Length: 4\r\n\r\nabcd"},
      {"a folded coding", start + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"},
      {"bare line feeds", "POST /echo HTTP/1.1\nHost: a\nContent-Length: 4\n\nabcd"},
      {"a bare line feed after a header", start + "X-A: 1\nContent-Length: 4\r\n\r\nabcd"},
      {"a bare line feed in the empty line", start + "Content-Length: 4\r\n\nabcd"},
      {"a carriage return in a value", start + "X-A: 1\rContent-Length: 4\r\n\r\nabcd"},
      {"an empty line first", "\r\n" + start + "Content-Length: 4\r\n\r\nabcd"},
      {"a signed chunk size", start + "Transfer-Encoding: chunked\r\n\r\n+4\r\nabcd\r\n0\r\n\r\n"},
      {"a chunk size with 0x", start + "Transfer-Encoding: chunked\r\n\r\n0x4\r\nabcd\r\n0\r\n\r\n"},
      {"a chunk size too large",
       start + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabcd\r\n0\r\n\r\n"},
      {"a chunk longer than told", start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"},
      {"chunks with bare line feeds", start + "Transfer-Encoding: chunked\r\n\r\n4\nabcd\n0\n\n"},
      {"a huge chunk extension", start + "Transfer-Encoding: chunked\r\n\r\n4;a=" +
                                     std::string(200'000, 'x') + "\r\nabcd\r\n0\r\n\r\n"},
      {"a huge trailer",
       start + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(200'000, 'x') + "\r\n\r\n"},
      {"no host", "GET /who HTTP/1.1\r\n\r\n"},
      {"two hosts", "GET /who HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {"no HTTP", "hello\r\n\r\n"},
      {"absolute target", "GET http://other/who HTTP/1.1\r\nHost: a\r\n\r\n"},
  };
  for (const auto& one : cases) {
    // what follows must never be taken for a second request
    const auto reply = client().raw(one.bytes + "GET /who HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 400")) << one.what;
    EXPECT_THAT(reply, HasSubstr("Connection: close")) << one.what;
    EXPECT_THAT(reply, Not(HasSubstr("HTTP/1.1 200"))) << one.what;
  }
}

TEST_F(ServerTest, OneCertificateCannotTakeAllTheSeats) {
  server_->stop();
  ServerOptions options;
  options.http = settings();
  options.max_per_certificate = 1;
  auto server = Server::start(std::move(options), routes());
  ASSERT_TRUE(server);
  server_ = std::move(*server);
  hold_ = true;
  std::thread slow([this] { EXPECT_EQ(client().call("/slow").status, 200); });
  while (!slow_running_)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const auto second = client().call("/who");
  EXPECT_EQ(second.status, 429) << second.body;
  EXPECT_EQ(second.headers.count("retry-after"), 1U);
  EXPECT_EQ(client("").call("/who").status, 200) << "others have their own";
  hold_ = false;
  slow.join();
  EXPECT_EQ(client().call("/who").status, 200);
}

TEST_F(ServerTest, RefusesOtherCodingsAndExpectations) {
  const std::string start = "POST /echo HTTP/1.1\r\nHost: a\r\n";
  EXPECT_THAT(client().raw(start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 501"));
  EXPECT_THAT(client().raw(start + "Content-Length: 1\r\nExpect: miracles\r\n\r\na"),
              StartsWith("HTTP/1.1 417"));
  EXPECT_THAT(
      client().raw("GET /who HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(20'000, 'a') + "\r\n\r\n"),
      StartsWith("HTTP/1.1 431"));
}

TEST_F(ServerTest, KeepsConnectionsAndServesPipelinedRequests) {
  const auto reply = client().raw(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst"
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nsecond\r\n0\r\n\r\n"
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nthird");
  EXPECT_THAT(reply, ::testing::AllOf(HasSubstr("first"), HasSubstr("second"), HasSubstr("third")));
}

TEST_F(ServerTest, CutsASlowHead) {
  start_impatient();
  const auto before = std::chrono::steady_clock::now();
  const auto reply = client().raw("GET /who HTTP/1.1\r\nHost: a\r\nX-Never-Ends: ");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 408"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
}

TEST_F(ServerTest, CutsASlowBodyAndDropsItsSink) {
  start_impatient();
  const auto reply =
      client().raw("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\nonly this");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 408"));
  EXPECT_EQ(opened_, 1);
  server_->stop();
  EXPECT_EQ(alive_, 0);
}

TEST_F(ServerTest, TakesAHundredUploadsAtOnce) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("flow.xml", std::string(100'000, 'z'));
  std::vector<std::string> words = {"curl",
                                    "-sS",
                                    "--parallel",
                                    "--parallel-max",
                                    "100",
                                    "-X",
                                    "POST",
                                    "-H",
                                    "Expect:",
                                    "--write-out",
                                    "%{http_code}\n",
                                    "-o",
                                    folder.file("out#1")};
  for (const auto& word : client().tls_options())
    words.push_back(word);
  for (const auto& word : {std::string("-T"), file, client().url("/upload?n=[1-100]")})
    words.push_back(word);
  const auto done = test::run(words);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const std::string wanted = "100000 " + sha256(std::string(100'000, 'z')).str();
  int right = 0;
  for (int i = 1; i <= 100; ++i)
    right += test::read_file(folder.file("out" + std::to_string(i))) == wanted ? 1 : 0;
  EXPECT_EQ(right, 100);
  EXPECT_EQ(opened_, 100);
}

TEST_F(ServerTest, SaysBusyWhenTheMemoryBudgetIsSpent) {
  server_.reset();
  auto http = settings();
  http.memory_budget = 1'000;
  start(http);
  const auto reply = client().post("/echo", std::string(2'000, 'a'), "text/plain");
  EXPECT_EQ(reply.status, 503);
  EXPECT_FALSE(reply.headers.at("retry-after").empty());
  EXPECT_EQ(client().post("/echo", std::string(900, 'a'), "text/plain").status, 200);
  EXPECT_EQ(client().post("/echo", std::string(900, 'a'), "text/plain").status, 200);  // it was given back
}

TEST_F(ServerTest, IdleConnectionsMakeRoomAtTheLimit) {
  server_.reset();
  auto http = settings();
  http.max_connections = 1;
  http.idle_timeout = std::chrono::seconds(60);
  start(http);
  std::string first;
  std::thread holder([&] { first = client().raw("GET /who HTTP/1.1\r\nHost: a\r\n\r\n"); });
  while (!answered())  // before its first request it counts as idle too
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(client().call("/who").status, 200);
  holder.join();
  EXPECT_THAT(first, StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, StoppingLetsTheRunningRequestFinish) {
  test::Reply reply;
  hold_ = true;
  std::thread caller([&] { reply = client().call("/slow"); });
  while (!slow_running_)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const auto port = server_->port();
  std::thread stopping([&] { server_->stop(); });
  int refused = 0;
  for (int i = 0; i < 100 && refused == 0; ++i)
    refused = test::Client(*pki_, port, "alice").call("/who").curl_exit;
  hold_ = false;
  stopping.join();
  caller.join();
  EXPECT_NE(refused, 0) << "nobody new is let in meanwhile";
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "slow");
  EXPECT_EQ(reply.headers.at("connection"), "close");
}

TEST_F(ServerTest, ReloadsItsCertificates) {
  EXPECT_EQ(client().call("/who").status, 200);
  pki_->issue_server("renewed");
  ASSERT_TRUE(server_->reload_certificates());
  const auto shown = client().call("/who", {"-v"});
  EXPECT_THAT(shown.err, HasSubstr("CN=renewed"));
}

TEST_F(ServerTest, TellsTheObserver) {
  (void)client().call("/who");
  (void)client().call("/nowhere/at/all");
  server_->stop();
  const std::lock_guard lock(mutex_);
  EXPECT_THAT(log_, ::testing::ElementsAre("/who 200", "unmatched 404"));
}

TEST_F(ServerTest, SaysWhatKeepsItFromStarting) {
  ServerOptions options;
  options.http = settings();
  options.http.port = server_->port();
  const auto taken = Server::start(options, routes());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, "http.listen");
  options.http.key = pki_->file("alice.key");
  const auto wrong_key = Server::start(options, routes());
  ASSERT_FALSE(wrong_key);
  EXPECT_EQ(wrong_key.error().code, "tls.key");
  options.http.certificate = pki_->file("absent.pem");
  EXPECT_EQ(Server::start(options, routes()).error().code, "tls.certificate");
}

TEST_F(ServerTest, ThePlainListenerServesProbes) {
  auto plain = PlainServer::start("127.0.0.1:0", routes());
  ASSERT_TRUE(plain) << plain.error().detail;
  const auto base = "http://127.0.0.1:" + std::to_string((*plain)->port());
  EXPECT_THAT(test::run({"curl", "-sS", "-i", base + "/who"}).out, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(test::run({"curl", "-sS", "-i", base + "/nowhere"}).out, StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(test::run({"curl", "-sS", "-i", "-X", "PUT", base + "/who"}).out, StartsWith("HTTP/1.1 405"));
  EXPECT_FALSE(PlainServer::start("nonsense", routes()));
}

}  // namespace
}  // namespace demat::http
