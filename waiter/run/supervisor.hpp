// The parent of a command: carries out what core::ChildPolicy decides, with the duties of PID 1. It
// forwards signals, reaps every child that becomes its own, and ends with the command's code.
// The duties and their traps are those of tini and catatonit.
#pragma once

#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "waiter/core/child_policy.hpp"
#include "waiter/run/command.hpp"
#include "waiter/run/deadline_timer.hpp"
#include "waiter/run/signal_queue.hpp"

namespace waiter::run {

class Supervisor {
 public:
  struct Listener {
    /// SIGTERM or SIGINT came while no command was there: what was waited for can be told.
    std::function<void(int number)> on_interrupted;
    std::function<void(const std::string& what)> on_note;
    std::function<void(const std::string& what)> on_error;
    /// The last call.
    std::function<void(int code)> on_end;
  };

  Supervisor(boost::asio::io_context& loop, Command command, core::ChildPolicy policy,
             Listener listener);

  void handle(const core::ChildEvent& event);

 private:
  void on_signal(int number);
  void reap();
  void reap(const siginfo_t& child);
  void carry_out(const core::StartChild&);
  void carry_out(const core::SignalChild& signal);
  void carry_out(const core::KillChildGroup&);
  void carry_out(const core::EndProgram& end);
  void not_started(const Spawned& spawned);

  Command command_;
  core::ChildPolicy policy_;
  Listener listener_;
  SignalQueue signals_;
  DeadlineTimer timer_;
  pid_t child_ = 0;  // 0: none
};

}  // namespace waiter::run
