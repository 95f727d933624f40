// Reads `faults`: each by itself (fault/read.hpp), and what they say of each other.
#pragma once

#include <vector>

#include "fakeapi/scenario/fault/fault.hpp"
#include "fakeapi/scenario/language/check.hpp"

namespace fakeapi::scenario {

std::vector<fault::Fault> read_faults(const Node& node, const Checked& checked, Report& report);

}  // namespace fakeapi::scenario
