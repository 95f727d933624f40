// What the copy of a process may do before it executes a program: system calls and nothing else
// (signal-safety(7)). Another thread may have held any lock, malloc's included, when it was copied.
#pragma once

#include <cstddef>
#include <sys/types.h>

namespace fakeapi::run::subject {

/// fork(2), or with CLONE_NEW... flags its like into new namespaces; -1 and errno on failure. Not
/// through libc: its fork has no flags, and its clone wants a stack.
pid_t copy_process(unsigned long namespaces);

/// A close-on-exec pipe whose ends are no standard descriptors, also when those were closed.
bool open_pipe(int (&ends)[2]);

/// Closes all descriptors above standard error but `kept`, of which those below 0 are none.
void close_all_but(int (&kept)[3]);

/// As a new program expects them: handlers, which point into the old one, are gone, and SIGPIPE and
/// SIGCHLD have their defaults. What whoever started us has set to be ignored (nohup) stays so.
void reset_dispositions();

/// Without waiting; `text` as it is. 0 or errno.
int write_text(const char* path, const char* text, std::size_t size);

}  // namespace fakeapi::run::subject
