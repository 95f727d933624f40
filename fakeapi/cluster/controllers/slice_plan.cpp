// The reconciler's three steps for each set of ports: keep what is still right, fill slices that
// change anyway, then one slice with room or new ones. A Service without any endpoint keeps one
// placeholder slice.
#include "fakeapi/cluster/controllers/slice_plan.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/controllers/backends.hpp"
#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr std::size_t endpoints_per_slice_max = 100;  // --max-endpoints-per-slice
constexpr const char* zone_label = "topology.kubernetes.io/zone";

json ports_of(const json& service, const json& pod) {
  json ports = json::array();
  for (const json& port : rules::elements(service.at("spec"), "ports")) {
    const auto number = backends::find_port(pod, port);
    if (!number) continue;
    json one = {{"name", port.value("name", "")},
                {"port", *number},
                {"protocol", port.value("protocol", "TCP")}};
    if (port.contains("appProtocol")) one["appProtocol"] = port["appProtocol"];
    ports.push_back(std::move(one));
  }
  return ports;
}

// Two lists of ports are the same whatever their order.
std::string ports_key(const json& ports) {
  std::vector<std::string> texts;
  if (ports.is_array()) {
    for (const json& port : ports) texts.push_back(port.dump());
  }
  std::sort(texts.begin(), texts.end());
  std::string key;
  for (const std::string& text : texts) key += text;
  return key;
}

json endpoint_of(const Object& pod, const json* node, const Object& service,
                 std::vector<std::string> ips) {
  const bool serving = backends::is_ready(pod.json());
  const bool terminating = backends::is_terminating(pod.json());
  const bool ready = backends::publishes_not_ready(service.json()) || (serving && !terminating);
  json endpoint = {
      {"addresses", std::move(ips)},
      {"conditions", {{"ready", ready}, {"serving", serving}, {"terminating", terminating}}},
      {"targetRef", backends::target_ref(pod)}};
  const std::string node_name = string_at(pod.json(), {"spec", "nodeName"});
  if (!node_name.empty()) endpoint["nodeName"] = node_name;
  const std::string* zone = node != nullptr ? find_label(*node, zone_label) : nullptr;
  if (zone != nullptr) endpoint["zone"] = *zone;
  const std::string hostname = backends::hostname_of(pod.json(), service);
  if (!hostname.empty()) endpoint["hostname"] = hostname;
  return endpoint;
}

// Which endpoint it is, whatever its conditions.
std::string identity(const json& endpoint) {
  return endpoint.value("addresses", json()).dump() + string_at(endpoint, {"targetRef", "uid"}) +
         string_at(endpoint, {"hostname"});
}

// By identity, so that the order is that of the addresses and each is found at once.
using Endpoints = std::map<std::string, json>;

struct Wanted {
  json ports = json::array();
  Endpoints endpoints;
};

std::map<std::string, Wanted> wanted_endpoints(const Store& store, const Object& service,
                                               const std::vector<ObjectPtr>& pods,
                                               const std::string& family) {
  std::map<std::string, Wanted> out;
  for (const ObjectPtr& pod : pods) {
    if (!backends::is_backend(pod->json(), true)) continue;
    json ports = ports_of(service.json(), pod->json());
    Wanted& wanted = out[ports_key(ports)];
    wanted.ports = std::move(ports);
    const ObjectPtr node =
        store.find(store.kinds().of("nodes"), {}, string_at(pod->json(), {"spec", "nodeName"}));
    // A Pod on a Node that does not exist is left out, unless its Service wants every address at
    // any rate (reconciler.go, "skipping Pod for Service, Node not found"; recordings: all traces
    // but publish-not-ready).
    if (!node && !backends::publishes_not_ready(service.json())) continue;
    auto ips = backends::addresses_of(pod->json(), family);
    if (ips.empty()) continue;
    json endpoint = endpoint_of(*pod, node ? &node->json() : nullptr, service, std::move(ips));
    std::string who = identity(endpoint);
    wanted.endpoints.insert_or_assign(std::move(who), std::move(endpoint));
  }
  return out;
}

json new_slice(const Object& service, const json& ports, const std::string& family) {
  return {{"metadata",
           {{"generateName", service.name() + "-"},
            {"labels", slice_labels(service.json())},
            {"ownerReferences", json::array({{{"apiVersion", "v1"},
                                              {"kind", "Service"},
                                              {"name", service.name()},
                                              {"uid", service.uid()},
                                              {"controller", true},
                                              {"blockOwnerDeletion", true}}})}}},
          {"addressType", family},
          {"endpoints", json::array()},
          {"ports", ports}};
}

bool owned_by(const Object& slice, const Object& service) {
  for (const json& owner : rules::elements(slice.json().at("metadata"), "ownerReferences")) {
    if (string_at(owner, {"uid"}) == service.uid()) return true;
  }
  return false;
}

// A slice of one set of ports while it is being worked on.
struct Work {
  ObjectPtr before;
  std::vector<json> endpoints;
  bool changed = false;
  bool labels_changed = false;
};

// Step 1: what is still wanted stays, in its newest form; what is placed is no longer wanted
// elsewhere.
Work keep_wanted(const Object& service, const ObjectPtr& slice, Endpoints& wanted) {
  Work work;
  work.before = slice;
  const auto had = rules::elements(slice->json(), "endpoints");
  for (const json& endpoint : had) {
    const auto it = wanted.find(identity(endpoint));
    if (it == wanted.end()) continue;
    work.changed = work.changed || it->second != endpoint;
    work.endpoints.push_back(std::move(it->second));
    wanted.erase(it);
  }
  work.changed = work.changed || had.size() != work.endpoints.size();
  work.labels_changed =
      slice->json().at("metadata").value("labels", json()) != slice_labels(service.json());
  return work;
}

void fill(Work& work, Endpoints& wanted) {
  while (!wanted.empty() && work.endpoints.size() < endpoints_per_slice_max) {
    work.endpoints.push_back(std::move(wanted.begin()->second));
    wanted.erase(wanted.begin());
    work.changed = true;
  }
}

// The unchanged slice that the rest fills best.
Work* with_room(std::vector<Work>& works, std::size_t count) {
  Work* best = nullptr;
  if (count >= endpoints_per_slice_max) return best;
  for (Work& work : works) {
    if (work.changed || work.endpoints.size() + count > endpoints_per_slice_max) continue;
    if (best == nullptr || work.endpoints.size() > best->endpoints.size()) best = &work;
  }
  return best;
}

void plan_ports(SlicePlan& plan, const Object& service, const std::vector<ObjectPtr>& existing,
                Wanted wanted, const std::string& family) {
  std::vector<Work> works;
  for (const ObjectPtr& slice : existing)
    works.push_back(keep_wanted(service, slice, wanted.endpoints));
  std::vector<Work*> changing;
  for (Work& work : works) {
    if (work.changed && !work.endpoints.empty()) changing.push_back(&work);
  }
  std::stable_sort(changing.begin(), changing.end(), [](const Work* a, const Work* b) {
    return a->endpoints.size() > b->endpoints.size();
  });
  for (Work* work : changing) fill(*work, wanted.endpoints);
  if (Work* work = with_room(works, wanted.endpoints.size()); work != nullptr)
    fill(*work, wanted.endpoints);
  while (!wanted.endpoints.empty()) {
    Work fresh;
    fill(fresh, wanted.endpoints);
    auto content = std::make_shared<json>(new_slice(service, wanted.ports, family));
    (*content)["endpoints"] = std::move(fresh.endpoints);
    plan.create.push_back({{}, std::move(content)});
  }
  for (Work& work : works) {
    if (work.changed && work.endpoints.empty()) {
      plan.remove.push_back(work.before);
    } else if (work.changed || work.labels_changed) {
      auto content = std::make_shared<json>(work.before->json());
      (*content)["endpoints"] = std::move(work.endpoints);
      (*content)["metadata"]["labels"] = slice_labels(service.json());
      plan.update.push_back({work.before->name(), std::move(content)});
    }
  }
}

bool is_placeholder(const Object& slice, const Object& service) {
  return rules::elements(slice.json(), "endpoints").empty() &&
         rules::elements(slice.json(), "ports").empty() && owned_by(slice, service) &&
         slice.json().at("metadata").value("labels", json()) == slice_labels(service.json());
}

void keep_placeholder(SlicePlan& plan, const Object& service, std::size_t existing,
                      const std::string& family) {
  if (plan.remove.size() != existing || !plan.create.empty()) return;
  if (plan.remove.size() == 1 && is_placeholder(*plan.remove.front(), service)) {
    plan.remove.clear();
    return;
  }
  plan.create.push_back({{}, std::make_shared<json>(new_slice(service, json::array(), family))});
}

// A slice that would go takes over the content of one that would come.
void recycle(SlicePlan& plan, const Object& service) {
  for (auto it = plan.remove.begin(); it != plan.remove.end() && !plan.create.empty();) {
    if (!owned_by(**it, service)) {
      ++it;
      continue;
    }
    SliceDraft draft = std::move(plan.create.back());
    plan.create.pop_back();
    draft.name = (*it)->name();
    (*draft.content)["metadata"]["name"] = draft.name;
    plan.update.push_back(std::move(draft));
    it = plan.remove.erase(it);
  }
}

}  // namespace

json slice_labels(const json& service) {
  json labels = service.at("metadata").value("labels", json::object());
  labels.erase(backends::headless_label);
  if (backends::is_headless(service)) labels[backends::headless_label] = "";
  labels[backends::service_name_label] = string_at(service, {"metadata", "name"});
  labels[backends::slice_managed_by_label] = slice_controller_name;
  return labels;
}

SlicePlan plan_slices(const Store& store, const Object& service, const std::vector<ObjectPtr>& pods,
                      const std::vector<ObjectPtr>& existing, const std::string& family) {
  SlicePlan plan;
  std::map<std::string, std::vector<ObjectPtr>> by_ports;
  for (const ObjectPtr& slice : existing) {
    if (owned_by(*slice, service)) {
      by_ports[ports_key(slice->json().value("ports", json()))].push_back(slice);
    } else {
      plan.remove.push_back(slice);
    }
  }
  std::map<std::string, Wanted> wanted = wanted_endpoints(store, service, pods, family);
  for (auto& [key, one] : wanted) plan_ports(plan, service, by_ports[key], std::move(one), family);
  for (const auto& [key, slices] : by_ports) {
    if (wanted.find(key) == wanted.end())
      plan.remove.insert(plan.remove.end(), slices.begin(), slices.end());
  }
  keep_placeholder(plan, service, existing.size(), family);
  recycle(plan, service);
  return plan;
}

}  // namespace fakeapi::cluster
