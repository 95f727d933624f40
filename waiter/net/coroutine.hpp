// How coroutines meet the event loop: errors of Asio as values, and nothing thrown gets lost.
#pragma once

#include <exception>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace waiter::net {

/// co_await something(awaiting(failed)): the error is in `failed`.
inline auto awaiting(boost::system::error_code& failed) {
  return boost::asio::redirect_error(boost::asio::use_awaitable, failed);
}

/// The end of a coroutine that nobody waits for. What it throws ends the event loop: a bug, exit
/// code 125.
inline void rethrow(const std::exception_ptr& thrown) {
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace waiter::net
