// Keys that wait for a controller. A controller acts a little after the last change that concerns
// it, so that changes that come together become one write, as the recorded traces show; a stream of
// changes cannot put it off for ever.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/cluster/store.hpp"

namespace fakeapi::cluster {

class WorkQueue {
 public:
  explicit WorkQueue(Duration lag) : lag_(lag) {}

  void add(Instant now, const Key& key);
  /// When the first key is due.
  std::optional<Instant> due() const;
  /// Takes out what is due, in key order.
  std::vector<Key> take(Instant now);
  /// Of keys that are added from now on; those that wait keep their time.
  void set_lag(Duration lag) { lag_ = lag; }
  /// Everything is due one lag from now: the controller has been paused.
  void restart(Instant now);

 private:
  struct Wait {
    Instant first;
    Instant due;
  };
  Duration lag_;
  std::map<Key, Wait, KeyLess> waiting_;
};

}  // namespace fakeapi::cluster
