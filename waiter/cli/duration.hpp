// Durations as Go writes them, which is how every Kubernetes tool does: 300ms, 1.5s, 2m30s, 1h.
#pragma once

#include <optional>
#include <string_view>

#include "waiter/core/clock.hpp"

namespace waiter::cli {

/// Nothing for what is no duration, is negative, or is longer than 10,000 hours. "0" needs no unit
/// (Go's ParseDuration).
std::optional<core::Duration> parse_duration(std::string_view text);

}  // namespace waiter::cli
