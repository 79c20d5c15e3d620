#include "gateway/http/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "gateway/base/thread_name.hpp"
#include "gateway/http/connection.hpp"
#include "gateway/http/tls.hpp"

namespace demat::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using TlsContext = std::shared_ptr<asio::ssl::context>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds room_poll{50};      ///< between two looks for an idle connection
constexpr std::chrono::milliseconds accept_pause{100};  ///< after a failed accept (no descriptor left)

/// `judge` outlives the context.
Result<TlsContext> load_tls(const config::Http& settings, const PeerJudge& judge) {
  TlsJudge clients;
  if (!settings.client_trust.empty()) {
    if (!judge) throw std::logic_error("http.client_trust without a judge");
    clients = {&judge, settings.client_refusal == config::ClientRefusal::handshake};
  }
  auto raw = make_server_context({settings.certificate, settings.key, settings.client_ca}, clients);
  if (!raw) return failure(std::move(raw.error()));
  return std::make_shared<asio::ssl::context>(raw->release());  // takes ownership
}

std::size_t worker_count(std::size_t asked) {
  if (asked > 0) return asked;
  return std::max<std::size_t>(8, std::size_t{4} * std::thread::hardware_concurrency());
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, Router router)
      : shared(std::move(options), std::move(router), worker_count(options.workers)),
        acceptor(io),
        room(io),
        drain(io) {}

  Status listen();
  asio::awaitable<void> accept_all();
  asio::awaitable<void> wait_for_room();
  void add(tcp::socket socket);
  void ended(const std::shared_ptr<Connection>& connection);
  void close_one_idle();
  void begin_stop();
  void take_limits(const config::Http& fresh);
  void run();

  asio::io_context io{1};
  Shared shared;
  tcp::acceptor acceptor;
  asio::steady_timer room;   ///< cancelled when a connection ends
  asio::steady_timer drain;  ///< the end of patience while stopping
  std::mutex tls_mutex;
  TlsContext tls;  ///< guarded by tls_mutex
  std::set<std::shared_ptr<Connection>> open;
  std::atomic<std::size_t> open_count{0};
  std::uint16_t port = 0;
  std::once_flag stopped;
  std::thread thread;
};

Status Server::Impl::listen() {
  const auto& http = shared.options.http;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(http.listen, error);
  const tcp::endpoint endpoint(address, http.port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return failure(permanent_error(
        "http.listen", "Impossible d'écouter à cette adresse. Est-elle déjà prise par un autre programme ?",
        "Cannot listen at this address. Is another program using it?",
        http.listen + ":" + std::to_string(http.port) + ": " + error.message()));
  port = acceptor.local_endpoint().port();
  return {};
}

void Server::Impl::run() {
  name_this_thread("demat-http");
  asio::co_spawn(io, accept_all(), asio::detached);
  io.run();
}

asio::awaitable<void> Server::Impl::accept_all() {
  while (!shared.stopping) {
    auto [error, socket] = co_await acceptor.async_accept(as_result);
    if (!error) co_await wait_for_room();
    if (shared.stopping) co_return;
    if (!error) {
      add(std::move(socket));
      continue;
    }
    shared.trouble("http.accept", error.message());
    asio::steady_timer pause(io, accept_pause);
    co_await pause.async_wait(as_result);
  }
}

/// At the limit an idle connection makes room for the newcomer, as soon as there is one; meanwhile the
/// kernel's queue holds the others back.
asio::awaitable<void> Server::Impl::wait_for_room() {
  while (open.size() >= shared.options.http.max_connections && !shared.stopping) {
    close_one_idle();
    room.expires_after(room_poll);
    co_await room.async_wait(as_result);
  }
}

void Server::Impl::close_one_idle() {
  for (const auto& connection : open) {
    if (!connection->idle()) continue;
    connection->close();
    return;
  }
}

void Server::Impl::add(tcp::socket socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  TlsContext context;
  {
    const std::lock_guard lock(tls_mutex);
    context = tls;
  }
  auto connection = make_connection(std::move(socket), std::move(context), shared);
  open.insert(connection);
  open_count = open.size();
  std::weak_ptr<Connection> weak = connection;
  connection->start([this, weak] { ended(weak.lock()); });
}

void Server::Impl::ended(const std::shared_ptr<Connection>& connection) {
  open.erase(connection);
  open_count = open.size();
  room.cancel();
  if (shared.stopping && open.empty()) drain.cancel();
}

void Server::Impl::begin_stop() {
  shared.stopping = true;
  boost::system::error_code ignored;
  acceptor.close(ignored);
  room.cancel();
  const auto all = open;  // closing one may end another's wait
  for (const auto& connection : all) {
    if (connection->idle() || connection->endless()) connection->close();
  }
  if (open.empty()) return;
  drain.expires_after(shared.options.drain);
  drain.async_wait([this](boost::system::error_code error) {
    if (error) return;
    const auto late = open;
    for (const auto& connection : late)
      connection->close();
  });
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Router router) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(router));
  auto tls = load_tls(impl->shared.options.http, impl->shared.options.judge);
  if (!tls) return failure(std::move(tls.error()));
  impl->tls = std::move(*tls);
  if (auto status = impl->listen(); !status) return failure(std::move(status.error()));
  impl->thread = std::thread([raw = impl.get()] { raw->run(); });
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::~Server() {
  stop();
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::size_t Server::connections() const {
  return impl_->open_count;
}

/// On the I/O thread, where the limits are read.
void Server::Impl::take_limits(const config::Http& fresh) {
  auto& used = shared.options.http;
  used.certificate = fresh.certificate;
  used.key = fresh.key;
  used.client_ca = fresh.client_ca;
  used.client_trust = fresh.client_trust;
  used.client_refusal = fresh.client_refusal;
  used.max_connections = fresh.max_connections;
  used.memory_budget = fresh.memory_budget;
  used.header_timeout = fresh.header_timeout;
  used.idle_timeout = fresh.idle_timeout;
  used.body_timeout = fresh.body_timeout;
  shared.budget.set_limit(fresh.memory_budget);
}

Status Server::reload_certificates() {
  return reload(impl_->shared.options.http);
}

Status Server::reload(const config::Http& http) {
  auto fresh = load_tls(http, impl_->shared.options.judge);
  if (!fresh) return failure(std::move(fresh.error()));
  {
    const std::lock_guard lock(impl_->tls_mutex);
    impl_->tls = std::move(*fresh);
  }
  asio::post(impl_->io, [raw = impl_.get(), http] { raw->take_limits(http); });
  return {};
}

bool Server::turns(std::chrono::milliseconds patience) const {
  const auto turned = std::make_shared<std::promise<void>>();
  auto done = turned->get_future();
  asio::post(impl_->io, [turned] { turned->set_value(); });
  return done.wait_for(patience) == std::future_status::ready;
}

void Server::stop() {
  std::call_once(impl_->stopped, [this] {
    asio::post(impl_->io, [raw = impl_.get()] { raw->begin_stop(); });
    impl_->thread.join();  // ends when the last connection has
    impl_->shared.pool.join();
  });
}

}  // namespace demat::http
