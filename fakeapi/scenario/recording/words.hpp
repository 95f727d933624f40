// The `why` of a step: what a change means, in plain words.
#pragma once

#include <string>

#include "fakeapi/scenario/recording/story.hpp"

namespace fakeapi::scenario::recording {

/// "Pod mysql-0 becomes ready", "EndpointSlice mysql-abc: 2 of 3 ready"; the namespace is told
/// where it is another than `namespace_name`.
std::string why(const Change& change, const std::string& namespace_name);

}  // namespace fakeapi::scenario::recording
