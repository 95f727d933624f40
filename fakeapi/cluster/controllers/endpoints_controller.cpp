// One Endpoints object for each Service with a selector. Addresses that offer the same ports share
// a subset.
#include "fakeapi/cluster/controllers/endpoints_controller.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/controllers/subsets.hpp"
#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// In the traces both controllers write 4..12 ms after a change, now one first, now the other. Here
// the slices are first.
constexpr Duration endpoints_lag = std::chrono::milliseconds(4);

constexpr const char* managed_by_label = "endpoints.kubernetes.io/managed-by";
constexpr const char* over_capacity_annotation = "endpoints.kubernetes.io/over-capacity";

json labels_of(const json& service) {
  json labels = service.at("metadata").value("labels", json::object());
  labels[managed_by_label] = "endpoint-controller";
  labels.erase(backends::headless_label);
  if (backends::is_headless(service)) labels[backends::headless_label] = "";
  return labels;
}

json address_of(const Object& pod, const Object& service, const std::string& ip) {
  json address = {{"ip", ip}, {"targetRef", backends::target_ref(pod)}};
  const std::string node = string_at(pod.json(), {"spec", "nodeName"});
  if (!node.empty()) address["nodeName"] = node;
  const std::string hostname = backends::hostname_of(pod.json(), service);
  if (!hostname.empty()) address["hostname"] = hostname;
  return address;
}

}  // namespace

EndpointsController::EndpointsController(Store& store, Registry& registry)
    : Controller(store, registry, endpoints_lag) {}

void EndpointsController::observe(Instant now, const Kind& kind, const Event& event) {
  backends::enqueue_services(store_, queue_, now, kind, event);
  // Endpoints that somebody deleted are written again.
  if (kind.plural == "endpoints" && event.type == EventType::deleted) {
    queue_.add(now, {event.object->namespace_name(), event.object->name()});
  }
}

json EndpointsController::subsets_of(const Object& service,
                                     const std::vector<ObjectPtr>& pods) const {
  const json& spec = service.json().at("spec");
  const bool publishes = backends::publishes_not_ready(service.json());
  const std::string family = backends::families_of(service.json()).front();
  SubsetPacker packer;
  for (const ObjectPtr& pod : pods) {
    if (!backends::is_backend(pod->json(), publishes)) continue;
    const auto ips = backends::addresses_of(pod->json(), family);
    if (ips.empty()) continue;
    const json address = address_of(*pod, service, ips.front());
    const bool ready = publishes || backends::is_ready(pod->json());
    const auto ports = rules::elements(spec, "ports");
    if (ports.empty() && backends::is_headless(service.json())) packer.add(address, ready, json());
    for (const json& port : ports) {
      const auto number = backends::find_port(pod->json(), port);
      if (!number) continue;
      json offered = {{"port", *number}, {"protocol", port.value("protocol", "TCP")}};
      for (const char* key : {"name", "appProtocol"}) {
        if (port.contains(key)) offered[key] = port[key];
      }
      packer.add(address, ready, offered);
    }
  }
  return packer.subsets();
}

void EndpointsController::reconcile(Instant now, const Key& key) {
  const Kind& kind = store_.kinds().of("endpoints");
  const ObjectPtr service =
      store_.find(store_.kinds().of("services"), key.namespace_name, key.name);
  const ObjectPtr current = store_.find(kind, key.namespace_name, key.name);
  if (!service) {
    trigger_times_.forget(key);
    // Endpoints may be hand-made and of no Service; only those of this controller go with the
    // Service. The real one deletes any of that name when a Service of that name is deleted, which
    // is how this key came here.
    if (current && find_label(current->json(), managed_by_label) != nullptr)
      registry_.erase(kind, current);
    return;
  }
  if (!backends::has_selector(service->json())) return;
  const std::vector<ObjectPtr> pods = backends::selected_pods(store_, *service);
  const std::string trigger_time = trigger_times_.next(key, *service, pods);
  json subsets = subsets_of(*service, pods);
  const bool truncated = truncate_subsets(subsets);
  const json labels = labels_of(service->json());

  json object = current ? current->json() : json{{"metadata", {{"name", key.name}}}};
  json& metadata = object["metadata"];
  const json old_annotations = metadata.value("annotations", json::object());
  const bool marked = old_annotations.contains(over_capacity_annotation);
  if (current && object.value("subsets", json::array()) == subsets &&
      metadata.value("labels", json::object()) == labels && marked == truncated) {
    return;
  }
  object["subsets"] = std::move(subsets);
  metadata["labels"] = labels;
  json annotations = old_annotations;
  annotations.erase(backends::trigger_time_annotation);
  annotations.erase(over_capacity_annotation);
  if (!trigger_time.empty()) annotations[backends::trigger_time_annotation] = trigger_time;
  if (truncated) annotations[over_capacity_annotation] = "truncated";
  metadata["annotations"] = std::move(annotations);
  if (current) {
    registry_.update(now, kind, key.namespace_name, key.name, std::move(object));
  } else {
    registry_.create(now, kind, key.namespace_name, std::move(object));
  }
}

}  // namespace fakeapi::cluster
