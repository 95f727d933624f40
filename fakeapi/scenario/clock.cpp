#include "fakeapi/scenario/clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace fakeapi::scenario {
namespace {

// Exact where nothing is scaled.
cluster::Duration scaled(cluster::Duration duration, double factor) {
  if (factor == 1) return duration;
  return cluster::Duration(
      static_cast<std::int64_t>(std::llround(static_cast<double>(duration.count()) * factor)));
}

}  // namespace

cluster::Duration Clock::at(cluster::Instant now) const {
  return paused_ ? base_ : base_ + scaled(now - since_, speed_);
}

std::optional<cluster::Instant> Clock::when(cluster::Instant now, cluster::Duration time) const {
  if (time <= at(now)) return now;
  if (paused_) return std::nullopt;
  // Never too early: a step that is not due yet would be asked for again and again.
  const cluster::Instant then = since_ + scaled(time - base_, 1 / speed_);
  return at(then) >= time ? then
                          : then + std::chrono::nanoseconds(1 + static_cast<int>(1 / speed_));
}

void Clock::settle(cluster::Instant now) {
  base_ = at(now);
  since_ = now;
}

void Clock::pause(cluster::Instant now) {
  settle(now);
  paused_ = true;
}

void Clock::resume(cluster::Instant now) {
  settle(now);
  paused_ = false;
}

void Clock::set_speed(cluster::Instant now, double speed) {
  settle(now);
  speed_ = speed;
}

void Clock::seek(cluster::Instant now, cluster::Duration time) {
  base_ = time;
  since_ = now;
}

}  // namespace fakeapi::scenario
