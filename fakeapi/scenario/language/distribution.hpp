// A duration that is drawn: written where the value is, as "700ms ± 200ms", and never as an upper
// bound in another place.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::scenario {

/// A lognormal has no bound of its own, and whoever waits is gone by then.
inline constexpr cluster::Duration lognormal_max = std::chrono::hours(1);

/// `constant`: low; `uniform`: from low to high; `lognormal`: low is the median.
struct Distribution {
  enum class Shape { constant, uniform, lognormal };
  Shape shape = Shape::constant;
  cluster::Duration low{};
  cluster::Duration high{};
  double sigma = 0;
  bool operator==(const Distribution&) const = default;

  static Distribution constant(cluster::Duration duration) {
    return {Shape::constant, duration, {}, 0};
  }
  /// What stands in the middle: where a reader would look for it.
  cluster::Duration middle() const {
    return shape == Shape::uniform ? low + (high - low) / 2 : low;
  }
  /// The longest that a reader would expect; a lognormal may be longer.
  cluster::Duration latest() const { return shape == Shape::uniform ? high : low; }
};

/// "50ms", "uniform(20ms, 80ms)", "50ms ± 30ms" (also "+-"), "lognormal(80ms, 0.4)". Not negative,
/// and nothing that could be; not above duration_max.
std::optional<Distribution> parse_distribution(std::string_view text);
std::string to_text(const Distribution& distribution);

/// Go's form, in the largest unit that needs no fraction: "1500ms".
std::string to_text(cluster::Duration duration);

}  // namespace fakeapi::scenario
