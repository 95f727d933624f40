// What a custom kind is in OpenAPI: its schemas and the paths of its resource, as
// apiextensions-apiserver builds them of a definition (pkg/controller/openapi/builder/builder.go).
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/kinds.hpp"

namespace fakeapi::cluster::openapi {

/// Where a group and version stand below /openapi/v3: "api/v1", "apis/apps/v1".
std::string path_of(const Kind& kind);

/// What the schema of a custom kind is written for. The older version knows no alternatives and no
/// null, and kubectl takes a type whose properties are named for one that has no others.
enum class For { v2, v3 };

/// Adds the kind and its list to the schemas of a v3 document, and its resource to the paths.
void add_custom_kind(const Kind& kind, For version, nlohmann::json& schemas, nlohmann::json& paths);

/// The paths of all served custom kinds, each once.
std::vector<std::string> custom_paths(const Kinds& kinds);

/// The v3 document of one of them.
nlohmann::json custom_document(const Kinds& kinds, std::string_view path);

}  // namespace fakeapi::cluster::openapi
