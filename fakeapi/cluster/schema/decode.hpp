// From what a client wrote to what the API keeps: unknown fields go, types are checked, and empty
// fields become missing, null or zero as Go's encoder would write them back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/schema/type.hpp"

namespace fakeapi::cluster::schema {

struct Decoded {
  /// Fields that the type does not have, as fieldValidation names them: "spec.ports[0].prot". No
  /// more than unknown_fields_max.
  std::vector<std::string> unknown;
  /// A list or map without elements was kept where the stored object will have null (Lists::kept).
  bool kept_empty = false;
  /// Why the value is none of this type, in the words of Go's decoder. The value is unusable then.
  std::optional<std::string> error;
};

/// sigs.k8s.io/json, saveStrictError: no more than these are named.
inline constexpr std::size_t unknown_fields_max = 100;

/// What becomes of `[]` in a field that is written as null when there is nothing in it. The real
/// server loses the difference only when it stores the object: until then, a client that wrote `[]`
/// manages the field (recording: endpointslices-crud.json, create-empty).
enum class EmptyLists { kept, null };

/// Rewrites `value` in place. A value of a custom type is pruned and filled with defaults; whether
/// it fits is for validation to say.
Decoded decode(const Type& type, nlohmann::json& value, EmptyLists lists = EmptyLists::null);

/// How deep free-form values (type any) may be nested. The original allows 10,000 (Go's
/// encoding/json, maxNestingDepth); this code recurses, so that a stack bounds it.
inline constexpr int free_form_depth_max = 1000;

}  // namespace fakeapi::cluster::schema
