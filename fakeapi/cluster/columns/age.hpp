// Ages: how long ago a time of an object is, in the two or three figures that a person wants.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/wall_time.hpp"

namespace fakeapi::cluster::columns {

/// "0s", "119s", "2m", "5m30s", "3h", "2d4h", "90d", "2y10d" (apimachinery pkg/util/duration,
/// HumanDuration). "<invalid>" for what lies two seconds or more in the future.
std::string human_duration(std::chrono::microseconds duration);

/// The age of a metav1.Time or MicroTime; nullptr, null and Go's zero time are "<unknown>".
std::string age_of(const nlohmann::json* timestamp, WallTime now);

/// The time that a JSON value holds; nothing for Go's zero time and for what is no time.
std::optional<WallTime> time_of(const nlohmann::json* timestamp);

}  // namespace fakeapi::cluster::columns
