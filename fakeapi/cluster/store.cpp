// The store's bookkeeping. Nothing here knows what an object means.
#include "fakeapi/cluster/store.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

namespace fakeapi::cluster {

using nlohmann::json;

json Event::left() const {
  json last = previous->json();
  last["metadata"]["resourceVersion"] = std::to_string(version);
  return last;
}

const Bytes& Event::left_line() const {
  if (!left_line_)
    left_line_ = Object(std::make_shared<const json>(left())).line(EventType::deleted);
  return left_line_;
}

bool KeyLess::less(KeyView a, KeyView b) {
  if (a.namespace_name == b.namespace_name) return a.name < b.name;
  const std::size_t common = std::min(a.namespace_name.size(), b.namespace_name.size());
  const int order = a.namespace_name.substr(0, common).compare(b.namespace_name.substr(0, common));
  if (order != 0) return order < 0;
  // One namespace is the beginning of the other: the slash meets the longer one's next character.
  return a.namespace_name.size() < b.namespace_name.size() ? '/' < b.namespace_name[common]
                                                           : a.namespace_name[common] < '/';
}

Store::Store(std::shared_ptr<Kinds> kinds)
    : kinds_(std::move(kinds)), history_limit_(std::numeric_limits<std::size_t>::max()) {}

Store::Table& Store::table(const Kind& kind) {
  while (tables_.size() <= kind.index) tables_.emplace_back().compacted = compacted_;
  return tables_[kind.index];
}

const Store::Table& Store::table(const Kind& kind) const {
  static const Table none;
  return kind.index < tables_.size() ? tables_[kind.index] : none;
}

ObjectPtr Store::find(const Kind& kind, std::string_view namespace_name,
                      std::string_view name) const {
  const Objects& current = objects(kind);
  const auto it = current.find(KeyView{namespace_name, name});
  return it == current.end() ? nullptr : it->second;
}

void Store::visit(const Kind& kind, std::string_view namespace_name,
                  const std::function<void(const ObjectPtr&)>& visit) const {
  const Objects& current = objects(kind);
  auto it =
      namespace_name.empty() ? current.begin() : current.lower_bound(KeyView{namespace_name, {}});
  for (; it != current.end(); ++it) {
    if (!namespace_name.empty() && it->first.namespace_name != namespace_name) break;
    visit(it->second);
  }
}

Objects Store::objects_at(const Kind& kind, std::uint64_t version) const {
  const Table& events = table(kind);
  assert(version <= version_ && version >= events.compacted);
  Objects state = events.current;
  for (auto it = events.history.rbegin(); it != events.history.rend() && it->version > version;
       ++it) {
    const Key key{it->object->namespace_name(), it->object->name()};
    if (it->previous) {
      state[key] = it->previous;
    } else {
      state.erase(key);
    }
  }
  return state;
}

std::string Store::next_version() { return std::to_string(++version_); }

ObjectPtr Store::put(const Kind& kind, json content) {
  content["metadata"]["resourceVersion"] = next_version();
  for (const Twin& twin : kind.twins) write(*twin.kind, twin.convert(content));
  return write(kind, std::move(content));
}

ObjectPtr Store::remove(const Kind& kind, json last) {
  last["metadata"]["resourceVersion"] = next_version();
  for (const Twin& twin : kind.twins) take(*twin.kind, twin.convert(last));
  return take(kind, std::move(last));
}

ObjectPtr Store::write(const Kind& kind, json content) {
  const auto object =
      std::make_shared<const Object>(std::make_shared<const json>(std::move(content)));
  ObjectPtr& slot = table(kind).current[Key{object->namespace_name(), object->name()}];
  Event event;
  event.version = version_;
  event.type = slot ? EventType::modified : EventType::added;
  event.previous = slot;
  event.object = object;
  slot = object;
  commit(kind, std::move(event));
  return object;
}

ObjectPtr Store::take(const Kind& kind, json last) {
  const auto object = std::make_shared<const Object>(std::make_shared<const json>(std::move(last)));
  Objects& current = table(kind).current;
  const auto it = current.find(Key{object->namespace_name(), object->name()});
  assert(it != current.end());
  Event event;
  event.version = version_;
  event.type = EventType::deleted;
  event.previous = it->second;
  event.object = object;
  current.erase(it);
  commit(kind, std::move(event));
  return object;
}

void Store::commit(const Kind& kind, Event event) {
  Table& events = table(kind);
  events.history.push_back(std::move(event));
  while (events.history.size() > history_limit_) drop_oldest(events);
  // Observers do not write, so the event stays where it is.
  for (const auto& observer : observers_) observer(kind, events.history.back());
}

void Store::drop_oldest(Table& table) {
  table.compacted = table.history.front().version;
  table.history.pop_front();
  ++table.first_sequence;
}

void Store::on_commit(std::function<void(const Kind&, const Event&)> observer) {
  observers_.push_back(std::move(observer));
}

std::uint64_t Store::end_sequence(const Kind& kind) const {
  const Table& events = table(kind);
  return events.first_sequence + events.history.size();
}

const Event& Store::event(const Kind& kind, std::uint64_t sequence) const {
  const Table& events = table(kind);
  return events.history[static_cast<std::size_t>(sequence - events.first_sequence)];
}

std::uint64_t Store::sequence_after(const Kind& kind, std::uint64_t version) const {
  const Table& events = table(kind);
  const auto it = std::upper_bound(events.history.begin(), events.history.end(), version,
                                   [](std::uint64_t v, const Event& e) { return v < e.version; });
  return events.first_sequence + static_cast<std::uint64_t>(it - events.history.begin());
}

void Store::compact(std::uint64_t version) {
  compacted_ = std::max(compacted_, std::min(version, version_));
  for (Table& events : tables_) {
    while (!events.history.empty() && events.history.front().version <= version)
      drop_oldest(events);
    events.compacted = std::max(events.compacted, compacted_);
  }
}

std::uint64_t Store::oldest() const {
  std::uint64_t oldest = compacted_;
  for (const Table& events : tables_) oldest = std::max(oldest, events.compacted);
  return oldest;
}

std::vector<Store::Difference> Store::roll_back(std::uint64_t version) {
  assert(version <= version_ && version >= oldest());
  std::vector<Difference> differences;
  for (const Kind& kind : kinds_->all()) {
    if (kind.index >= tables_.size()) continue;
    Table& events = tables_[kind.index];
    const Objects before = std::exchange(events.current, objects_at(kind, version));
    while (!events.history.empty() && events.history.back().version > version)
      events.history.pop_back();
    const auto differs = [&](EventType type, ObjectPtr object, ObjectPtr previous) {
      Event event;
      event.version = version;
      event.type = type;
      event.object = std::move(object);
      event.previous = std::move(previous);
      differences.emplace_back(&kind, std::move(event));
    };
    for (const auto& [key, object] : before) {
      if (events.current.count(key) == 0) differs(EventType::deleted, object, object);
    }
    for (const auto& [key, object] : events.current) {
      const auto old = before.find(key);
      if (old == before.end()) {
        differs(EventType::added, object, nullptr);
      } else if (old->second != object) {
        differs(EventType::modified, object, old->second);
      }
    }
  }
  version_ = version;
  ++epoch_;
  return differences;
}

Store::Snapshot Store::snapshot() const {
  Snapshot snapshot;
  for (const Table& table : tables_) snapshot.push_back(table.current);
  return snapshot;
}

void Store::restore(const Snapshot& snapshot) {
  const auto without_version = [](const ObjectPtr& object) {
    json content = *object->content();
    content["metadata"].erase("resourceVersion");
    return content;
  };
  static const Objects nothing;
  for (const Kind& kind : kinds_->all()) {
    if (kind.index >= tables_.size()) continue;
    const Objects& wanted = kind.index < snapshot.size() ? snapshot[kind.index] : nothing;
    const Objects before = table(kind).current;
    for (const auto& [key, object] : before) {
      // A twin may be gone already.
      const bool is_there = table(kind).current.contains(key);
      if (is_there && !wanted.contains(key)) remove(kind, *object->content());
    }
    for (const auto& [key, object] : wanted) {
      const ObjectPtr now = find(kind, key.namespace_name, key.name);
      if (now == object || (now && without_version(now) == without_version(object))) continue;
      put(kind, without_version(object));
    }
  }
}

}  // namespace fakeapi::cluster
