// What a manager owns, as it lies in an object until somebody has to know it. Most writes touch the
// fields of one manager of several; reading and writing the sets of the others would be most of
// what a write costs.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/field_set.hpp"

namespace fakeapi::cluster::fields {

class OwnedFields {
 public:
  OwnedFields() : set_(FieldSet{}) {}
  explicit OwnedFields(FieldSet set) : set_(std::move(set)) {}
  /// FieldsV1 that was written by fields_v1(); what cannot be read is nobody's.
  static OwnedFields stored(nlohmann::json fields);

  const FieldSet& set() const;
  bool empty() const;
  /// False: none of these is in the set. True: look.
  bool may_have_any(const FieldSet& fields) const;
  /// FieldsV1.
  nlohmann::json to_json() &&;

 private:
  nlohmann::json stored_;  // null once it is not the set any more
  mutable std::optional<FieldSet> set_;
};

}  // namespace fakeapi::cluster::fields
