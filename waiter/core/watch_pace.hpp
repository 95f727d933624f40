// How long a watch shall live, when one that says nothing counts as dead, and when its view is
// checked by a list although nothing asks for it.
#pragma once

#include <optional>

#include "waiter/core/clock.hpp"
#include "waiter/core/random.hpp"

namespace waiter::core {

class WatchPace {
 public:
  void start(Instant now) { started_at_ = now; }
  void opened(Instant now) {
    opened_at_ = now;
    heard_anything_ = false;
  }
  void heard() { heard_anything_ = true; }
  /// One that came by itself: this server sends them.
  void bookmark_came() { bookmarks_seen_ = true; }
  /// A watch has lived its full time.
  void lived(Instant now);

  bool heard_anything() const { return heard_anything_; }
  /// It has just been opened: no server that was asked for a long watch ends it now.
  bool is_young(Instant now) const;
  /// It lived long enough to show that the server is well.
  bool was_healthy(Instant now) const;

  /// timeoutSeconds of the next watch, in whole seconds.
  Duration draw_lifetime(Instant now, Random& random) const;
  /// When a stream that says nothing from now on is dead, where silence tells.
  std::optional<Instant> draw_silence(Instant now, Random& random) const;
  /// When the view is checked next.
  Instant draw_recheck(Instant now, Random& random);

 private:
  Instant started_at_{};
  Instant opened_at_{};
  bool heard_anything_ = false;  // since the stream was opened
  bool bookmarks_seen_ = false;  // from this server, ever
  int long_lifetimes_ = 0;       // watches that lived their full time, after the first minutes
  int rechecks_ = 0;
};

}  // namespace waiter::core
