// Names and addresses of a recording replaced by others, the same everywhere: service-a, pod-a-1,
// node-1, ns-1, 10.20.0.1. What can be neither kept nor replaced (annotations, images, messages) is
// dropped.
#pragma once

#include "fakeapi/scenario/recording/story.hpp"

namespace fakeapi::scenario::recording {

/// No name, address or other text of the cluster's owner is left. Which Pods a Service selects, and
/// what belongs to what, stays as it is; numbers and times do too.
void replace_names(Story& story);

}  // namespace fakeapi::scenario::recording
