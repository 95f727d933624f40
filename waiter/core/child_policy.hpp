// When the command of `exec --on-lost=term|restart` is started, what is sent to it, and with which
// code the program ends. The command is started when the dependencies are met and is ended when
// they are lost. Whatever asks first for the end says the exit code: the command itself, a signal
// from outside, or the loss.
//
//   WAITING --met--> RUNNING --lost--> ENDING --child ended--> ENDED, or WAITING again (restart)
//
// A child is there from StartChild on until ChildEnded or ChildNotStarted.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "waiter/core/clock.hpp"
#include "waiter/core/event.hpp"
#include "waiter/core/exit_code.hpp"

namespace waiter::core {

/// The numbers are Linux's on every architecture (signal(7)).
namespace signal_number {
constexpr int hangup = 1;
constexpr int interrupt = 2;
constexpr int quit = 3;
constexpr int terminate = 15;
constexpr int resume = 18;
}  // namespace signal_number

/// The shell's way to tell that a signal ended a program; POSIX asks for more than 128.
constexpr int code_of_signal(int number) { return 128 + number; }

struct DependenciesMet {};
struct DependenciesLost {};
/// Nobody watches the dependencies any more: they can never come true, or a right is missing.
struct WatchOver {
  ExitCode code = ExitCode::usage;
};
struct ChildNotStarted {
  ExitCode code = ExitCode::cannot_execute;
};
struct ChildEnded {
  int code = 0;  // its exit code, or 128 + the signal that ended it
};
/// A signal that was sent to this program and that may be meant for the command.
struct SignalTaken {
  int number = signal_number::terminate;
};

using ChildEvent = std::variant<DependenciesMet, DependenciesLost, WatchOver, ChildNotStarted,
                                ChildEnded, SignalTaken, DeadlineReached>;

struct StartChild {};
struct SignalChild {
  int number = signal_number::terminate;
};
/// SIGKILL to the child's process group: the child, and what it started and left behind.
struct KillChildGroup {};
/// The last action of all.
struct EndProgram {
  int code = 0;
};

using ChildAction = std::variant<StartChild, SignalChild, KillChildGroup, EndProgram>;
using ChildActions = std::vector<ChildAction>;

class ChildPolicy {
 public:
  enum class OnLost { end, restart };

  ChildPolicy(OnLost on_lost, Duration kill_after) : on_lost_(on_lost), kill_after_(kill_after) {}

  /// ChildEnded must be handled while the child is a zombie: its process group is named by its PID,
  /// which is free for others after that.
  ChildActions handle(Instant now, const ChildEvent& event);
  /// When handle(now, DeadlineReached{}) must be called. A call too early does nothing.
  std::optional<Instant> next_deadline() const { return kill_at_; }
  bool has_child() const { return state_ == State::running || state_ == State::ending; }
  bool ended() const { return state_ == State::ended; }

 private:
  enum class State { waiting, running, ending, ended };

  void on(Instant now, const DependenciesMet&, ChildActions& actions);
  void on(Instant now, const DependenciesLost&, ChildActions& actions);
  void on(Instant now, const WatchOver& over, ChildActions& actions);
  void on(Instant now, const ChildNotStarted& failed, ChildActions& actions);
  void on(Instant now, const ChildEnded& ended, ChildActions& actions);
  void on(Instant now, const SignalTaken& signal, ChildActions& actions);
  void on(Instant now, const DeadlineReached&, ChildActions& actions);

  void start(ChildActions& actions);
  void end_child(Instant now, ChildActions& actions);
  void end_program(int code, ChildActions& actions);
  void child_was_ended(int own_code, ChildActions& actions);

  OnLost on_lost_;
  Duration kill_after_;
  State state_ = State::waiting;
  bool met_ = false;
  bool asked_to_stop_ = false;    // a termination signal came while a child was there
  bool own_code_counts_ = false;  // while ending: the signal came before the loss
  std::optional<int> code_;       // while ending: the program's, when that is decided
  std::optional<Instant> kill_at_;
};

}  // namespace waiter::core
