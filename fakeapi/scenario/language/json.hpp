// A tree as JSON: what stands below a key that takes any Kubernetes object.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/scenario/language/tree.hpp"

namespace fakeapi::scenario {

/// Plain scalars are what they are in YAML 1.2's core schema: null, true, false, numbers; what
/// stands in quotes is a text. Of equal keys the first counts.
nlohmann::json to_json(const Node& node);

}  // namespace fakeapi::scenario
