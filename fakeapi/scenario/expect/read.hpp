// The `expect` of a scenario file.
#pragma once

#include <vector>

#include "fakeapi/scenario/expect/expectations.hpp"
#include "fakeapi/scenario/language/check.hpp"

namespace fakeapi::scenario {

/// `services`: those that `truth` may name; null while they are not understood.
Expectations read_expectations(const Node& node, const Checked& checked,
                               const std::vector<std::string>* services, Report& report);

}  // namespace fakeapi::scenario
