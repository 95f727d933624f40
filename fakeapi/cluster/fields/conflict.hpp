// What an apply that would change fields of others is answered with
// (apimachinery pkg/util/managedfields/internal/conflict.go).
#pragma once

#include <string>
#include <vector>

#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/fields/managers.hpp"
#include "fakeapi/cluster/fields/path.hpp"

namespace fakeapi::cluster::fields {

/// A field that another manager owns and an applied configuration would change.
struct Conflict {
  std::string manager;  // the identifier
  Path path;
};
using Conflicts = std::vector<Conflict>;  // those of one manager together

/// 409 with one cause for each field; `managers` knows those that the conflicts name.
Failure apply_conflict(const Conflicts& conflicts, const Managers& managers);

}  // namespace fakeapi::cluster::fields
