// The annotation in which client-side `kubectl apply` keeps what it applied, and what the server
// does with it when the manager "kubectl" applies on the server instead: conflicts with what the
// annotation already says are none, and the annotation is kept up to date (apimachinery
// pkg/util/managedfields/internal, lastapplied*.go).
#pragma once

#include <optional>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/fields/field_set.hpp"
#include "fakeapi/cluster/fields/shape.hpp"

namespace fakeapi::cluster::fields {

/// The only manager that this is for.
constexpr std::string_view migrating_manager = "kubectl";

/// The fields that the annotation of `live` holds and that still are what it says; nothing where
/// there is no annotation that can be used.
std::optional<FieldSet> last_applied_fields(const Shape& shape, const nlohmann::json& live,
                                            std::string_view api_version);

/// Writes `config` into the annotation of `object`, if that has one.
void update_last_applied(const nlohmann::json& config, nlohmann::json& object);

}  // namespace fakeapi::cluster::fields
