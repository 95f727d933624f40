// Time inside the pure parts of the engine: a point on a clock that nobody can read. A driver (the
// event loop, the simulator) hands the current point in; wall time cannot be mixed in by mistake,
// as it has another type.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace waiter::core {

struct VirtualClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<VirtualClock, duration>;
  static constexpr bool is_steady = true;  // and there is no now()
};

using Duration = VirtualClock::duration;
using Instant = VirtualClock::time_point;

/// Of several deadlines the next one: `earliest` becomes `candidate` where that is earlier.
inline void keep_earlier(std::optional<Instant>& earliest,
                         const std::optional<Instant>& candidate) {
  if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

}  // namespace waiter::core
