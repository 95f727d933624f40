// The table as a JSON Schema, by which editors complete a scenario and check it while it is
// written.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::scenario {

/// Draft 07, which editors support best. It says what each value may look like; what keys ask of
/// each other only the program checks.
nlohmann::ordered_json json_schema();

}  // namespace fakeapi::scenario
