// From the tree of a scenario file to typed values, by the table of keys.
#pragma once

#include "fakeapi/scenario/model.hpp"
#include "fakeapi/scenario/tree.hpp"

namespace fakeapi::scenario {

/// What is wrong goes to the report; the scenario is good to use only if that stays empty.
Scenario read_scenario(const Node& root, Report& report);

}  // namespace fakeapi::scenario
