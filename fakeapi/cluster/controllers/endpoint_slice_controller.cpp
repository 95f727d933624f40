// Finds what changed and carries the plan out.
#include "fakeapi/cluster/controllers/endpoint_slice_controller.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/controllers/slice_plan.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// See endpoints_lag: a little earlier, so that for two milliseconds the two disagree.
constexpr Duration slices_lag = std::chrono::milliseconds(2);

bool managed(const Object& slice) {
  const std::string* by = find_label(slice.json(), backends::slice_managed_by_label);
  return by != nullptr && *by == slice_controller_name;
}

void set_trigger_time(json& slice, const std::string& at) {
  json annotations = slice["metadata"].value("annotations", json::object());
  annotations.erase(backends::trigger_time_annotation);
  if (!at.empty()) annotations[backends::trigger_time_annotation] = at;
  slice["metadata"]["annotations"] = std::move(annotations);
}

}  // namespace

EndpointSliceController::EndpointSliceController(Store& store, Registry& registry)
    : Controller(store, registry, slices_lag) {}

void EndpointSliceController::observe(Instant now, const Kind& kind, const Event& event) {
  backends::enqueue_services(store_, queue_, now, kind, event);
  if (kind.plural == "endpointslices" && !writing_) {
    // Somebody else's hand on a slice of ours is undone.
    const Object& slice = *event.object;
    const bool ours = managed(slice) || (event.previous && managed(*event.previous));
    const std::string* service = find_label(slice.json(), backends::service_name_label);
    if (ours && service != nullptr) queue_.add(now, {slice.namespace_name(), *service});
  }
  if (kind.plural == "nodes" && event.type != EventType::modified) {
    // Pods that were left out for want of this Node, or that now are.
    store_.visit(store_.kinds().of("services"), {}, [&](const ObjectPtr& service) {
      if (backends::has_selector(service->json()))
        queue_.add(now, {service->namespace_name(), service->name()});
    });
  }
}

void EndpointSliceController::reconcile(Instant now, const Key& key) {
  const ObjectPtr service =
      store_.find(store_.kinds().of("services"), key.namespace_name, key.name);
  if (!service) {
    trigger_times_.forget(key);  // the garbage collector takes the slices
    return;
  }
  if (!backends::has_selector(service->json())) return;
  const Kind& kind = store_.kinds().of("endpointslices");
  const std::vector<ObjectPtr> pods = backends::selected_pods(store_, *service);
  const std::string trigger_time = trigger_times_.next(key, *service, pods);
  std::map<std::string, std::vector<ObjectPtr>> existing;
  store_.visit(kind, key.namespace_name, [&](const ObjectPtr& slice) {
    const std::string* of = find_label(slice->json(), backends::service_name_label);
    if (of != nullptr && *of == key.name && managed(*slice)) {
      existing[string_at(slice->json(), {"addressType"})].push_back(slice);
    }
  });
  SlicePlan plan;
  for (const std::string& family : backends::families_of(service->json())) {
    SlicePlan part = plan_slices(store_, *service, pods, existing[family], family);
    existing.erase(family);
    std::move(part.create.begin(), part.create.end(), std::back_inserter(plan.create));
    std::move(part.update.begin(), part.update.end(), std::back_inserter(plan.update));
    std::move(part.remove.begin(), part.remove.end(), std::back_inserter(plan.remove));
  }
  for (const auto& [family, slices] : existing)
    plan.remove.insert(plan.remove.end(), slices.begin(), slices.end());

  writing_ = true;
  for (SliceDraft& draft : plan.create) {
    set_trigger_time(*draft.content, trigger_time);
    registry_.create(now, kind, key.namespace_name, std::move(*draft.content));
  }
  for (SliceDraft& draft : plan.update) {
    set_trigger_time(*draft.content, trigger_time);
    (*draft.content)["metadata"].erase("resourceVersion");
    registry_.update(now, kind, key.namespace_name, draft.name, std::move(*draft.content));
  }
  for (const ObjectPtr& slice : plan.remove) registry_.erase(kind, slice);
  writing_ = false;
}

}  // namespace fakeapi::cluster
