// Faults as JSON: what the control API shows, and, key by key, what a scenario file says.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/scenario/fault/fault.hpp"

namespace fakeapi::fault {

/// Without its name. Read again (fault/read.hpp), it is the same fault.
nlohmann::ordered_json to_json(const Fault& fault);

}  // namespace fakeapi::fault
