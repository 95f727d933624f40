// The objects and what happened to them: one resourceVersion sequence for all kinds, the current
// state of each kind, and its history. Lists of an earlier version and watches that resume both
// read the same history, so they cannot disagree.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster {

/// One committed change. `object` is the new state, or the last state at the version of its
/// deletion.
struct Event {
  std::uint64_t version = 0;
  EventType type = EventType::added;
  ObjectPtr object;
  ObjectPtr previous;  // null for added

  /// The line for a watch whose selector the object has just left: DELETED, the last matching
  /// state, the new version (recording: watch.json, selector-enter-leave).
  const Bytes& left_line() const;
  nlohmann::json left() const;

 private:
  mutable Bytes left_line_;
};

struct Key {
  std::string namespace_name;
  std::string name;
};
struct KeyView {
  std::string_view namespace_name;
  std::string_view name;
};

/// The order of etcd's keys, "namespace/name" byte by byte: a list comes in this order.
struct KeyLess {
  using is_transparent = void;
  static bool less(KeyView a, KeyView b);
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return less({a.namespace_name, a.name}, {b.namespace_name, b.name});
  }
};

using Objects = std::map<Key, ObjectPtr, KeyLess>;

class Store {
  struct Table;

 public:
  explicit Store(std::shared_ptr<Kinds> kinds);

  const Kinds& kinds() const { return *kinds_; }
  Kinds& kinds() { return *kinds_; }

  std::uint64_t version() const { return version_; }

  ObjectPtr find(const Kind& kind, std::string_view namespace_name, std::string_view name) const;
  const Objects& objects(const Kind& kind) const { return table(kind).current; }

  /// Calls `visit` for each object of a namespace (of all, if empty) in key order.
  void visit(const Kind& kind, std::string_view namespace_name,
             const std::function<void(const ObjectPtr&)>& visit) const;

  /// The state as of `version`, which must be neither in the future nor compacted.
  Objects objects_at(const Kind& kind, std::uint64_t version) const;

  /// Stores `content` under the next version, which it writes into metadata.resourceVersion. The
  /// kind's twins get the same change under the same version.
  ObjectPtr put(const Kind& kind, nlohmann::json content);

  /// Removes an object. `last` is its last state; the event carries it at the next version.
  ObjectPtr remove(const Kind& kind, nlohmann::json last);

  /// Called after each change with its event. Observers must not write.
  void on_commit(std::function<void(const Kind&, const Event&)> observer);

  /// History, as cursors see it: events are numbered per kind from 0 and never renumbered.
  std::uint64_t first_sequence(const Kind& kind) const { return table(kind).first_sequence; }
  std::uint64_t end_sequence(const Kind& kind) const;
  const Event& event(const Kind& kind, std::uint64_t sequence) const;
  /// The first event after `version`.
  std::uint64_t sequence_after(const Kind& kind, std::uint64_t version) const;

  /// Forgets all events up to and including `version`: etcd's compaction. Reading from before it is
  /// `Expired`.
  void compact(std::uint64_t version);
  /// Up to which version this kind's history is gone; 0 when it is whole.
  std::uint64_t compacted(const Kind& kind) const { return table(kind).compacted; }
  /// The oldest version that all kinds can still be read at.
  std::uint64_t oldest() const;

  /// What etcd does when it is restored from a snapshot: all is as it was at `version`, which must
  /// be neither in the future nor before oldest(), and the next change gets the version after it
  /// once more. Observers are not told; the differences are returned, in no order that means
  /// anything. Addresses and ports that were handed out since stay taken.
  using Difference = std::pair<const Kind*, Event>;
  std::vector<Difference> roll_back(std::uint64_t version);
  /// How often that has happened: sequences of events mean nothing beyond it.
  std::uint64_t epoch() const { return epoch_; }

  /// Everything as it is now, by the kinds' indexes.
  using Snapshot = std::vector<Objects>;
  Snapshot snapshot() const;
  /// Makes it so again by changes of its own, under new versions, which observers see.
  void restore(const Snapshot& snapshot);

  /// Keeps at most so many events of each kind, at least one.
  void set_history_limit(std::size_t events) { history_limit_ = events > 0 ? events : 1; }

 private:
  struct Table {
    Objects current;
    std::deque<Event> history;
    std::uint64_t first_sequence = 0;
    std::uint64_t compacted = 0;
  };

  Table& table(const Kind& kind);
  const Table& table(const Kind& kind) const;
  std::string next_version();
  ObjectPtr write(const Kind& kind, nlohmann::json content);
  ObjectPtr take(const Kind& kind, nlohmann::json last);
  void commit(const Kind& kind, Event event);
  static void drop_oldest(Table& table);

  std::shared_ptr<Kinds> kinds_;
  // By the kinds' indexes; a table is made when its kind is first written.
  std::deque<Table> tables_;
  std::uint64_t compacted_ = 0;
  std::uint64_t version_ = 0;
  std::uint64_t epoch_ = 0;
  std::size_t history_limit_;
  std::vector<std::function<void(const Kind&, const Event&)>> observers_;
};

}  // namespace fakeapi::cluster
