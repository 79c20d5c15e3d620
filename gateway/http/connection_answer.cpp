#include <boost/asio/write.hpp>

#include "gateway/http/on_pool.hpp"
#include "gateway/http/response_head.hpp"
#include "gateway/http/tls_connection.hpp"

namespace demat::http {
namespace {

constexpr std::size_t linger_bytes = 67'108'864;

}  // namespace

/// Writes the answer and tells the observer; true when the connection goes on.
asio::awaitable<bool> TlsConnection::write(Turn& turn, Response response) {
  const bool body_unread = !turn.parser.is_done();
  const bool keep = turn.parser.is_header_done() && turn.parser.keep_alive() && !body_unread &&
                    !response.close && !shared_.stopping && !std::holds_alternative<Feed>(response.body);
  const auto length = body_size(response);
  std::string head = response_head(response, length, keep, turn.request.request_id, shared_.options);
  const bool no_body = turn.request.method == "HEAD" || response.status == 304 || response.status == 204;
  bool written = true;
  auto* text = std::get_if<std::string>(&response.body);
  if (text != nullptr && !no_body) head += *text;
  const ErrorCode error = co_await write_text(head);
  written = !error;
  if (written && !no_body) {
    if (auto* stream = std::get_if<Stream>(&response.body)) written = co_await write_stream(*stream);
    if (auto* feed = std::get_if<Feed>(&response.body)) written = co_await write_feed(*feed);
  }
  if (shared_.options.observer.done) {
    const std::chrono::duration<double> seconds = SteadyClock::now() - turn.started;
    const Exchange exchange{turn.route == nullptr ? "unmatched" : std::string_view(turn.route->pattern),
                            turn.route == nullptr ? "other" : std::string_view(turn.route->method),
                            response.status,
                            seconds.count(),
                            turn.bytes_in,
                            turn.request.request_id,
                            peer_.certificate.sha256};
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

/// Wakes this connection from any thread, for as long as it lives.
std::function<void()> TlsConnection::waker() {
  return [weak = weak_from_this(), executor = stream_.get_executor()] {
    asio::post(executor, [weak] {
      const auto self = weak.lock();
      if (!self) return;
      self->news_ = true;
      self->alarm_.cancel();
    });
  };
}

/// Until there may be something new, or the client must hear that we still live.
asio::awaitable<void> TlsConnection::wait_for_news() {
  // A server that stops closes the socket and ends the wait; one that began to stop before has done so
  // already.
  if (news_ || shared_.stopping || !lowest().socket().is_open()) co_return;
  lowest().expires_never();
  alarm_.expires_after(shared_.options.heartbeat);
  co_await alarm_.async_wait(as_result);
}

/// Takes from the feed what there is and waits for more; no thread waits with it. A client that takes
/// nothing for the idle time is dropped, and holds one piece in memory until then.
asio::awaitable<bool> TlsConnection::write_feed(Feed feed) {
  struct Listening {
    EventFeed& feed;
    bool& feeding;
    ~Listening() {
      feed.wake_with({});
      feeding = false;
    }
  };
  feeding_ = true;
  const Listening listening{*feed, feeding_};
  feed->wake_with(waker());
  while (!shared_.stopping && !judged_peer().refusal) {
    news_ = false;
    auto take = [&] { return feed->next(); };
    const std::optional<std::string> piece = co_await on_pool(shared_.pool, std::move(take));
    if (!piece) co_return true;
    const bool quiet = piece->empty();
    if (quiet) co_await wait_for_news();
    const std::string_view text = quiet && !news_ ? std::string_view(":\n\n") : std::string_view(*piece);
    if (!lowest().socket().is_open()) co_return false;
    const ErrorCode error = co_await write_text(text);
    if (error) co_return false;
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

}  // namespace demat::http
