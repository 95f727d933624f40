// Strategic merge patch: lists that are maps by a key are merged element by element, and
// directives say what cannot be said by example (apimachinery util/strategicpatch). Which list has
// which key is in the types.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/schema/type.hpp"

namespace fakeapi::cluster {

/// 400 or 422 for a patch that is badly formed.
Result<nlohmann::json> strategic_merge(const schema::Type& type, nlohmann::json object,
                                       const nlohmann::json& patch);

}  // namespace fakeapi::cluster
