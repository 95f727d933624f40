// The end of all descendants, by system calls only: /proc is read as the kernel gives it.
#pragma once

#include <sys/types.h>

namespace fakeapi::run::subject {

using OnReaped = void (*)(void* context, pid_t ended, int status);

/// Kills every descendant of this process, reaps them, and returns how many it could not end: those
/// of another user, where this process has no rights over them. `is_process_1`: of a PID namespace;
/// otherwise this process must be a child subreaper and becomes the parent of what it orphans.
int end_descendants(bool is_process_1, OnReaped on_reaped, void* context);

}  // namespace fakeapi::run::subject
