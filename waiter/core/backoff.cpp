#include "waiter/core/backoff.hpp"

#include <algorithm>

namespace waiter::core {

Duration Backoff::next(Random& random, std::optional<Duration> retry_after) {
  constexpr int doublings_max = 5;  // 0.8 s * 2^5 is over the cap
  const Duration step = std::min(cap, base * (1 << std::min(failures_, doublings_max)));
  ++failures_;
  const Duration delay = random.between(step, 2 * step);
  if (!retry_after) return delay;
  const Duration spread = std::max<Duration>(std::chrono::seconds(1), *retry_after);
  return std::max(delay, *retry_after + random.between(Duration{}, spread));
}

}  // namespace waiter::core
