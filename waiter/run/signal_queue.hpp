// Signals as a queue that the event loop reads (signalfd(2)): they stay blocked, so none interrupts
// anything, none is lost before it is asked for, and no disposition changes that a command would
// inherit.
#pragma once

#include <csignal>
#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace waiter::run {

/// SIGTERM and SIGINT.
sigset_t termination_signals();
/// All that can be meant for a command, and SIGCHLD. Not those that tell of a fault in this very
/// process, not SIGPIPE, and not what whoever started us has set to be ignored (nohup): the
/// command ignores it as well. SIGTERM always: PID 1 has no other way to end.
sigset_t forwarded_signals();

class SignalQueue {
 public:
  /// Blocks `signals` in this thread, and so in every thread that it starts afterwards.
  SignalQueue(boost::asio::io_context& loop, const sigset_t& signals,
              std::function<void(int number)> on_signal);

  /// One that is there already, without waiting.
  std::optional<int> take();
  /// The mask before; for the command.
  const sigset_t& given_mask() const { return given_mask_; }

 private:
  void wait();

  sigset_t given_mask_{};
  boost::asio::posix::stream_descriptor queue_;
  std::function<void(int number)> on_signal_;
};

}  // namespace waiter::run
