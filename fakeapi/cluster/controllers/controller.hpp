// What kube-controller-manager does, one controller a class: it sees each change, notes what to
// look at, and looks a little later. Controllers write through the registry, like everybody else.
#pragma once

#include <optional>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/cluster/controllers/work_queue.hpp"
#include "fakeapi/cluster/registry.hpp"
#include "fakeapi/cluster/store.hpp"

namespace fakeapi::cluster {

class Controller {
 public:
  Controller(Store& store, Registry& registry, Duration lag)
      : store_(store), registry_(registry), queue_(lag), lag_(lag) {}
  virtual ~Controller() = default;
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;

  /// A change happened. Must not write.
  virtual void observe(Instant now, const Kind& kind, const Event& event) = 0;

  /// Nothing while it is paused.
  std::optional<Instant> due() const { return paused_ ? std::nullopt : queue_.due(); }
  void run(Instant now) {
    for (const Key& key : queue_.take(now)) reconcile(now, key);
  }
  void restart(Instant now) { queue_.restart(now); }

  /// How it follows from now on: not at all, or so far behind; a lag of 0 is its own. What it
  /// missed while it was paused it catches up.
  void follow(Instant now, bool paused, Duration lag) {
    queue_.set_lag(lag > Duration{} ? lag : lag_);
    if (paused_ && !paused) queue_.restart(now);
    paused_ = paused;
  }

 protected:
  virtual void reconcile(Instant now, const Key& key) = 0;

  Store& store_;        // NOLINT: what every controller has
  Registry& registry_;  // NOLINT
  WorkQueue queue_;     // NOLINT

 private:
  Duration lag_;
  bool paused_ = false;
};

}  // namespace fakeapi::cluster
