// FieldsV1, the text of a set of fields inside metadata.managedFields
// (structured-merge-diff fieldpath/serialize.go).
#pragma once

#include <string>
#include <variant>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/fields/field_set.hpp"

namespace fakeapi::cluster::fields {

/// The set, or why the JSON is none. Elements of an unknown kind are passed over.
std::variant<FieldSet, std::string> parse_fields_v1(const nlohmann::json& fields);

/// As a JSON value inside an object.
nlohmann::json fields_v1(const FieldSet& set);

/// The bytes that the real server stores: in the order of the set, where keys are sorted by their
/// values (443 before 8080 before 31000).
std::string fields_v1_text(const FieldSet& set);

}  // namespace fakeapi::cluster::fields
