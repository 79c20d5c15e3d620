#pragma once

// Boost.Beast: seen by connection.cpp, connection_body.cpp and connection_answer.cpp only.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "gateway/http/connection.hpp"
#include "gateway/http/refusals.hpp"
#include "gateway/http/tls.hpp"

namespace demat::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using ErrorCode = boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;
using Parser = beast::http::request_parser<beast::http::buffer_body>;

/// Completion as a value: an I/O error is an expected thing.
inline constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// One request on its way through the connection.
struct Turn {
  Parser parser;
  Request request;
  const Route* route = nullptr;
  bool expects_continue = false;
  MemoryBudget::Part memory;
  Seats::Seat seat;
  std::uint64_t bytes_in = 0;
  SteadyClock::time_point started = SteadyClock::now();
  SteadyClock::time_point body_deadline = SteadyClock::now();
};

/// Nothing: the connection broke and there is nobody to answer.
using Answer = std::optional<Response>;

/// A connection over TLS, one request after the other. Its coroutines run on the I/O thread.
class TlsConnection final : public Connection, public std::enable_shared_from_this<TlsConnection> {
 public:
  TlsConnection(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> tls, Shared& shared)
      : shared_(shared),
        tls_(std::move(tls)),
        stream_(beast::tcp_stream(std::move(socket)), *tls_),
        alarm_(stream_.get_executor()),
        buffer_(2 * limits::read_buffer) {
    buffer_.reserve(limits::read_buffer);  // stack C7
  }

  void start(std::function<void()> ended) override;
  [[nodiscard]] bool idle() const override { return idle_; }
  [[nodiscard]] bool endless() const override { return feeding_; }
  void close() override {
    alarm_.cancel();
    lowest().close();
  }

 private:
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }
  /// The peer as it is to be seen now: lists and profiles change while a connection stands.
  [[nodiscard]] PeerCertificate judged_peer() const;
  const config::Http& settings() const { return shared_.options.http; }
  void report(const std::exception_ptr& thrown) const;

  asio::awaitable<void> run();
  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> wait_for_request();
  asio::awaitable<Answer> read_head(Turn& turn);
  asio::awaitable<ErrorCode> read_more();
  /// When `at` comes, what the connection waits for is cancelled; the connection itself stays, so that the
  /// client can be told.
  void arm(SteadyClock::time_point at);
  void disarm();
  Answer describe(Turn& turn);
  Answer admit(Turn& turn);
  asio::awaitable<Answer> answer(Turn& turn);
  asio::awaitable<Answer> answer_small(Turn& turn, const Handler& handler);
  asio::awaitable<Answer> answer_upload(Turn& turn, const UploadHandler& open);
  asio::awaitable<Answer> answer_short_upload(Turn& turn, const UploadHandler& open);
  asio::awaitable<Answer> pour(Turn& turn, std::unique_ptr<BodySink>& sink);
  asio::awaitable<ErrorCode> say_continue(Turn& turn);
  asio::awaitable<ErrorCode> read_piece(Turn& turn, std::string_view& piece);
  asio::awaitable<Answer> read_whole(Turn& turn, std::uint64_t limit, std::string& body);
  asio::awaitable<bool> write(Turn& turn, Response response);
  asio::awaitable<ErrorCode> write_text(std::string_view text);
  asio::awaitable<bool> write_stream(Stream stream);
  asio::awaitable<bool> write_feed(Feed feed);
  asio::awaitable<void> wait_for_news();
  [[nodiscard]] std::function<void()> waker();
  asio::awaitable<void> part_with_client(bool body_unread);

  [[nodiscard]] std::uint64_t file_limit(const Turn& turn) const;
  [[nodiscard]] std::uint64_t body_limit(const Turn& turn) const;
  [[nodiscard]] Response refuse(const Turn& turn, const Problem& problem) const {
    return render(problem, turn.request.request_id);
  }
  /// A refusal after which nothing that follows on the connection can be trusted.
  [[nodiscard]] Response refuse_and_close(const Turn& turn, const Problem& problem) const {
    auto out = refuse(turn, problem);
    out.close = true;
    return out;
  }
  [[nodiscard]] Answer body_error(const Turn& turn, ErrorCode error) const;

  Shared& shared_;
  std::shared_ptr<asio::ssl::context> tls_;
  beast::ssl_stream<beast::tcp_stream> stream_;
  asio::steady_timer alarm_;
  std::uint64_t armed_ = 0;  ///< which arming counts
  bool rang_ = false;        ///< the last one ran out
  bool feeding_ = false;
  bool news_ = false;  ///< the feed may have something
  beast::flat_buffer buffer_;
  std::vector<char> piece_ = std::vector<char>(limits::read_buffer);
  Peer peer_;
  bool idle_ = false;
};

/// An error of the protocol, not of the line.
[[nodiscard]] bool is_http_error(ErrorCode error);

}  // namespace demat::http
