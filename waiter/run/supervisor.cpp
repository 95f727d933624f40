#include "waiter/run/supervisor.hpp"

#include <csignal>
#include <cstring>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "waiter/core/invariant.hpp"
#include "waiter/run/terminal.hpp"

namespace waiter::run {
namespace {

int code_of_end(const siginfo_t& child) {
  const bool exited = child.si_code == CLD_EXITED;
  return exited ? child.si_status : core::code_of_signal(child.si_status);
}

std::string how_it_ended(const siginfo_t& child) {
  if (child.si_code == CLD_EXITED) return "exited with " + std::to_string(child.si_status);
  const char* name = ::sigabbrev_np(child.si_status);
  return "was ended by SIG" + (name ? std::string(name) : std::to_string(child.si_status));
}

}  // namespace

Supervisor::Supervisor(boost::asio::io_context& loop, Command command, core::ChildPolicy policy,
                       Listener listener)
    : command_(std::move(command)),
      policy_(policy),
      listener_(std::move(listener)),
      signals_(loop, forwarded_signals(), [this](int number) { on_signal(number); }),
      timer_(loop, [this] { handle(core::DeadlineReached{}); }) {
  // What the command leaves behind becomes ours to reap where we are not PID 1 either (a Pod with
  // shareProcessNamespace). A kernel that refuses gives it to PID 1, whose duty it is anyway.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void Supervisor::handle(const core::ChildEvent& event) {
  for (const core::ChildAction& action : policy_.handle(steady_now(), event)) {
    std::visit([this](const auto& what) { carry_out(what); }, action);
  }
  timer_.set(policy_.next_deadline());
}

void Supervisor::on_signal(int number) {
  switch (number) {
    case SIGCHLD:
      return reap();
    case SIGTTIN:
    case SIGTTOU:
      return;  // about our own use of the terminal
    case SIGTERM:
    case SIGINT:
      if (!policy_.has_child() && !policy_.ended()) listener_.on_interrupted(number);
      break;
    default:
      break;
  }
  handle(core::SignalTaken{number});
}

void Supervisor::reap() {
  // Signals coalesce: one SIGCHLD may stand for any number of children (catatonit 0.1.5). Each is
  // looked at before it is reaped, as ChildPolicy asks for.
  for (;;) {
    siginfo_t child{};
    const int found = ::waitid(P_ALL, 0, &child, WEXITED | WSTOPPED | WNOHANG | WNOWAIT);
    if (found != 0 || child.si_pid == 0) return;
    reap(child);
  }
}

void Supervisor::reap(const siginfo_t& child) {
  const auto id = static_cast<id_t>(child.si_pid);
  const bool is_command = child.si_pid == child_;
  siginfo_t ignored{};
  if (child.si_code == CLD_STOPPED || child.si_code == CLD_TRAPPED) {
    ::waitid(P_PID, id, &ignored, WSTOPPED | WNOHANG);
    const int by = child.si_status;
    if (is_command && (by == SIGTSTP || by == SIGTTIN || by == SIGTTOU)) stop_with_command(child_);
    return;
  }
  if (is_command) {
    take_foreground();
    listener_.on_note("\"" + command_.program() + "\" " + how_it_ended(child));
    handle(core::ChildEnded{code_of_end(child)});
    if (child_ == child.si_pid) child_ = 0;  // its PID is free for others from here on
  }
  ::waitid(P_PID, id, &ignored, WEXITED | WNOHANG);
}

void Supervisor::carry_out(const core::StartChild&) {
  const Spawned spawned = spawn(command_, signals_.given_mask(), is_in_foreground());
  child_ = spawned.pid;
  if (child_ == 0) return not_started(spawned);
  listener_.on_note("started \"" + command_.program() + "\" as PID " + std::to_string(child_));
}

void Supervisor::not_started(const Spawned& spawned) {
  take_foreground();
  if (spawned.forked) {
    listener_.on_error(describe_failure(command_.program(), spawned.error));
    return handle(core::ChildNotStarted{code_of(spawned.error)});
  }
  listener_.on_error("no process for \"" + command_.program() + "\": " +
                     std::strerror(spawned.error) + ". Is the limit of processes too low?");
  handle(core::ChildNotStarted{core::ExitCode::internal});
}

void Supervisor::carry_out(const core::SignalChild& signal) {
  core::invariant(child_ > 0, "a signal for a command that is not there");  // 0 is our own group
  ::kill(child_, signal.number);
}

void Supervisor::carry_out(const core::KillChildGroup&) {
  core::invariant(child_ > 0, "SIGKILL for a command that is not there");
  ::kill(-child_, SIGKILL);
}

void Supervisor::carry_out(const core::EndProgram& end) { listener_.on_end(end.code); }

}  // namespace waiter::run
