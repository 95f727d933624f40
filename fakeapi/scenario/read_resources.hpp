// Names of resources in triggers, faults and expectations: one that no kind has meets nothing.
#pragma once

#include "fakeapi/scenario/language/check.hpp"
#include "fakeapi/scenario/model.hpp"

namespace fakeapi::scenario {

/// Kinds are those that the API has from the start, and those that the scenario's own
/// CustomResourceDefinitions add.
void check_resources(const Node& root, const Checked& checked, const Scenario& scenario,
                     Report& report);

}  // namespace fakeapi::scenario
