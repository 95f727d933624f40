// Values together with their types: which fields a value has, what differs between two values, how
// a configuration is merged into an object, and how items are taken out again. One algorithm a
// file, each after the file of the same job in structured-merge-diff typed/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/fields/field_set.hpp"
#include "fakeapi/cluster/fields/shape.hpp"

namespace fakeapi::cluster::fields {

/// Whether items of a list may share their keys: in what is stored they may, in what is applied
/// they may not.
enum class Duplicates { allowed, refused };

/// Why the value is none of the type's, in the words of typed.ValidationErrors; empty when it is.
/// The functions below expect a value that is one.
std::string mismatch(const Shape& shape, const nlohmann::json& value, Duplicates duplicates);

/// Each leaf and each item that the value mentions.
FieldSet to_field_set(const Shape& shape, const nlohmann::json& value);

/// No field is in two of the sets.
struct Comparison {
  FieldSet added, modified, removed;
};
Comparison compare(const Shape& shape, const nlohmann::json& before, const nlohmann::json& after);

/// `config` over `live`: no field is lost, and where both have a leaf, config's stays. Containers
/// keep live's order unless config changes something in them.
nlohmann::json merge(const Shape& shape, const nlohmann::json& live, const nlohmann::json& config);

/// The value without these fields and items. What is left of a list or map that loses everything is
/// null; decoding drops it.
nlohmann::json remove_items(const Shape& shape, const nlohmann::json& value, const FieldSet& items);
/// The value with these fields and items only.
nlohmann::json extract_items(const Shape& shape, const nlohmann::json& value,
                             const FieldSet& items);

/// The set with the named fields above its members as members, which sets of values lack
/// (Set.EnsureNamedFieldsAreMembers).
FieldSet with_named_fields(const Shape& shape, const FieldSet& set);

/// The set as it would be for this type, when it was written for a type in which maps or lists that
/// are atomic now were not; nothing when that changes nothing (typed.ReconcileFieldSetWithSchema).
std::optional<FieldSet> reconciled(const Shape& shape, const FieldSet& set);

}  // namespace fakeapi::cluster::fields
