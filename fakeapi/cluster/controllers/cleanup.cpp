// Both work from uids and names only: what the objects are does not matter.
#include "fakeapi/cluster/controllers/cleanup.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// In traces/service-created-late the slices go 24 ms after their Service.
constexpr Duration collect_lag = std::chrono::milliseconds(10);
constexpr Duration namespace_lag = std::chrono::milliseconds(10);

std::vector<std::string> owners_of(const Object& object) {
  std::vector<std::string> out;
  for (const json& owner : rules::elements(object.json().at("metadata"), "ownerReferences")) {
    out.push_back(string_at(owner, {"uid"}));
  }
  return out;
}

bool has_finalizer(const json& object, const char* finalizer) {
  const auto finalizers = rules::elements(object.at("metadata"), "finalizers");
  return std::find(finalizers.begin(), finalizers.end(), finalizer) != finalizers.end();
}

bool waits_for_collection(const json& object) {
  return object.at("metadata").contains("deletionTimestamp") &&
         (has_finalizer(object, orphan_finalizer) || has_finalizer(object, foreground_finalizer));
}

void without(json& metadata, const char* list, const json& value) {
  json kept = json::array();
  for (const json& one : rules::elements(std::as_const(metadata), list)) {
    if (one != value) kept.push_back(one);
  }
  metadata.erase(list);
  if (!kept.empty()) metadata[list] = std::move(kept);
}

// Takes an owner out; true when others are left.
bool without_owner(json& object, const std::string& uid) {
  json& metadata = object["metadata"];
  for (const json& owner : rules::elements(std::as_const(metadata), "ownerReferences")) {
    if (string_at(owner, {"uid"}) != uid) continue;
    without(metadata, "ownerReferences", json(owner));
    break;
  }
  return metadata.contains("ownerReferences");
}

}  // namespace

GarbageCollector::GarbageCollector(Store& store, Registry& registry)
    : Controller(store, registry, collect_lag) {}

void GarbageCollector::observe(Instant now, const Kind& kind, const Event& event) {
  const Dependent self{kind.index, event.object->namespace_name(), event.object->name()};
  if (event.previous) {
    for (const std::string& owner : owners_of(*event.previous)) {
      const auto it = dependents_.find(owner);
      if (it == dependents_.end()) continue;
      it->second.erase(self);
      if (it->second.empty()) dependents_.erase(it);
    }
  }
  const std::string& uid = event.object->uid();
  if (event.type == EventType::deleted) {
    living_.erase(uid);
    if (dependents_.count(uid) > 0) queue_.add(now, {{}, uid});
    return;
  }
  living_.insert_or_assign(uid, self);
  if (waits_for_collection(event.object->json())) queue_.add(now, {{}, uid});
  for (const std::string& owner : owners_of(*event.object)) {
    dependents_[owner].insert(self);
    // An owner that is gone already, or never was, takes the object with it.
    if (living_.count(owner) == 0) queue_.add(now, {{}, owner});
  }
}

ObjectPtr GarbageCollector::find(const Dependent& one) const {
  return store_.find(kind_of(one), one.namespace_name, one.name);
}

void GarbageCollector::reconcile(Instant now, const Key& key) {
  const auto found = dependents_.find(key.name);
  const std::set<Dependent> dependents =
      found != dependents_.end() ? found->second : std::set<Dependent>();
  const auto owner = living_.find(key.name);
  if (owner == living_.end()) {
    erase_orphans(dependents);
  } else {
    release(now, key.name, Dependent(owner->second), dependents);
  }
}

void GarbageCollector::erase_orphans(const std::set<Dependent>& dependents) {
  for (const Dependent& one : dependents) {
    const ObjectPtr object = find(one);
    if (!object) continue;
    const auto owners = owners_of(*object);
    const bool orphaned = std::none_of(owners.begin(), owners.end(), [&](const std::string& owner) {
      return living_.count(owner) > 0;
    });
    if (orphaned) registry_.erase(kind_of(one), object);
  }
}

// An owner that waits: its dependents go, or forget it; then its finalizer goes.
void GarbageCollector::release(Instant now, const std::string& uid, const Dependent& owner,
                               const std::set<Dependent>& dependents) {
  const ObjectPtr object = find(owner);
  if (!object || !waits_for_collection(object->json())) return;
  const bool orphans = has_finalizer(object->json(), orphan_finalizer);
  for (const Dependent& one : dependents) {
    const ObjectPtr dependent = find(one);
    if (!dependent) continue;
    json content = dependent->json();
    const bool others = without_owner(content, uid);
    if (orphans || others) {
      registry_.update(now, kind_of(one), one.namespace_name, one.name, std::move(content));
    } else {
      registry_.erase(kind_of(one), dependent);
    }
  }
  json released = object->json();
  without(released["metadata"], "finalizers",
          json(orphans ? orphan_finalizer : foreground_finalizer));
  registry_.update(now, kind_of(owner), owner.namespace_name, owner.name, std::move(released));
}

NamespaceController::NamespaceController(Store& store, Registry& registry)
    : Controller(store, registry, namespace_lag) {}

void NamespaceController::observe(Instant now, const Kind& kind, const Event& event) {
  if (kind.finalized_by_controller && event.type != EventType::deleted &&
      string_at(event.object->json(), {"status", "phase"}) == "Terminating") {
    queue_.add(now, {{}, event.object->name()});
  }
}

void NamespaceController::reconcile(Instant /*now*/, const Key& key) {
  const Kind& spaces = store_.kinds().of("namespaces");
  const ObjectPtr space = store_.find(spaces, {}, key.name);
  if (!space) return;
  for (const Kind& kind : store_.kinds().all()) {
    if (!kind.namespaced) continue;
    std::vector<ObjectPtr> content;
    store_.visit(kind, key.name, [&](const ObjectPtr& object) { content.push_back(object); });
    for (const ObjectPtr& object : content) registry_.erase(kind, object);
  }
  registry_.erase(spaces, space);
}

}  // namespace fakeapi::cluster
