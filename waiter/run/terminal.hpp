// Job control for a command in a process group of its own: it must be the foreground group of the
// terminal to read from it and to get Ctrl-C, and when Ctrl-Z stops it the shell must see us stop.
// SIGTTOU is blocked wherever these are called.
#pragma once

#include <sys/types.h>

namespace waiter::run {

/// Standard input is our terminal, and we are in its foreground: the command is to be.
bool is_in_foreground();
/// The terminal is ours again. Nothing happens where standard input is none.
void take_foreground();
/// The command was stopped by the terminal: stop as well, and when we go on so does its group.
/// Where nobody can stop us (PID 1, no shell that controls jobs) it goes on at once.
void stop_with_command(pid_t group);

}  // namespace waiter::run
