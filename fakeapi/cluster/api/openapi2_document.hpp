// The API as one OpenAPI 2.0 document, derived from the v3 documents: the recorded ones and what
// custom kinds add to them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/kinds.hpp"

namespace fakeapi::cluster::openapi {

nlohmann::json v2_document(const Kinds& kinds);

}  // namespace fakeapi::cluster::openapi
