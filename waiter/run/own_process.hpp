// What the program changes about its own process for its own use, and how a command that it starts
// is given the process as it was: the signal dispositions, and no descriptor but 0, 1 and 2.
#pragma once

namespace waiter::run {

/// The first thing that main does. SIGPIPE is ignored: a reader of our log that is gone, or a
/// server that closes, is an error code. SIGCHLD is not: the kernel would swallow the exit codes.
void prepare_own_process();

/// The dispositions that prepare_own_process found. May be called between fork and exec.
void give_back_dispositions();

/// From here on no command inherits a descriptor above 2. Asio leaves its own open, and so may
/// whoever started us.
void close_descriptors_on_exec();
/// The same where the kernel has no close_range(2) with CLOSE_RANGE_CLOEXEC (before Linux 5.11), or
/// a seccomp profile forbids it.
void close_listed_descriptors_on_exec();

}  // namespace waiter::run
