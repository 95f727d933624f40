// Who owns which field after a write, and what an apply makes of an object
// (structured-merge-diff merge/update.go, for kinds of one version).
#pragma once

#include <optional>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/conflict.hpp"
#include "fakeapi/cluster/fields/field_set.hpp"
#include "fakeapi/cluster/fields/managers.hpp"
#include "fakeapi/cluster/fields/shape.hpp"

namespace fakeapi::cluster::fields {

/// What a write is about, but for the objects themselves.
struct Writing {
  Shape shape;
  std::string api_version;
  /// What this resource or subresource never changes and never owns; nullptr for nothing.
  const FieldSet* reset_fields = nullptr;
  /// All entries were written for these types, so that none has to be looked through for others.
  bool types_are_fixed = false;
};

/// After `live` became `object`: whoever wrote owns what changed, under the key `self` of
/// `managers`; others lose it, and what is gone.
void take_ownership(const Writing& writing, const nlohmann::json& live,
                    const nlohmann::json& object, Managers& managers, const std::string& self);

struct Merged {
  /// Nothing when the live object is that already.
  std::optional<nlohmann::json> object;
  Managers managers;
};

/// `config` over `live` for the manager `self`, whose entry is `as` (but for its set): what it
/// applied before and applies no more is taken away where nobody else owns it.
std::variant<Merged, Conflicts> apply_config(const Writing& writing, const nlohmann::json& live,
                                             const nlohmann::json& config, Managers managers,
                                             const ManagerEntry& as, bool force);

}  // namespace fakeapi::cluster::fields
