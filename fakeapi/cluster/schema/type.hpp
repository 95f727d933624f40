// The types of API objects as data: what a field holds, how JSON writes it when it is empty, and
// how lists and maps are merged. Everything that depends on the shape of a kind (decoding, patches,
// managed fields, explain) reads these and knows no kind by name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster::schema {

struct Type;

struct Field {
  /// What JSON shows when the field holds nothing (Go: omitempty, or not, and on what).
  enum class Empty { omitted, zero, null };

  std::string name;
  const Type* type = nullptr;
  Empty when_empty = Empty::omitted;
  /// Zero and missing differ: `false` that was sent stays (Go: a pointer).
  bool pointer = false;
  /// The merge of this field is all or nothing (x-kubernetes-map-type: atomic on the field).
  bool atomic = false;
  /// The merge goes by field although the type's is all or nothing (x-kubernetes-map-type: granular
  /// on the field, as on the claimRef of a PersistentVolume).
  bool granular = false;
  /// Strategic merge patch: x-kubernetes-patch-strategy and -merge-key.
  bool patch_merges = false;
  bool patch_retains_keys = false;
  std::string patch_merge_key;
  /// Filled in where it is missing; null for none.
  std::shared_ptr<const nlohmann::json> default_value;
  /// The schema gives the zero value as the default: nothing to fill in, but a key that is missing
  /// counts with it (fields/shape.hpp).
  bool zero_default = false;
};

struct Type {
  enum class Kind {
    any,  // whatever JSON it is: RawExtension, JSON, fields of a custom resource that are not
          // pruned
    boolean,
    integer,
    number,
    string,
    bytes,       // base64
    time,        // RFC 3339, whole seconds; null when zero
    micro_time,  // RFC 3339, microseconds; null when zero
    quantity,
    int_or_string,
    structure,
    map,
    list
  };
  enum class ListType { atomic, set, map };

  Kind kind = Kind::any;
  std::string name;  // "io.k8s.api.core.v1.ServicePort"; empty for what has none
  int bits = 64;     // of an integer

  std::vector<Field> fields;      // of a structure, by name
  const Type* element = nullptr;  // of a list or a map

  ListType list_type = ListType::atomic;
  std::vector<std::string> keys;  // of a list of type map
  bool atomic = false;            // x-kubernetes-map-type: atomic

  // Custom resources only.
  bool preserves_unknown = false;  // x-kubernetes-preserve-unknown-fields
  bool embedded = false;           // x-kubernetes-embedded-resource
  bool nullable = false;
  bool custom = false;  // no Go type stands behind it: nothing is dropped because it is empty

  const Field* field(std::string_view field_name) const;
  bool is_scalar() const;
};

}  // namespace fakeapi::cluster::schema
