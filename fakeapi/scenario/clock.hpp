// The scenario's clock: it runs with the cluster's time at a speed, and can be paused and moved
// forward. What a client can time itself is on the cluster's time and not on this.
#pragma once

#include <optional>

#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::scenario {

class Clock {
 public:
  /// 1 second of the scenario takes 1/speed seconds of the cluster's.
  explicit Clock(double speed = 1) : speed_(speed) {}

  cluster::Duration at(cluster::Instant now) const;
  /// When the scenario's clock will show this; nothing while it is paused. What has passed is now.
  std::optional<cluster::Instant> when(cluster::Instant now, cluster::Duration time) const;

  bool paused() const { return paused_; }
  double speed() const { return speed_; }
  void pause(cluster::Instant now);
  void resume(cluster::Instant now);
  void set_speed(cluster::Instant now, double speed);
  /// Shows this time now.
  void seek(cluster::Instant now, cluster::Duration time);

 private:
  void settle(cluster::Instant now);

  cluster::Instant since_{};
  cluster::Duration base_{};  // what it showed then
  double speed_;
  bool paused_ = false;
};

/// The slowest and the fastest: beyond them nothing is left to see, or the machine decides.
inline constexpr double speed_min = 0.01;
inline constexpr double speed_max = 1000;

}  // namespace fakeapi::scenario
