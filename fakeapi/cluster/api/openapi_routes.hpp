// The paths of a custom resource in OpenAPI v3: methods, parameters, bodies and answers, as
// apiextensions-apiserver describes them (pkg/controller/openapi/builder/builder.go,
// generateBuilder and buildRoute).
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/kinds.hpp"

namespace fakeapi::cluster::openapi {

/// "com.example.v1.Widget": the group as Go writes packages.
std::string schema_name(const Kind& kind, std::string_view name);

/// "#/components/schemas/NAME"
std::string schema_ref(std::string_view name);

void add_routes(const Kind& kind, nlohmann::json& paths);

}  // namespace fakeapi::cluster::openapi
