// The rules of a watch, in the order of next(): error, initial events, history, bookmark, end
// (recordings: watch.json; wire-facts, "Bookmarks" and "Versions"; kube-apiserver's
// storage/cacher/cache_watcher.go).
#include "fakeapi/cluster/watch_hub.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// cacher.go defaultBookmarkFrequency and cache_watcher.go nextBookmarkTime.
constexpr Duration bookmark_interval = std::chrono::minutes(1);
constexpr Duration bookmark_before_end = std::chrono::seconds(2);

json bookmark(const Kind& kind, std::uint64_t version, bool initial_events_end) {
  json metadata = {{"resourceVersion", std::to_string(version)}};
  if (initial_events_end) metadata["annotations"] = {{"k8s.io/initial-events-end", "true"}};
  return {
      {"kind", kind.kind}, {"apiVersion", kind.api_version()}, {"metadata", std::move(metadata)}};
}

Bytes event_line(std::string_view type, const json& object) {
  return std::make_shared<const std::string>(
      fmt::format("{{\"type\":\"{}\",\"object\":{}}}\n", type, wire_text(object)));
}

}  // namespace

class CursorStream final : public WatchStream {
 public:
  CursorStream(std::shared_ptr<WatchHub> hub, WatchPlan plan)
      : hub_(std::move(hub)), plan_(std::move(plan)) {
    const Store& store = *hub_->store_;
    if (plan_.initial_events) {
      collect_initial(store);
      plan_.version = hub_->reached();
    }
    cursor_ = store.sequence_after(*plan_.kind, plan_.version);
    epoch_ = store.epoch();
    schedule_bookmark(plan_.opened);
  }
  ~CursorStream() override {
    hub_->unpark(*this);
    hub_->behind_.erase(this);
  }
  CursorStream(const CursorStream&) = delete;
  CursorStream& operator=(const CursorStream&) = delete;

  Piece next(Instant now) override {
    if (over_) return {*over_, nullptr};
    if (plan_.only_line) return finish_with(std::move(plan_.only_line));
    if (!initial_.empty()) {
      const ObjectPtr object = std::move(initial_.front());
      initial_.pop_front();
      return {State::ready, line(EventType::added, *object, now)};
    }
    if (plan_.initial_events_end) {
      plan_.initial_events_end = false;
      return {State::ready, bookmark_line(plan_.version, true, now)};
    }
    if (now >= plan_.ends) return finish(State::ended);
    if (const Piece piece = from_history(now); piece.state != State::idle) return piece;
    if (const Bytes line = due_bookmark(now)) return {State::ready, line};
    if (hub_->behind_.count(this) == 0) hub_->park(*this);
    return {State::idle, nullptr};
  }

  std::optional<Instant> deadline() const override {
    if (over_) return std::nullopt;
    return bookmark_at_ ? std::min(*bookmark_at_, plan_.ends) : plan_.ends;
  }

  void on_ready(std::function<void()> ready) override { ready_ = std::move(ready); }

 private:
  friend class WatchHub;

  void collect_initial(const Store& store) {
    const Selection& selection = plan_.selection;
    const auto consider = [&](const ObjectPtr& object) {
      if (selection.matches(*object)) initial_.push_back(object);
    };
    if (hub_->reached() < store.version()) {
      for (const auto& [key, object] : hub_->cached(*plan_.kind)) {
        const bool inside =
            selection.namespace_name.empty() || key.namespace_name == selection.namespace_name;
        if (inside) consider(object);
      }
      return;
    }
    if (!selection.name.empty() && (!selection.namespace_name.empty() || !plan_.kind->namespaced)) {
      const ObjectPtr one = store.find(*plan_.kind, selection.namespace_name, selection.name);
      if (one) consider(one);
    } else {
      store.visit(*plan_.kind, selection.namespace_name, consider);
    }
  }

  Piece from_history(Instant now) {
    const Store& store = *hub_->store_;
    const Kind& kind = *plan_.kind;
    // Parked since the last look and never woken: nothing in between concerns this stream.
    if (parked_) cursor_ = store.end_sequence(kind);
    hub_->behind_.erase(this);
    if (std::exchange(epoch_, store.epoch()) != store.epoch())
      cursor_ = store.sequence_after(kind, plan_.version);
    if (cursor_ < store.first_sequence(kind)) return finish(State::cut);
    while (cursor_ < store.end_sequence(kind)) {
      const Event& event = store.event(kind, cursor_);
      if (event.version > hub_->reached()) {
        hub_->behind_.insert(this);
        return {State::idle, nullptr};
      }
      ++cursor_;
      // A version from the future: silent until it is reached.
      if (event.version <= plan_.version) continue;
      plan_.version = event.version;
      if (const Bytes text = line_of(event, now)) return {State::ready, text};
    }
    return {State::idle, nullptr};
  }

  Bytes line_of(const Event& event, Instant now) {
    const bool was = event.previous && plan_.selection.matches(*event.previous);
    const bool is = event.type != EventType::deleted && plan_.selection.matches(*event.object);
    if (is) return line(was ? EventType::modified : EventType::added, *event.object, now);
    if (!was) return nullptr;
    if (event.type == EventType::deleted) return line(EventType::deleted, *event.object, now);
    return plan_.view ? shown(event_name(EventType::deleted), event.left(), now)
                      : event.left_line();
  }

  Bytes line(EventType type, const Object& object, Instant now) {
    return plan_.view ? shown(event_name(type), object.json(), now) : object.line(type);
  }

  Bytes shown(std::string_view type, const json& object, Instant now) {
    const auto wall_now = wall_time(plan_.wall_time, now);
    return event_line(type, plan_.view->show(object, wall_now));
  }

  Bytes bookmark_line(std::uint64_t version, bool initial_events_end, Instant now) {
    const json object = bookmark(*plan_.kind, version, initial_events_end);
    return plan_.view ? shown("BOOKMARK", object, now) : event_line("BOOKMARK", object);
  }

  Bytes due_bookmark(Instant now) {
    if (!bookmark_at_ || now < *bookmark_at_) return nullptr;
    schedule_bookmark(now);
    const std::uint64_t version = hub_->reached();
    if (version < plan_.version) return nullptr;
    plan_.version = version;
    return bookmark_line(version, false, now);
  }

  void schedule_bookmark(Instant now) {
    bookmark_at_.reset();
    if (!plan_.bookmarks || plan_.only_line) return;
    const Instant last = plan_.ends - bookmark_before_end;
    const Instant next = std::min(now + bookmark_interval, last);
    if (next > now) bookmark_at_ = next;
  }

  Piece finish(State state) {
    over_ = state;
    return {state, nullptr};
  }

  Piece finish_with(Bytes line) {
    over_ = State::ended;
    return {State::ready, std::move(line)};
  }

  std::shared_ptr<WatchHub> hub_;
  WatchPlan plan_;
  std::deque<ObjectPtr> initial_;
  std::uint64_t cursor_ = 0;
  std::uint64_t epoch_ = 0;  // of the store, when the cursor was set
  std::optional<Instant> bookmark_at_;
  std::optional<State> over_;
  std::function<void()> ready_;
  bool parked_ = false;
};

WatchHub::WatchHub(std::shared_ptr<Store> store) : store_(std::move(store)) {
  store_->on_commit([this](const Kind& kind, const Event& event) { committed(kind, event); });
}

std::unique_ptr<WatchStream> WatchHub::open(WatchPlan plan) {
  return std::make_unique<CursorStream>(shared_from_this(), std::move(plan));
}

std::uint64_t WatchHub::reached() const {
  return held_ ? std::min(*held_, store_->version()) : store_->version();
}

void WatchHub::hold(std::uint64_t version) {
  held_ = version;
  wake_held();
}

void WatchHub::release() {
  held_.reset();
  wake_held();
}

void WatchHub::wake_held() {
  for (CursorStream* stream : std::exchange(behind_, {})) {
    if (stream->ready_) stream->ready_();
  }
}

Objects WatchHub::cached(const Kind& kind) const {
  return store_->objects_at(kind, std::max(reached(), store_->compacted(kind)));
}

std::map<Key, WatchHub::Bucket, KeyLess>& WatchHub::parked(const Kind& kind) {
  if (parked_.size() <= kind.index) parked_.resize(kind.index + 1);
  return parked_[kind.index];
}

void WatchHub::park(CursorStream& stream) {
  if (stream.parked_) return;
  stream.parked_ = true;
  const Selection& selection = stream.plan_.selection;
  parked(*stream.plan_.kind)[Key{selection.namespace_name, selection.name}].push_back(&stream);
}

void WatchHub::unpark(CursorStream& stream) {
  if (!stream.parked_) return;
  stream.parked_ = false;
  auto& buckets = parked(*stream.plan_.kind);
  const auto it =
      buckets.find(Key{stream.plan_.selection.namespace_name, stream.plan_.selection.name});
  if (it == buckets.end()) return;
  const auto place = std::find(it->second.begin(), it->second.end(), &stream);
  if (place != it->second.end()) {
    *place = it->second.back();
    it->second.pop_back();
  }
  if (it->second.empty()) buckets.erase(it);
}

void WatchHub::committed(const Kind& kind, const Event& event) {
  const std::uint64_t sequence = store_->end_sequence(kind) - 1;
  auto& buckets = parked(kind);
  const std::string& space = event.object->namespace_name();
  const std::string& name = event.object->name();
  const std::array<KeyView, 4> keys = {KeyView{space, name}, KeyView{space, {}}, KeyView{{}, name},
                                       KeyView{{}, {}}};
  // A cluster-scoped object has no namespace: the first two keys are then the last two.
  for (std::size_t i = space.empty() ? 2 : 0; i < keys.size(); ++i) {
    if (const auto it = buckets.find(keys[i]); it != buckets.end()) {
      Bucket woken = std::move(it->second);
      buckets.erase(it);
      wake(woken, sequence);
    }
  }
}

void WatchHub::wake(Bucket& bucket, std::uint64_t sequence) {
  for (CursorStream* stream : bucket) {
    stream->parked_ = false;
    stream->cursor_ = sequence;
    if (stream->ready_) stream->ready_();
  }
}

}  // namespace fakeapi::cluster
