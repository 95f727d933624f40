// Objects made small: what readiness, endpoints and `kubectl get` depend on stays, and all else
// goes, above all what the server writes itself (metadata that counts versions, times, managers)
// and what would tie an object to others of the recorded cluster (uids, owners, finalizers).
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::scenario::recording {

/// Of one of the four recorded kinds. Two objects whose small forms are equal differ in nothing
/// that a recording tells: lists of addresses are in order, and times of heartbeats are gone.
nlohmann::json reduced(const nlohmann::json& object);

}  // namespace fakeapi::scenario::recording
