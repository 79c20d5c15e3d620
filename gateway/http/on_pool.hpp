#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace demat::http {

/// Runs `work` on a thread of the pool and gives its result back on the caller's executor; what it throws is
/// thrown to the caller. `work` may refer to the awaiting coroutine's variables: that coroutine cannot go on,
/// nor be destroyed, before the work has ended, because the server joins the pool first.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> on_pool(boost::asio::thread_pool& pool, Work work) {
  using Value = std::invoke_result_t<Work&>;
  const auto executor = co_await boost::asio::this_coro::executor;
  std::optional<Value> value;
  std::exception_ptr thrown;
  auto initiate = [&](auto handler) {
    boost::asio::post(pool, [&value, &thrown, &work, executor, handler = std::move(handler)]() mutable {
      try {
        value.emplace(work());
      } catch (...) {
        thrown = std::current_exception();
      }
      boost::asio::post(executor, std::move(handler));
    });
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      initiate, boost::asio::use_awaitable);
  if (thrown) std::rethrow_exception(thrown);
  co_return std::move(*value);
}

}  // namespace demat::http
