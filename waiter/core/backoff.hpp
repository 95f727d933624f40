// How long to wait before the next attempt. Ten thousand Pods of a cluster that restarts must not
// come back in step, and the longest delay must stay well under the 75 s for which an API server
// keeps a watch's history, or each outage would end in a relist.
#pragma once

#include <optional>

#include "waiter/core/clock.hpp"
#include "waiter/core/random.hpp"

namespace waiter::core {

class Backoff {
 public:
  static constexpr Duration base = std::chrono::milliseconds(800);  // client-go's reflector
  static constexpr Duration cap =
      std::chrono::seconds(15);  // delays below 30 s: 10,000 clients, 444 requests/s

  /// The delay before the next attempt: in [d, 2d) with d = base, doubled with each failure, up to
  /// cap. What the server asked for (Retry-After) is a lower bound, with jitter upward only.
  Duration next(Random& random, std::optional<Duration> retry_after);

  /// After success, and only then: time alone resets nothing.
  void reset() { failures_ = 0; }

 private:
  int failures_ = 0;
};

}  // namespace waiter::core
