// Watches. A stream is a cursor into the history of one kind, a selection and two deadlines; it
// owns no queue, so ten thousand of them cost nothing while nothing happens, and each event's text
// is made once for all of them. A stream that had nothing to say is parked under what it selects,
// and only a commit that may concern it wakes it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fakeapi/cluster/message.hpp"
#include "fakeapi/cluster/selection.hpp"
#include "fakeapi/cluster/store.hpp"
#include "fakeapi/cluster/wall_time.hpp"

namespace fakeapi::cluster {

/// Writes an event's object in another form than its own: a row of a table, its metadata.
class EventView {
 public:
  virtual ~EventView() = default;
  virtual nlohmann::json show(const nlohmann::json& object, WallTime now) = 0;
};

/// Where a watch starts and what it was promised; the rules of the request are already applied.
struct WatchPlan {
  const Kind* kind = nullptr;
  Selection selection;
  bool initial_events = false;      // one ADDED for each object that exists
  bool initial_events_end = false;  // then a bookmark that says so
  bool bookmarks = false;           // about once a minute and shortly before the end
  std::uint64_t version = 0;        // without initial events: only what comes after it
  Instant opened{};
  Instant ends{};                   // timeoutSeconds
  Bytes only_line;                  // an ERROR: this line, then the end
  std::unique_ptr<EventView> view;  // none: the object as it is, its text shared with others
  WallTime wall_time{};             // at Instant{}, for ages in tables
};

class CursorStream;

class WatchHub : public std::enable_shared_from_this<WatchHub> {
 public:
  explicit WatchHub(std::shared_ptr<Store> store);

  /// The stream may outlive the cluster: it then stays idle until its end.
  std::unique_ptr<WatchStream> open(WatchPlan plan);

  /// What this server's watch cache has reached: the newest version, unless it is held back as that
  /// of a replica which lags. Watches show nothing after it, and neither does a read that may be
  /// answered from the cache.
  std::uint64_t reached() const;
  void hold(std::uint64_t version);
  void release();
  /// All objects of a kind, as the cache has them.
  Objects cached(const Kind& kind) const;

 private:
  friend class CursorStream;
  using Bucket = std::vector<CursorStream*>;

  void committed(const Kind& kind, const Event& event);
  void wake(Bucket& bucket, std::uint64_t sequence);
  std::map<Key, Bucket, KeyLess>& parked(const Kind& kind);
  void park(CursorStream& stream);
  void unpark(CursorStream& stream);
  void wake_held();

  std::shared_ptr<Store> store_;
  // Per kind: namespace and name, either may be empty for "any".
  std::vector<std::map<Key, Bucket, KeyLess>> parked_;  // by the kinds' indexes, as far as needed
  std::optional<std::uint64_t> held_;
  std::set<CursorStream*> behind_;  // have more to say than the cache has reached
};

}  // namespace fakeapi::cluster
