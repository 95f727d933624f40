#include "fakeapi/scenario/recording/reduce.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "fakeapi/scenario/recording/recording.hpp"

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;
using Keys = std::initializer_list<const char*>;

// Written anew with every change of an Endpoints object, or every few seconds by a leader election
// of the old kind; or a copy of the whole object.
constexpr std::array<const char*, 3> annotations_dropped = {
    "kubectl.kubernetes.io/last-applied-configuration",
    "endpoints.kubernetes.io/last-change-trigger-time", "control-plane.alpha.kubernetes.io/leader"};

bool holds_something(const json& value) {
  return !value.is_null() && !((value.is_structured() || value.is_string()) && value.empty());
}

json only(const json& object, Keys keys) {
  json kept = json::object();
  if (!object.is_object()) return kept;
  for (const char* key : keys) {
    const auto found = object.find(key);
    if (found != object.end() && holds_something(*found)) kept[key] = *found;
  }
  return kept;
}

void put(json& object, const char* key, json value) {
  if (holds_something(value)) object[key] = std::move(value);
}

template <class Make>
json each(const json& list, Make make) {
  json made = json::array();
  if (!list.is_array()) return made;
  for (const json& one : list) {
    if (one.is_object()) made.push_back(make(one));
  }
  return made;
}

json metadata_of(const json& object) {
  const json& metadata = value_at(object, {"metadata"});
  json kept = only(metadata, {"name", "namespace", "labels"});
  json annotations = only(metadata, {"annotations"}).value("annotations", json::object());
  if (annotations.is_object()) {
    for (const char* key : annotations_dropped) annotations.erase(key);
  }
  put(kept, "annotations", std::move(annotations));
  return kept;
}

json small_service(const json& service) {
  const json& spec = value_at(service, {"spec"});
  json kept = only(spec, {"clusterIP", "clusterIPs", "externalName", "ipFamilies", "ipFamilyPolicy",
                          "publishNotReadyAddresses", "selector", "sessionAffinity", "type"});
  put(kept, "ports", each(value_at(spec, {"ports"}), [](const json& port) {
        return only(port, {"appProtocol", "name", "nodePort", "port", "protocol", "targetPort"});
      }));
  return {{"spec", std::move(kept)}};
}

json small_container(const json& container) {
  json kept = only(container, {"name", "image"});
  put(kept, "ports", each(value_at(container, {"ports"}), [](const json& port) {
        return only(port, {"containerPort", "name", "protocol"});
      }));
  return kept;
}

// "CrashLoopBackOff" and its like are what `kubectl get` shows as the status of a Pod.
json small_state(const json& state) {
  json kept = json::object();
  const json waiting = only(value_at(state, {"waiting"}), {"reason"});
  const json terminated = only(value_at(state, {"terminated"}), {"exitCode", "reason", "signal"});
  if (!waiting.empty()) kept["waiting"] = waiting;
  if (!terminated.empty()) kept["terminated"] = terminated;
  return kept;
}

json small_pod(const json& pod) {
  const json& spec = value_at(pod, {"spec"});
  const json& status = value_at(pod, {"status"});
  json small_spec =
      only(spec, {"hostname", "nodeName", "subdomain", "terminationGracePeriodSeconds"});
  put(small_spec, "readinessGates", each(value_at(spec, {"readinessGates"}), [](const json& gate) {
        return only(gate, {"conditionType"});
      }));
  put(small_spec, "containers", each(value_at(spec, {"containers"}), small_container));
  json small_status = only(status, {"phase", "podIP", "podIPs", "reason"});
  put(small_status, "conditions", each(value_at(status, {"conditions"}), [](const json& condition) {
        return only(condition, {"type", "status", "reason"});
      }));
  put(small_status, "containerStatuses",
      each(value_at(status, {"containerStatuses"}), [](const json& container) {
        json kept = only(container, {"name", "ready", "restartCount"});
        put(kept, "state", small_state(value_at(container, {"state"})));
        return kept;
      }));
  json kept = {{"spec", std::move(small_spec)}};
  put(kept, "status", std::move(small_status));
  return kept;
}

// The uid would be that of a Pod in another cluster.
json small_target(const json& endpoint) {
  return only(value_at(endpoint, {"targetRef"}), {"kind", "name", "namespace"});
}

// The same addresses in another order are the same.
json in_order(json list) {
  if (list.is_array()) std::sort(list.begin(), list.end());
  return list;
}

json small_addresses(const json& list) {
  return in_order(each(list, [](const json& address) {
    json kept = only(address, {"hostname", "ip", "nodeName"});
    put(kept, "targetRef", small_target(address));
    return kept;
  }));
}

json small_ports(const json& list) {
  return in_order(each(list, [](const json& port) {
    return only(port, {"appProtocol", "name", "port", "protocol"});
  }));
}

json small_endpoints(const json& endpoints) {
  json kept = json::object();
  put(kept, "subsets", each(value_at(endpoints, {"subsets"}), [](const json& subset) {
        json set = json::object();
        put(set, "addresses", small_addresses(value_at(subset, {"addresses"})));
        put(set, "notReadyAddresses", small_addresses(value_at(subset, {"notReadyAddresses"})));
        put(set, "ports", small_ports(value_at(subset, {"ports"})));
        return set;
      }));
  return kept;
}

json small_slice(const json& slice) {
  json kept = only(slice, {"addressType"});
  // An empty list is required of a slice, and says that nobody is there.
  kept["endpoints"] = in_order(each(value_at(slice, {"endpoints"}), [](const json& endpoint) {
    json one = only(endpoint, {"addresses", "conditions", "hints", "hostname", "nodeName", "zone"});
    put(one, "targetRef", small_target(endpoint));
    return one;
  }));
  put(kept, "ports", small_ports(value_at(slice, {"ports"})));
  return kept;
}

}  // namespace

json reduced(const json& object) {
  const std::string kind = text_at(object, {"kind"});
  json small = kind == "Service"     ? small_service(object)
               : kind == "Pod"       ? small_pod(object)
               : kind == "Endpoints" ? small_endpoints(object)
                                     : small_slice(object);
  small["apiVersion"] = text_at(object, {"apiVersion"});
  small["kind"] = kind;
  small["metadata"] = metadata_of(object);
  return small;
}

}  // namespace fakeapi::scenario::recording
