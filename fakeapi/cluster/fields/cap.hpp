// At most ten managers of updates on one object: the oldest are joined into "ancient-changes"
// (apimachinery pkg/util/managedfields/internal/capmanagers.go).
#pragma once

#include "fakeapi/cluster/fields/managers.hpp"

namespace fakeapi::cluster::fields {

void cap_update_managers(Managers& managers);

}  // namespace fakeapi::cluster::fields
