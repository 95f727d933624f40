// A fault that is in force, as the control API shows it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/wire/fault_plan.hpp"

namespace fakeapi::wire {

/// With its name, its faithfulness and its counts.
nlohmann::ordered_json to_json(const FaultPlan::Entry& entry);

}  // namespace fakeapi::wire
