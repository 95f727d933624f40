// Both work from uids and names only: what the objects are does not matter.
#include "fakeapi/cluster/controllers/cleanup.hpp"

#include <algorithm>

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
  if (event.type == EventType::deleted) {
    living_.erase(event.object->uid());
    if (dependents_.count(event.object->uid()) > 0) queue_.add(now, {{}, event.object->uid()});
    return;
  }
  living_.insert(event.object->uid());
  for (const std::string& owner : owners_of(*event.object)) {
    dependents_[owner].insert(self);
    // An owner that is gone already, or never was, takes the object with it.
    if (living_.count(owner) == 0) queue_.add(now, {{}, owner});
  }
}

void GarbageCollector::reconcile(Instant /*now*/, const Key& key) {
  const auto it = dependents_.find(key.name);
  if (it == dependents_.end()) return;
  const std::set<Dependent> dependents = it->second;
  for (const Dependent& one : dependents) {
    const Kind& kind = store_.kinds().all()[one.kind_index];
    const ObjectPtr object = store_.find(kind, one.namespace_name, one.name);
    if (!object) continue;
    const auto owners = owners_of(*object);
    const bool orphaned = std::none_of(owners.begin(), owners.end(), [&](const std::string& owner) {
      return living_.count(owner) > 0;
    });
    if (orphaned) registry_.erase(kind, object);
  }
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
