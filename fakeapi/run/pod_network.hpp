// Where Pod addresses come from in a run: the Pod network of a sandbox, loopback addresses, or
// nowhere.
#pragma once

#include "fakeapi/scenario/timeline.hpp"

namespace fakeapi::run {

enum class PodNetwork {
  real,      // 10.20.0.0/16: a stale address refuses, as a dead Pod's does; needs a sandbox
  loopback,  // 127.20.0.0/16 in its place: works everywhere, but the API relaxes its validation of
             // Endpoints
  none       // nothing listens: the API alone is played
};

/// Moves every address of 10.20.0.0/16 in a listener, an operation or an object to 127.20.0.0/16.
void move_to_loopback(scenario::Action& action);

}  // namespace fakeapi::run
