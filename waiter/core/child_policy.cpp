#include "waiter/core/child_policy.hpp"

#include <utility>

#include "waiter/core/invariant.hpp"

namespace waiter::core {
namespace {

bool asks_to_stop(int number) {
  return number == signal_number::terminate || number == signal_number::interrupt;
}

/// Without a command a hangup or a quit is for us. To a command they may mean another thing (SIGHUP
/// is often "read your configuration again"), so there they do not end the program by themselves.
bool ends_waiting(int number) {
  return asks_to_stop(number) || number == signal_number::hangup || number == signal_number::quit;
}

}  // namespace

ChildActions ChildPolicy::handle(Instant now, const ChildEvent& event) {
  ChildActions actions;
  if (state_ == State::ended) return actions;
  std::visit([&](const auto& what) { on(now, what, actions); }, event);
  return actions;
}

void ChildPolicy::on(Instant, const DependenciesMet&, ChildActions& actions) {
  met_ = true;
  // A child that is being ended is ended first: it may have given up half of its work already.
  if (state_ == State::waiting) start(actions);
}

void ChildPolicy::on(Instant now, const DependenciesLost&, ChildActions& actions) {
  met_ = false;
  if (state_ != State::running) return;
  own_code_counts_ = asked_to_stop_;
  if (on_lost_ == OnLost::end) code_ = static_cast<int>(ExitCode::lost);
  end_child(now, actions);
}

void ChildPolicy::on(Instant now, const WatchOver& over, ChildActions& actions) {
  met_ = false;
  if (state_ == State::waiting) return end_program(static_cast<int>(over.code), actions);
  if (!code_) code_ = static_cast<int>(over.code);
  if (state_ != State::running) return;
  own_code_counts_ = asked_to_stop_;
  end_child(now, actions);
}

void ChildPolicy::on(Instant, const ChildNotStarted& failed, ChildActions& actions) {
  invariant(has_child(), "a child that was never asked for was not started");
  end_program(static_cast<int>(failed.code), actions);
}

void ChildPolicy::on(Instant, const ChildEnded& ended, ChildActions& actions) {
  invariant(has_child(), "a child ended that was never started");
  if (state_ == State::running) return end_program(ended.code, actions);
  child_was_ended(ended.code, actions);
}

void ChildPolicy::on(Instant, const SignalTaken& signal, ChildActions& actions) {
  if (state_ == State::waiting) {
    if (ends_waiting(signal.number)) end_program(code_of_signal(signal.number), actions);
    return;  // any other was meant for a command that is not there
  }
  actions.emplace_back(SignalChild{signal.number});
  if (!asks_to_stop(signal.number)) return;
  asked_to_stop_ = true;
  if (state_ == State::ending && !code_) code_ = code_of_signal(signal.number);
}

void ChildPolicy::on(Instant now, const DeadlineReached&, ChildActions& actions) {
  if (!kill_at_ || now < *kill_at_) return;
  kill_at_.reset();  // nothing survives SIGKILL; what is stuck in the kernel can only be waited for
  actions.emplace_back(KillChildGroup{});
}

void ChildPolicy::start(ChildActions& actions) {
  state_ = State::running;
  actions.emplace_back(StartChild{});
}

void ChildPolicy::end_child(Instant now, ChildActions& actions) {
  state_ = State::ending;
  kill_at_ = now + kill_after_;
  actions.emplace_back(SignalChild{signal_number::terminate});
  // A stopped process sees SIGTERM only when it goes on (systemd.kill(5) does the same).
  actions.emplace_back(SignalChild{signal_number::resume});
}

void ChildPolicy::child_was_ended(int own_code, ChildActions& actions) {
  kill_at_.reset();
  // As the kernel does in a PID namespace whose first process ends: what the child left behind must
  // not stand in the way of the next one.
  actions.emplace_back(KillChildGroup{});
  if (own_code_counts_) return end_program(own_code, actions);
  if (code_) return end_program(*code_, actions);
  state_ = State::waiting;
  if (met_) start(actions);
}

void ChildPolicy::end_program(int code, ChildActions& actions) {
  state_ = State::ended;
  kill_at_.reset();
  actions.emplace_back(EndProgram{code});
}

}  // namespace waiter::core
