#include "gateway/http/plain_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <thread>

#include "gateway/http/refusals.hpp"
#include "gateway/http/response_head.hpp"

namespace demat::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t max_head = 8'192;
constexpr std::chrono::seconds patience{5};

Error listen_error(const std::string& detail) {
  return permanent_error("http.listen", "Impossible d'écouter à cette adresse pour les mesures.",
                         "Cannot listen at this address for the metrics.", detail);
}

Result<tcp::endpoint> parse_endpoint(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return failure(listen_error(listen));
  boost::system::error_code error;
  auto host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  const auto address = asio::ip::make_address(host, error);
  std::uint16_t port = 0;
  const char* end = listen.data() + listen.size();
  const auto parsed = std::from_chars(listen.data() + colon + 1, end, port);
  if (error || parsed.ec != std::errc{} || parsed.ptr != end) return failure(listen_error(listen));
  return tcp::endpoint(address, port);
}

}  // namespace

struct PlainServer::Impl {
  explicit Impl(Router r) : router(std::move(r)), acceptor(io) {}

  asio::awaitable<void> accept_all();
  asio::awaitable<void> serve(tcp::socket socket);
  Response answer(const std::string& head) const;

  const Router router;
  const ServerOptions options;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::uint16_t port = 0;
  std::thread thread;
};

asio::awaitable<void> PlainServer::Impl::accept_all() {
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(as_result);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      asio::steady_timer pause(io, std::chrono::milliseconds(100));
      co_await pause.async_wait(as_result);
      continue;
    }
    asio::co_spawn(io, serve(std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> PlainServer::Impl::serve(tcp::socket socket) {
  asio::steady_timer deadline(io, patience);
  deadline.async_wait([&socket](boost::system::error_code error) {
    boost::system::error_code ignored;
    if (!error) socket.close(ignored);
  });
  std::string head;
  auto into = asio::dynamic_buffer(head, max_head);
  const auto [error, size] = co_await asio::async_read_until(socket, into, "\r\n\r\n", as_result);
  if (!error) {
    const Response response = answer(head);
    std::string text = response_head(response, body_size(response), false, choose_request_id({}), options);
    if (!head.starts_with("HEAD ")) text += std::get<std::string>(response.body);
    const auto bytes = asio::buffer(text);
    const auto [failed, written] = co_await asio::async_write(socket, bytes, as_result);
    boost::system::error_code ignored;
    if (!failed) socket.shutdown(tcp::socket::shutdown_send, ignored);
  }
  deadline.cancel();
}

Response PlainServer::Impl::answer(const std::string& head) const {
  Request request;
  const auto line_end = head.find("\r\n");
  const auto method_end = head.find(' ');
  const auto target_end = head.find(' ', method_end == std::string::npos ? head.size() : method_end + 1);
  if (target_end == std::string::npos || target_end > line_end)
    return render(refusals::malformed("request line"), {});
  request.method = head.substr(0, method_end);
  auto target = parse_target(std::string_view(head).substr(method_end + 1, target_end - method_end - 1));
  if (!target) return render(refusals::malformed("target"), {});
  request.path = target->path;
  const auto match = router.match(request.method, request.path);
  if (match.route == nullptr) {
    if (match.allow.empty()) return render(refusals::not_found(), {});
    auto refusal = render(refusals::method_not_allowed(), {});
    refusal.with("Allow", match.allow);
    return refusal;
  }
  const auto* handler = std::get_if<Handler>(&match.route->handler);
  if (handler == nullptr) return render(refusals::not_found(), {});
  try {
    Response response = (*handler)(request, {});
    if (!std::holds_alternative<std::string>(response.body)) return render(refusals::internal(), {});
    return response;
  } catch (const std::exception&) {
    return render(refusals::internal(), {});
  }
}

PlainServer::PlainServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<PlainServer>> PlainServer::start(const std::string& listen, Router router) {
  const auto endpoint = parse_endpoint(listen);
  if (!endpoint) return failure(endpoint.error());
  auto impl = std::make_unique<Impl>(std::move(router));
  boost::system::error_code error;
  impl->acceptor.open(endpoint->protocol(), error);
  if (!error) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) impl->acceptor.bind(*endpoint, error);
  if (!error) impl->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return failure(listen_error(listen + ": " + error.message()));
  impl->port = impl->acceptor.local_endpoint().port();
  impl->thread = std::thread([raw = impl.get()] {
    asio::co_spawn(raw->io, raw->accept_all(), asio::detached);
    raw->io.run();
  });
  return std::unique_ptr<PlainServer>(new PlainServer(std::move(impl)));
}

PlainServer::~PlainServer() {
  stop();
}

std::uint16_t PlainServer::port() const {
  return impl_->port;
}

void PlainServer::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->io.stop();
  impl_->thread.join();
}

}  // namespace demat::http
