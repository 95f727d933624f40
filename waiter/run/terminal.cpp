#include "waiter/run/terminal.hpp"

#include <csignal>
#include <unistd.h>

namespace waiter::run {
namespace {

bool has_terminal() { return ::tcgetpgrp(STDIN_FILENO) >= 0; }

/// Whether we were stopped and continued: SIGCONT is blocked and so is left behind.
bool stop() {
  sigset_t stop_signal;
  ::sigemptyset(&stop_signal);
  ::sigaddset(&stop_signal, SIGTSTP);
  ::kill(::getpid(), SIGTSTP);
  ::pthread_sigmask(SIG_UNBLOCK, &stop_signal, nullptr);  // here it stops
  ::pthread_sigmask(SIG_BLOCK, &stop_signal, nullptr);
  sigset_t pending;
  ::sigemptyset(&pending);
  ::sigpending(&pending);
  return ::sigismember(&pending, SIGCONT) == 1;
}

}  // namespace

bool is_in_foreground() { return has_terminal() && ::tcgetpgrp(STDIN_FILENO) == ::getpgrp(); }

void take_foreground() {
  if (has_terminal()) ::tcsetpgrp(STDIN_FILENO, ::getpgrp());
}

void stop_with_command(pid_t group) {
  if (!has_terminal()) return;
  if (::tcgetpgrp(STDIN_FILENO) == group) take_foreground();
  const bool continued = stop();
  if (is_in_foreground()) {
    ::tcsetpgrp(STDIN_FILENO, group);
  } else if (!continued) {
    return;  // it wanted the terminal from the background and would only be stopped again
  }
  ::kill(-group, SIGCONT);
}

}  // namespace waiter::run
