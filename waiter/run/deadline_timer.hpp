// The next deadline of a state machine on the event loop: it is armed again only where it moved.
#pragma once

#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "waiter/core/clock.hpp"

namespace waiter::run {

/// The one clock by which everything is decided.
core::Instant steady_now();

class DeadlineTimer {
 public:
  DeadlineTimer(boost::asio::io_context& loop, std::function<void()> on_deadline);

  /// After each event: nothing is no deadline.
  void set(std::optional<core::Instant> deadline);

 private:
  const std::function<void()> on_deadline_;
  boost::asio::steady_timer timer_;
  std::optional<core::Instant> armed_for_;
};

}  // namespace waiter::run
