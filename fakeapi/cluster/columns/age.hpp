// Ages: how long ago a time of an object is, in the two or three figures that a person wants.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::cluster::columns {

/// A point in civil time. Microseconds are the finest that the API knows (metav1.MicroTime).
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// A point on the virtual clock as civil time. `wall_time_seconds` is Unix time at Instant{}.
WallTime wall_time(std::int64_t wall_time_seconds, Instant now);

/// RFC 3339 with any number of decimals (what is finer than a microsecond is cut off); nothing for
/// any other text.
std::optional<WallTime> parse_rfc3339(std::string_view text);

/// "0s", "119s", "2m", "5m30s", "3h", "2d4h", "90d", "2y10d" (apimachinery pkg/util/duration,
/// HumanDuration). "<invalid>" for what lies two seconds or more in the future.
std::string human_duration(std::chrono::microseconds duration);

/// The age of a metav1.Time or MicroTime; nullptr, null and Go's zero time are "<unknown>".
std::string age_of(const nlohmann::json* timestamp, WallTime now);

/// The time that a JSON value holds; nothing for Go's zero time and for what is no time.
std::optional<WallTime> time_of(const nlohmann::json* timestamp);

}  // namespace fakeapi::cluster::columns
