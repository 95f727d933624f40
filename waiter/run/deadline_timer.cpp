#include "waiter/run/deadline_timer.hpp"

#include <chrono>
#include <utility>

namespace waiter::run {

using std::chrono::steady_clock;

core::Instant steady_now() { return core::Instant(steady_clock::now().time_since_epoch()); }

DeadlineTimer::DeadlineTimer(boost::asio::io_context& loop, std::function<void()> on_deadline)
    : on_deadline_(std::move(on_deadline)), timer_(loop) {}

void DeadlineTimer::set(std::optional<core::Instant> deadline) {
  if (deadline == armed_for_) return;
  armed_for_ = deadline;
  timer_.cancel();
  if (!deadline) return;
  timer_.expires_at(steady_clock::time_point(deadline->time_since_epoch()));
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    armed_for_.reset();
    on_deadline_();
  });
}

}  // namespace waiter::run
