// Faults as JSON: what the control API takes and shows, and, key by key, what a scenario file says.
#pragma once

#include <string>
#include <variant>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/wire/fault_plan.hpp"

namespace fakeapi::wire {

/// The fault, or what is wrong, with the place of it ("stream.then: ...") and the nearest word.
std::variant<Fault, std::string> parse_fault(std::string name, const nlohmann::json& value);

/// Read again, it is the same fault.
nlohmann::ordered_json to_json(const Fault& fault);
/// The same with its name, its faithfulness and its counts.
nlohmann::ordered_json to_json(const FaultPlan::Entry& entry);

}  // namespace fakeapi::wire
