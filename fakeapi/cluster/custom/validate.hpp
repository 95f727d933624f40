// Whether a custom resource fits the schema of its definition (JSON Schema as the API documentation
// of CustomResourceDefinitions bounds it). Rules in CEL (x-kubernetes-validations) are not
// evaluated.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/failure.hpp"

namespace fakeapi::cluster::custom {

void validate(const nlohmann::json& schema, const nlohmann::json& value, const std::string& path,
              FieldErrors& errors);

}  // namespace fakeapi::cluster::custom
