// Civil time: what objects and people read, in the one form that the API uses (RFC 3339).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::cluster {

/// Microseconds are the finest that the API knows (metav1.MicroTime).
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// A point on the virtual clock as civil time; `start` is the civil time at Instant{}.
WallTime wall_time(WallTime start, Instant now);

/// RFC 3339 with any number of decimals (what is finer than a microsecond is cut off); nothing for
/// any other text.
std::optional<WallTime> parse_rfc3339(std::string_view text);

/// The time as metav1.Time prints it: UTC, whole seconds, "2026-11-23T06:21:04Z".
std::string rfc3339(WallTime time);
/// As metav1.MicroTime prints it: "2026-11-23T06:21:04.000123Z".
std::string rfc3339_micro(WallTime time);

/// From Unix time.
WallTime unix_time(std::int64_t seconds, std::int64_t nanoseconds = 0);
std::int64_t unix_seconds(WallTime time);

}  // namespace fakeapi::cluster
