#include <boost/asio/co_spawn.hpp>

#include "gateway/http/head_scan.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/http/multipart.hpp"
#include "gateway/http/response_head.hpp"
#include "gateway/http/tls_connection.hpp"

namespace demat::http {

using beast::http::field;

namespace {

std::string_view text_of(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

}  // namespace

void TlsConnection::start(std::function<void()> ended) {
  auto done = [self = shared_from_this(), ended = std::move(ended)](const std::exception_ptr& thrown) {
    self->report(thrown);
    self->close();
    ended();
  };
  asio::co_spawn(stream_.get_executor(), run(), std::move(done));
}

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
  peer_ = peer_of(stream_.native_handle());
  for (;;) {
    const bool go_on = co_await serve_one();
    if (!go_on) co_return;
  }
}

PeerCertificate TlsConnection::judged_peer() const {
  PeerCertificate out = peer_.certificate;
  if (peer_.chain.der.empty()) return out;
  const auto& judge = shared_.options.judge;
  const auto verdict = judge ? judge(peer_.chain) : std::nullopt;
  if (!verdict) return peer_.verified ? out : PeerCertificate{};
  if (verdict->fault != PeerFault::none) out.refusal = std::make_shared<const Error>(verdict->refusal);
  return out;
}

asio::awaitable<bool> TlsConnection::wait_for_request() {
  if (shared_.stopping) co_return false;
  if (buffer_.size() > 0) co_return true;
  idle_ = true;
  lowest().expires_after(settings().idle_timeout);
  const ErrorCode error = co_await read_more();
  idle_ = false;
  co_return !error;
}

asio::awaitable<bool> TlsConnection::serve_one() {
  const bool waiting = co_await wait_for_request();
  if (!waiting) co_return false;
  Turn turn;
  turn.request.peer = judged_peer();
  Answer response = co_await read_head(turn);
  if (!response && turn.request.method.empty()) co_return false;
  if (!response) response = admit(turn);
  if (!response) response = co_await answer(turn);
  if (!response) co_return false;
  const bool go_on = co_await write(turn, std::move(*response));
  co_return go_on;
}

// ---------------------------------------------------------------- head

void TlsConnection::arm(SteadyClock::time_point at) {
  rang_ = false;
  lowest().expires_never();
  alarm_.expires_at(at);
  alarm_.async_wait([self = shared_from_this(), arming = ++armed_](ErrorCode error) {
    if (error || arming != self->armed_) return;
    self->rang_ = true;
    self->lowest().cancel();
  });
}

void TlsConnection::disarm() {
  ++armed_;
  alarm_.cancel();
}

asio::awaitable<ErrorCode> TlsConnection::read_more() {
  const auto space = buffer_.prepare(limits::read_buffer);
  const auto [error, size] = co_await stream_.async_read_some(space, as_result);
  buffer_.commit(size);
  co_return error;
}

/// Reads and understands the head. No answer and no method: the connection broke. The bytes are looked at
/// before the parser sees them: it forgives line ends and folded lines that a proxy before us may read
/// otherwise.
asio::awaitable<Answer> TlsConnection::read_head(Turn& turn) {
  turn.parser.header_limit(limits::request_head + 1);
  turn.parser.body_limit(boost::none);  // ours is told before reading: see admit
  arm(SteadyClock::now() + settings().header_timeout);
  HeadScan scan = scan_head(text_of(buffer_));
  ErrorCode error;
  while (scan.shape == HeadShape::incomplete && !error) {
    error = co_await read_more();
    scan = scan_head(text_of(buffer_));
  }
  disarm();
  turn.started = SteadyClock::now();
  turn.body_deadline = turn.started + settings().body_timeout;
  if (scan.shape == HeadShape::incomplete && !rang_) co_return std::nullopt;
  if (scan.shape == HeadShape::complete) {
    const auto used = turn.parser.put(asio::buffer(buffer_.data().data(), scan.size), error);
    buffer_.consume(used);
    if (!error && turn.parser.is_header_done()) co_return describe(turn);
    scan = {HeadShape::malformed, 0, "head"};
  }
  turn.request.request_id = choose_request_id({});
  if (scan.shape == HeadShape::incomplete) co_return refuse_and_close(turn, refusals::too_slow());
  if (scan.shape == HeadShape::too_large) co_return refuse_and_close(turn, refusals::head_too_large());
  co_return refuse_and_close(turn, refusals::malformed(scan.why));
}

namespace {

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

}  // namespace

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

std::uint64_t TlsConnection::file_limit(const Turn& turn) const {
  if (turn.route->most > 0) return turn.route->most;
  return std::holds_alternative<UploadHandler>(turn.route->handler) ? settings().max_payload
                                                                    : limits::small_body;
}

std::uint64_t TlsConnection::body_limit(const Turn& turn) const {
  if (!std::holds_alternative<UploadHandler>(turn.route->handler)) return file_limit(turn);
  const bool multipart = multipart_boundary(turn.request.header("content-type")).has_value();
  return file_limit(turn) + (multipart ? limits::multipart_extra : 0);
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
  if (declared && *declared > body_limit(turn)) return refuse(turn, refusals::too_large(file_limit(turn)));
  turn.seat = shared_.seats.take(peer_.certificate.sha256, shared_.options.max_per_certificate);
  if (!turn.seat) return refuse(turn, refusals::too_many_requests());
  if (turn.parser.is_done()) return std::nullopt;
  const std::uint64_t most = upload ? limits::upload_memory : body_limit(turn);
  turn.memory = shared_.budget.take(std::min(most, declared.value_or(most)));
  if (!turn.memory) return refuse(turn, refusals::busy());
  return std::nullopt;
}

std::shared_ptr<Connection> make_connection(asio::ip::tcp::socket socket,
                                            std::shared_ptr<asio::ssl::context> tls, Shared& shared) {
  return std::make_shared<TlsConnection>(std::move(socket), std::move(tls), shared);
}

}  // namespace demat::http
