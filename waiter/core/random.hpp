// A small seeded generator (SplitMix64, Steele, Lea and Flood 2014): the same seed gives the same
// draws with every compiler and standard library, which std::uniform_int_distribution does not
// promise.
#pragma once

#include <cstdint>

#include "waiter/core/clock.hpp"

namespace waiter::core {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  /// A duration in [low, high); `low` when the range is empty.
  Duration between(Duration low, Duration high) {
    if (high <= low) return low;
    const auto width = static_cast<std::uint64_t>((high - low).count());
    return low + Duration(static_cast<std::int64_t>(next() % width));
  }

 private:
  std::uint64_t state_;
};

}  // namespace waiter::core
