// What the verdicts come to, in one sentence under the title: who started too early, and what
// misled it. And what the scenario's own expectations come to, in another.
#pragma once

#include "fakeapi/lanes/picture.hpp"

namespace fakeapi::lanes {

/// Sets the conclusion and the outcome from the verdicts and lanes, and what became of the
/// expectations.
void conclude(Picture& picture);

}  // namespace fakeapi::lanes
