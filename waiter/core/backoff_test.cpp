#include "waiter/core/backoff.hpp"

#include <algorithm>
#include <cstdint>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace waiter::core {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

RC_GTEST_PROP(BackoffProperty, DoublesUpToTheCapWithJitterUpward, (std::uint64_t seed)) {
  Random random(seed);
  Backoff backoff;
  Duration step = milliseconds(800);
  for (int attempt = 0; attempt < 20; ++attempt) {
    const Duration delay = backoff.next(random, std::nullopt);
    RC_ASSERT(delay >= step);
    RC_ASSERT(delay < 2 * step);
    step = std::min<Duration>(2 * step, seconds(15));
  }
}

// The server's own word is a lower bound; clients that were refused together must not come back
// together.
RC_GTEST_PROP(BackoffProperty, NeverComesBeforeRetryAfter, (std::uint64_t seed)) {
  Random random(seed);
  Backoff backoff;
  const Duration asked = seconds(*rc::gen::inRange(0, 60));
  const Duration delay = backoff.next(random, asked);
  RC_ASSERT(delay >= asked);
  RC_ASSERT(delay < 2 * std::max<Duration>(asked, seconds(1)) + seconds(1));
}

TEST(Backoff, IsSpreadOut) {
  Random random(1);
  std::set<Duration> delays;
  for (int client = 0; client < 1000; ++client) {
    Backoff backoff;
    delays.insert(backoff.next(random, seconds(5)));
  }
  EXPECT_GT(delays.size(), 990U);
}

TEST(Backoff, StartsAgainAfterSuccess) {
  Random random(1);
  Backoff backoff;
  for (int attempt = 0; attempt < 10; ++attempt) backoff.next(random, std::nullopt);
  backoff.reset();
  EXPECT_LT(backoff.next(random, std::nullopt), 2 * Backoff::base);
}

}  // namespace
}  // namespace waiter::core
