// One slice for each set of ports and address family, at most 1000 addresses of a subset.
#include "fakeapi/cluster/controllers/mirroring_controller.hpp"

#include <map>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/controllers/backends.hpp"
#include "fakeapi/cluster/rules/addresses.hpp"
#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr Duration mirroring_lag = std::chrono::milliseconds(3);
constexpr std::size_t addresses_per_subset_max = 1000;  // --mirroring-max-endpoints-per-subset
constexpr const char* controller_name = "endpointslicemirroring-controller.k8s.io";
constexpr const char* skip_label = "endpointslice.kubernetes.io/skip-mirror";
constexpr const char* leader_annotation = "control-plane.alpha.kubernetes.io/leader";
constexpr const char* last_applied_annotation = "kubectl.kubernetes.io/last-applied-configuration";

bool mirrored(const json& endpoints) {
  const std::string* skip = find_label(endpoints, skip_label);
  return (skip == nullptr || *skip != "true") &&
         find_at(endpoints, {"metadata", "annotations", leader_annotation}) == nullptr;
}

json endpoint_of(const json& address, bool ready) {
  json out = {{"addresses", {string_at(address, {"ip"})}}, {"conditions", {{"ready", ready}}}};
  for (const char* key : {"hostname", "nodeName", "targetRef"}) {
    if (address.contains(key)) out[key] = address[key];
  }
  return out;
}

json ports_of(const json& subset) {
  json out = json::array();
  for (const json& port : rules::elements(subset, "ports")) {
    json one = {{"name", port.value("name", "")}, {"protocol", port.value("protocol", "TCP")}};
    for (const char* key : {"port", "appProtocol"}) {
      if (port.contains(key)) one[key] = port[key];
    }
    out.push_back(std::move(one));
  }
  return out;
}

struct Wanted {
  std::string family;
  json ports;
  json endpoints = json::array();
};
using WantedByKey = std::map<std::string, Wanted>;

std::string key_of(const std::string& family, const json& ports) {
  return family + (ports.is_array() ? ports.dump() : "[]");
}

void add_subset(WantedByKey& out, const json& subset) {
  const json ports = ports_of(subset);
  std::size_t added = 0;
  for (const char* list : {"addresses", "notReadyAddresses"}) {
    for (const json& address : rules::elements(subset, list)) {
      if (added++ == addresses_per_subset_max) return;
      const std::string family = addresses::is_ipv6(string_at(address, {"ip"})) ? "IPv6" : "IPv4";
      Wanted& wanted = out[key_of(family, ports)];
      wanted.family = family;
      wanted.ports = ports;
      wanted.endpoints.push_back(endpoint_of(address, std::string_view(list) == "addresses"));
    }
  }
}

json slice_of(const Object& endpoints, const Wanted& wanted) {
  json labels = endpoints.json().at("metadata").value("labels", json::object());
  labels[backends::service_name_label] = endpoints.name();
  labels[backends::slice_managed_by_label] = controller_name;
  json annotations = endpoints.json().at("metadata").value("annotations", json::object());
  annotations.erase(last_applied_annotation);
  annotations.erase(backends::trigger_time_annotation);
  return {{"metadata",
           {{"generateName", endpoints.name() + "-"},
            {"labels", std::move(labels)},
            {"annotations", std::move(annotations)},
            {"ownerReferences", json::array({{{"apiVersion", "v1"},
                                              {"kind", "Endpoints"},
                                              {"name", endpoints.name()},
                                              {"uid", endpoints.uid()},
                                              {"controller", true},
                                              {"blockOwnerDeletion", true}}})}}},
          {"addressType", wanted.family},
          {"endpoints", wanted.endpoints},
          {"ports", wanted.ports}};
}

}  // namespace

MirroringController::MirroringController(Store& store, Registry& registry)
    : Controller(store, registry, mirroring_lag) {}

void MirroringController::observe(Instant now, const Kind& kind, const Event& event) {
  if (kind.plural == "endpoints" || kind.plural == "services") {
    queue_.add(now, {event.object->namespace_name(), event.object->name()});
  }
}

void MirroringController::reconcile(Instant now, const Key& key) {
  const Kind& kind = store_.kinds().of("endpointslices");
  const ObjectPtr endpoints =
      store_.find(store_.kinds().of("endpoints"), key.namespace_name, key.name);
  const ObjectPtr service =
      store_.find(store_.kinds().of("services"), key.namespace_name, key.name);
  WantedByKey wanted;
  if (endpoints && service && service->json().at("spec").value("selector", json()).is_null() &&
      mirrored(endpoints->json())) {
    for (const json& subset : rules::elements(endpoints->json(), "subsets"))
      add_subset(wanted, subset);
  }
  std::vector<ObjectPtr> existing;
  store_.visit(kind, key.namespace_name, [&](const ObjectPtr& slice) {
    const std::string* of = find_label(slice->json(), backends::service_name_label);
    const std::string* by = find_label(slice->json(), backends::slice_managed_by_label);
    if (of != nullptr && by != nullptr && *of == key.name && *by == controller_name)
      existing.push_back(slice);
  });
  for (const ObjectPtr& slice : existing) {
    const auto it = wanted.find(
        key_of(string_at(slice->json(), {"addressType"}), slice->json().value("ports", json())));
    if (it == wanted.end()) {
      registry_.erase(kind, slice);
      continue;
    }
    json content = slice_of(*endpoints, it->second);
    content["metadata"]["name"] = slice->name();
    content["metadata"].erase("generateName");  // recorded: it is there until the first update
    registry_.update(now, kind, key.namespace_name, slice->name(), std::move(content));
    wanted.erase(it);
  }
  for (const auto& [ports, one] : wanted)
    registry_.create(now, kind, key.namespace_name, slice_of(*endpoints, one));
}

}  // namespace fakeapi::cluster
