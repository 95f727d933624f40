#include "waiter/core/watch_pace.hpp"

#include <algorithm>
#include <chrono>

namespace waiter::core {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// client-go's VeryShortWatchError: a stream that ends cleanly so soon and has said nothing is a
// failure.
constexpr Duration young = seconds(1);
// A stream that lived so long shows that the server is well again.
constexpr Duration healthy = seconds(20);

// Short at first: a stream that is dead without a sign is found within 45 s in a fresh wait. It
// grows, so that a long wait costs little, and it is random, so that clients that started together
// part. Only a server that sends bookmarks gets the long ones: there silence shows that a stream is
// dead.
constexpr Duration first_minutes = minutes(3);
constexpr Duration short_lifetime = seconds(22);
constexpr Duration short_lifetime_spread = seconds(9);
constexpr Duration lifetime_without_bookmarks = seconds(100);
constexpr Duration lifetime_without_bookmarks_spread = seconds(30);
constexpr Duration long_lifetime = seconds(75);  // doubled up to 300 s to 600 s
constexpr int lifetime_doublings_max = 2;

// kube-apiserver sends a bookmark about once a minute (cacher.go, bookmarkFrequency): two are
// missing.
constexpr Duration silence = seconds(120);
constexpr Duration silence_spread = seconds(20);

// A history that was rolled back and has overtaken the version of the view since then shows in no
// stream: bookmarks go on, and what changed in between is never told. Only a list tells.
constexpr Duration recheck_first = minutes(2);  // at random up to twice as much, doubled up to 16
constexpr int recheck_doublings_max = 3;

}  // namespace

void WatchPace::lived(Instant now) {
  if (now - started_at_ < first_minutes) return;
  long_lifetimes_ = std::min(long_lifetimes_ + 1, lifetime_doublings_max + 1);
}

bool WatchPace::is_young(Instant now) const { return now - opened_at_ < young; }

bool WatchPace::was_healthy(Instant now) const {
  return now - opened_at_ >= healthy || (heard_anything_ && !is_young(now));
}

Duration WatchPace::draw_lifetime(Instant now, Random& random) const {
  const auto drawn = [&random](Duration low, Duration spread) {
    return std::chrono::floor<seconds>(random.between(low, low + spread));
  };
  if (now - started_at_ < first_minutes) return drawn(short_lifetime, short_lifetime_spread);
  if (!bookmarks_seen_) return drawn(lifetime_without_bookmarks, lifetime_without_bookmarks_spread);
  const Duration step = long_lifetime * (1 << std::min(long_lifetimes_, lifetime_doublings_max));
  return drawn(step, step);
}

std::optional<Instant> WatchPace::draw_silence(Instant now, Random& random) const {
  if (!bookmarks_seen_) return std::nullopt;
  return now + random.between(silence, silence + silence_spread);
}

Instant WatchPace::draw_recheck(Instant now, Random& random) {
  const Duration step = recheck_first * (1 << std::min(rechecks_, recheck_doublings_max));
  ++rechecks_;
  return now + random.between(step, 2 * step);
}

}  // namespace waiter::core
