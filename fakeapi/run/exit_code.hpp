// The exit codes of fakeapi.
#pragma once

namespace fakeapi::run {

enum class ExitCode : int {
  ok = 0,
  not_met = 1,   // expectations of a scenario were not met
  usage = 2,     // the user's input cannot be used
  internal = 3,  // the machine, or the cluster, does not give what is needed
};

}  // namespace fakeapi::run
