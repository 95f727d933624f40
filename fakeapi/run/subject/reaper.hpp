// The process beside the command, a copy of fakeapi that makes only system calls. It starts the
// command as its child, forwards signals to it, reaps what is orphaned, tells how the command
// ended, and then, or when fakeapi is gone, ends everything that is left.
//
// In a PID namespace it is process 1: the kernel kills all others when it ends, so that it may be
// killed itself at any time (pid_namespaces(7)). As a guardian it is the parent of every orphan
// below it (PR_SET_CHILD_SUBREAPER, prctl(2)) and kills its children until there are none.
#pragma once

#include "fakeapi/run/subject/launch.hpp"

namespace fakeapi::run::subject {

/// Expects all signals to be blocked. fakeapi is gone when `life` is at its end.
[[noreturn]] void be_reaper(const LaunchPlan& plan, Way way, int life, int news);

}  // namespace fakeapi::run::subject
