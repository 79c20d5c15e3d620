#include "gateway/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "gateway/http/header_value.hpp"
#include "gateway/http/multipart.hpp"
#include "gateway/http/on_pool.hpp"
#include "gateway/http/refusals.hpp"
#include "gateway/http/response_head.hpp"
#include "gateway/http/tls.hpp"

namespace demat::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::http::field;
using ErrorCode = boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;
using Parser = beast::http::request_parser<beast::http::buffer_body>;

/// Completion as a value: an I/O error is an expected thing.
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t linger_bytes = 67'108'864;

/// One request on its way through the connection.
struct Turn {
  Parser parser;
  Request request;
  const Route* route = nullptr;
  bool expects_continue = false;
  MemoryBudget::Part memory;
  std::uint64_t bytes_in = 0;
  SteadyClock::time_point started = SteadyClock::now();
  SteadyClock::time_point body_deadline = SteadyClock::now();
};

/// Nothing: the connection broke and there is nobody to answer.
using Answer = std::optional<Response>;

class TlsConnection final : public Connection, public std::enable_shared_from_this<TlsConnection> {
 public:
  TlsConnection(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> tls, Shared& shared)
      : shared_(shared),
        tls_(std::move(tls)),
        stream_(beast::tcp_stream(std::move(socket)), *tls_),
        buffer_(2 * limits::read_buffer) {
    buffer_.reserve(limits::read_buffer);  // stack C7
  }

  void start(std::function<void()> ended) override {
    auto done = [self = shared_from_this(), ended = std::move(ended)](const std::exception_ptr& thrown) {
      self->report(thrown);
      self->close();
      ended();
    };
    asio::co_spawn(stream_.get_executor(), run(), std::move(done));
  }
  [[nodiscard]] bool idle() const override { return idle_; }
  void close() override { lowest().close(); }

 private:
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }
  const config::Http& settings() const { return shared_.options.http; }
  void report(const std::exception_ptr& thrown) const;

  asio::awaitable<void> run();
  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> wait_for_request();
  asio::awaitable<Answer> read_head(Turn& turn);
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
  asio::awaitable<void> part_with_client(bool body_unread);

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
  beast::flat_buffer buffer_;
  std::vector<char> piece_ = std::vector<char>(limits::read_buffer);
  PeerCertificate peer_;
  bool idle_ = false;
};

void TlsConnection::report(const std::exception_ptr& thrown) const {
  if (!thrown) return;
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& exception) {
    shared_.trouble("http.connection", exception.what());
  }
}

bool is_http_error(ErrorCode error) {
  return error.category() == make_error_code(beast::http::error::end_of_stream).category() &&
         error != beast::http::error::end_of_stream && error != beast::http::error::partial_message;
}

// ---------------------------------------------------------------- the life of a connection

asio::awaitable<void> TlsConnection::run() {
  lowest().expires_after(settings().header_timeout);
  const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, as_result);
  if (error) {
    shared_.trouble("http.handshake", error.message());
    co_return;
  }
  peer_ = peer_certificate(stream_.native_handle());
  for (;;) {
    const bool go_on = co_await serve_one();
    if (!go_on) co_return;
  }
}

asio::awaitable<bool> TlsConnection::wait_for_request() {
  if (shared_.stopping) co_return false;
  if (buffer_.size() > 0) co_return true;
  idle_ = true;
  lowest().expires_after(settings().idle_timeout);
  const auto space = buffer_.prepare(limits::read_buffer);
  const auto [error, size] = co_await stream_.async_read_some(space, as_result);
  idle_ = false;
  if (error) co_return false;
  buffer_.commit(size);
  co_return true;
}

asio::awaitable<bool> TlsConnection::serve_one() {
  const bool waiting = co_await wait_for_request();
  if (!waiting) co_return false;
  Turn turn;
  turn.request.peer = peer_;
  Answer response = co_await read_head(turn);
  if (!response && turn.request.method.empty()) co_return false;
  if (!response) response = admit(turn);
  if (!response) response = co_await answer(turn);
  if (!response) co_return false;
  const bool go_on = co_await write(turn, std::move(*response));
  co_return go_on;
}

// ---------------------------------------------------------------- head

/// Reads and understands the head. No answer and no method: the connection broke.
asio::awaitable<Answer> TlsConnection::read_head(Turn& turn) {
  turn.parser.header_limit(limits::request_head);
  turn.parser.body_limit(boost::none);  // ours is told before reading: see admit
  lowest().expires_after(settings().header_timeout);
  const auto [error, size] =
      co_await beast::http::async_read_header(stream_, buffer_, turn.parser, as_result);
  turn.started = SteadyClock::now();
  turn.body_deadline = turn.started + settings().body_timeout;
  if (!error) co_return describe(turn);
  if (!is_http_error(error)) co_return std::nullopt;
  turn.request.request_id = choose_request_id({});
  const bool too_large = error == beast::http::error::header_limit;
  co_return refuse_and_close(turn,
                             too_large ? refusals::head_too_large() : refusals::malformed(error.message()));
}

/// Two ways to read where a request ends are one too many (request smuggling).
std::optional<Problem> check_framing(const Parser::value_type& head) {
  const auto lengths = head.count(field::content_length);
  const auto codings = head.count(field::transfer_encoding);
  if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0)) return refusals::malformed("framing");
  const auto length = head[field::content_length];  // Beast takes "4, 4" for 4; a proxy before us might not
  if (length.find_first_not_of("0123456789") != length.npos) return refusals::malformed("content length");
  if (codings > 0 && head.version() != 11) return refusals::malformed("chunked in HTTP/1.0");
  if (codings > 0 && lower_case(trimmed(head[field::transfer_encoding])) != "chunked")
    return refusals::transfer_coding();
  if (head.version() != 11 && head.version() != 10) return refusals::malformed("version");
  if (head.version() == 11 && head.count(field::host) != 1) return refusals::malformed("host");
  return std::nullopt;
}

Answer TlsConnection::describe(Turn& turn) {
  const auto& head = turn.parser.get();
  auto& request = turn.request;
  request.method = std::string(head.method_string());
  request.request_id = choose_request_id(head["X-Request-Id"]);
  for (const auto& entry : head)
    request.headers.emplace_back(lower_case(entry.name_string()), std::string(entry.value()));
  if (const auto wrong = check_framing(head)) return refuse_and_close(turn, *wrong);
  auto target = parse_target(head.target());
  if (!target) return refuse_and_close(turn, refusals::malformed("target"));
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  if (turn.parser.content_length()) request.content_length = *turn.parser.content_length();
  if (head.count(field::expect) > 0) {
    if (lower_case(trimmed(head[field::expect])) != "100-continue")
      return refuse_and_close(turn, refusals::expectation());
    turn.expects_continue = head.version() == 11;
  }
  return std::nullopt;
}

std::uint64_t TlsConnection::body_limit(const Turn& turn) const {
  if (!std::holds_alternative<UploadHandler>(turn.route->handler)) return limits::small_body;
  const bool multipart = multipart_boundary(turn.request.header("content-type")).has_value();
  return settings().max_payload + (multipart ? limits::multipart_extra : 0);
}

/// Everything that can be said before the body is read: the address, the size, the room.
Answer TlsConnection::admit(Turn& turn) {
  auto match = shared_.router.match(turn.request.method, turn.request.path);
  if (match.route == nullptr) {
    if (match.allow.empty()) return refuse(turn, refusals::not_found());
    auto response = refuse(turn, refusals::method_not_allowed());
    response.with("Allow", match.allow);
    return response;
  }
  turn.route = match.route;
  turn.request.captures = std::move(match.captures);
  const bool upload = std::holds_alternative<UploadHandler>(turn.route->handler);
  const auto declared = turn.request.content_length;
  if (declared && *declared > body_limit(turn))
    return refuse(turn, refusals::too_large(upload ? settings().max_payload : limits::small_body));
  if (turn.parser.is_done()) return std::nullopt;
  const std::uint64_t most = upload ? limits::upload_memory : limits::small_body;
  turn.memory = shared_.budget.take(std::min(most, declared.value_or(most)));
  if (!turn.memory) return refuse(turn, refusals::busy());
  return std::nullopt;
}

// ---------------------------------------------------------------- body

asio::awaitable<ErrorCode> TlsConnection::say_continue(Turn& turn) {
  if (!turn.expects_continue || turn.parser.is_done()) co_return ErrorCode{};
  turn.expects_continue = false;
  const ErrorCode error = co_await write_text("HTTP/1.1 100 Continue\r\n\r\n");
  co_return error;
}

/// Reads up to one buffer of the body into piece_. Each piece has the idle time, the whole the body time.
asio::awaitable<ErrorCode> TlsConnection::read_piece(Turn& turn, std::string_view& piece) {
  lowest().expires_at(std::min(turn.body_deadline, SteadyClock::now() + settings().idle_timeout));
  auto& body = turn.parser.get().body();
  body.data = piece_.data();
  body.size = piece_.size();
  const auto [result, size] = co_await beast::http::async_read(stream_, buffer_, turn.parser, as_result);
  ErrorCode error = result;
  if (error == beast::http::error::need_buffer) error = {};
  piece = {piece_.data(), piece_.size() - body.size};
  turn.bytes_in += piece.size();
  co_return error;
}

Answer TlsConnection::body_error(const Turn& turn, ErrorCode error) const {
  if (!is_http_error(error)) return std::nullopt;
  return refuse_and_close(turn, refusals::malformed(error.message()));
}

/// Fills `body`. An answer: why not; check the parser: when it is not done, the connection broke.
asio::awaitable<Answer> TlsConnection::read_whole(Turn& turn, std::uint64_t limit, std::string& body) {
  const ErrorCode continued = co_await say_continue(turn);
  if (continued) co_return std::nullopt;
  while (!turn.parser.is_done()) {
    std::string_view piece;
    const ErrorCode error = co_await read_piece(turn, piece);
    if (error) co_return body_error(turn, error);
    if (turn.bytes_in > limit) co_return refuse(turn, refusals::too_large(limit));
    body.append(piece);
  }
  co_return std::nullopt;
}

asio::awaitable<Answer> TlsConnection::answer(Turn& turn) {
  Answer response;
  try {
    if (const auto* small = std::get_if<Handler>(&turn.route->handler)) {
      response = co_await answer_small(turn, *small);
    } else {
      response = co_await answer_upload(turn, std::get<UploadHandler>(turn.route->handler));
    }
    co_return response;
  } catch (const std::exception& exception) {
    shared_.trouble("http.handler", exception.what());
    response = refuse(turn, refusals::internal());
  }
  co_return response;
}

asio::awaitable<Answer> TlsConnection::answer_small(Turn& turn, const Handler& handler) {
  std::string body;
  Answer refusal = co_await read_whole(turn, limits::small_body, body);
  if (refusal || !turn.parser.is_done()) co_return refusal;
  auto work = [&] { return handler(turn.request, body); };
  Response response = co_await on_pool(shared_.pool, std::move(work));
  co_return response;
}

/// An upload that fits the read buffer: one trip to the pool does it all.
asio::awaitable<Answer> TlsConnection::answer_short_upload(Turn& turn, const UploadHandler& open) {
  std::string body;
  Answer refusal = co_await read_whole(turn, limits::read_buffer, body);
  if (refusal || !turn.parser.is_done()) co_return refusal;
  auto work = [&]() -> Response {
    auto opening = open(turn.request);
    if (auto* early = std::get_if<Response>(&opening)) return std::move(*early);
    auto& sink = std::get<std::unique_ptr<BodySink>>(opening);
    if (!body.empty()) {
      if (auto early = sink->take(body)) return std::move(*early);
    }
    return sink->finish();
  };
  Response response = co_await on_pool(shared_.pool, std::move(work));
  co_return response;
}

asio::awaitable<Answer> TlsConnection::answer_upload(Turn& turn, const UploadHandler& open) {
  const bool is_short = turn.request.content_length && *turn.request.content_length <= limits::read_buffer;
  if (is_short && !turn.expects_continue) {
    Answer response = co_await answer_short_upload(turn, open);
    co_return response;
  }
  auto open_it = [&] { return open(turn.request); };
  Opening opening = co_await on_pool(shared_.pool, std::move(open_it));
  if (auto* early = std::get_if<Response>(&opening)) co_return std::move(*early);
  auto sink = std::move(std::get<std::unique_ptr<BodySink>>(opening));
  Answer response;
  std::exception_ptr thrown;
  try {
    response = co_await pour(turn, sink);
  } catch (...) {
    thrown = std::current_exception();
  }
  // what the sink still holds (a temporary file) goes away on the pool: the I/O thread never waits for a disk
  asio::post(shared_.pool, [dropped = std::move(sink)]() mutable { dropped.reset(); });
  if (thrown) std::rethrow_exception(thrown);
  co_return response;
}

asio::awaitable<Answer> TlsConnection::pour(Turn& turn, std::unique_ptr<BodySink>& sink) {
  const ErrorCode continued = co_await say_continue(turn);
  if (continued) co_return std::nullopt;
  while (!turn.parser.is_done()) {
    std::string_view piece;
    const ErrorCode error = co_await read_piece(turn, piece);
    if (error) co_return body_error(turn, error);
    if (turn.bytes_in > body_limit(turn)) co_return refuse(turn, refusals::too_large(settings().max_payload));
    if (piece.empty()) continue;
    auto take = [&] { return sink->take(piece); };
    Answer early = co_await on_pool(shared_.pool, std::move(take));
    if (early) co_return early;
  }
  auto finish = [&] { return sink->finish(); };
  Response response = co_await on_pool(shared_.pool, std::move(finish));
  co_return response;
}

// ---------------------------------------------------------------- answer

/// Writes the answer and tells the observer; true when the connection goes on.
asio::awaitable<bool> TlsConnection::write(Turn& turn, Response response) {
  const bool body_unread = !turn.parser.is_done();
  const bool keep = turn.parser.is_header_done() && turn.parser.keep_alive() && !body_unread &&
                    !response.close && !shared_.stopping;
  const auto length = body_size(response);
  std::string head = response_head(response, length, keep, turn.request.request_id, shared_.options);
  const bool no_body = turn.request.method == "HEAD" || response.status == 304 || response.status == 204;
  bool written = true;
  auto* text = std::get_if<std::string>(&response.body);
  if (text != nullptr && !no_body) head += *text;
  const ErrorCode error = co_await write_text(head);
  written = !error;
  if (written && text == nullptr && !no_body)
    written = co_await write_stream(std::get<Stream>(response.body));
  if (shared_.options.observer.done) {
    const std::chrono::duration<double> seconds = SteadyClock::now() - turn.started;
    const Exchange exchange{turn.route == nullptr ? "unmatched" : std::string_view(turn.route->pattern),
                            turn.route == nullptr ? "other" : std::string_view(turn.route->method),
                            response.status,
                            seconds.count(),
                            turn.bytes_in,
                            turn.request.request_id,
                            peer_.sha256};
    shared_.options.observer.done(exchange);
  }
  if (written && !keep) co_await part_with_client(body_unread);
  co_return written&& keep;
}

/// In slices, so that the idle time counts from the last progress of the client.
asio::awaitable<ErrorCode> TlsConnection::write_text(std::string_view text) {
  while (!text.empty()) {
    const auto slice = text.substr(0, limits::read_buffer);
    lowest().expires_after(settings().idle_timeout);
    const auto bytes = asio::buffer(slice.data(), slice.size());
    const auto [error, size] = co_await asio::async_write(stream_, bytes, as_result);
    if (error) co_return error;
    text.remove_prefix(slice.size());
  }
  co_return ErrorCode{};
}

asio::awaitable<bool> TlsConnection::write_stream(Stream stream) {
  std::size_t offset = 0;
  while (stream && offset < stream->size()) {
    auto read = [&] { return stream->read(offset, piece_); };
    const Result<std::size_t> size = co_await on_pool(shared_.pool, std::move(read));
    if (!size || *size == 0) {  // the length was announced: all one can do is to break off visibly
      shared_.trouble("http.body_unreadable", size ? "short" : size.error().code);
      co_return false;
    }
    const std::string_view slice(piece_.data(), *size);
    const ErrorCode error = co_await write_text(slice);
    if (error) co_return false;
    offset += *size;
  }
  co_return true;
}

/// Ends in order. What the client still sends is read and dropped for a moment, else the kernel would reset
/// the connection and the client could lose our answer.
asio::awaitable<void> TlsConnection::part_with_client(bool body_unread) {
  lowest().expires_after(shared_.options.linger);
  std::size_t dropped = 0;
  while (body_unread && dropped < linger_bytes) {
    const auto space = asio::buffer(piece_);
    const auto [error, size] = co_await stream_.async_read_some(space, as_result);
    if (error) co_return;
    dropped += size;
  }
  co_await stream_.async_shutdown(as_result);
}

}  // namespace

std::shared_ptr<Connection> make_connection(asio::ip::tcp::socket socket,
                                            std::shared_ptr<asio::ssl::context> tls, Shared& shared) {
  return std::make_shared<TlsConnection>(std::move(socket), std::move(tls), shared);
}

}  // namespace demat::http
