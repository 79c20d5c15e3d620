#include <boost/asio/post.hpp>
#include <boost/beast/http/read.hpp>

#include "gateway/http/on_pool.hpp"
#include "gateway/http/tls_connection.hpp"

namespace demat::http {

asio::awaitable<ErrorCode> TlsConnection::say_continue(Turn& turn) {
  if (!turn.expects_continue || turn.parser.is_done()) co_return ErrorCode{};
  turn.expects_continue = false;
  const ErrorCode error = co_await write_text("HTTP/1.1 100 Continue\r\n\r\n");
  co_return error;
}

/// Reads up to one buffer of the body into piece_. Each piece has the idle time, the whole the body time.
asio::awaitable<ErrorCode> TlsConnection::read_piece(Turn& turn, std::string_view& piece) {
  arm(std::min(turn.body_deadline, SteadyClock::now() + settings().idle_timeout));
  auto& body = turn.parser.get().body();
  body.data = piece_.data();
  body.size = piece_.size();
  const auto [result, size] = co_await beast::http::async_read(stream_, buffer_, turn.parser, as_result);
  disarm();
  ErrorCode error = result;
  if (error == beast::http::error::need_buffer) error = {};
  piece = {piece_.data(), piece_.size() - body.size};
  turn.bytes_in += piece.size();
  co_return error;
}

Answer TlsConnection::body_error(const Turn& turn, ErrorCode error) const {
  if (rang_) return refuse_and_close(turn, refusals::too_slow());
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
  Answer refusal = co_await read_whole(turn, body_limit(turn), body);
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
    if (turn.bytes_in > body_limit(turn)) co_return refuse(turn, refusals::too_large(file_limit(turn)));
    if (piece.empty()) continue;
    auto take = [&] { return sink->take(piece); };
    Answer early = co_await on_pool(shared_.pool, std::move(take));
    if (early) co_return early;
  }
  auto finish = [&] { return sink->finish(); };
  Response response = co_await on_pool(shared_.pool, std::move(finish));
  co_return response;
}

}  // namespace demat::http
