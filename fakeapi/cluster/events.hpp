// Events exist twice: in the core group and in events.k8s.io, with other names for the same fields
// (pkg/apis/events/v1/conversion.go). Both are one object.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster::events {

nlohmann::json to_new(const nlohmann::json& core_event);
nlohmann::json to_old(const nlohmann::json& event);

}  // namespace fakeapi::cluster::events
