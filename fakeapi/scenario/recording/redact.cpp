#include "fakeapi/scenario/recording/redact.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "fakeapi/scenario/recording/aliases.hpp"

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;

// Keys of labels that Kubernetes and its conventions have given; their values are replaced.
constexpr std::array<std::string_view, 16> keys_known = {"app",
                                                         "app.kubernetes.io/component",
                                                         "app.kubernetes.io/instance",
                                                         "app.kubernetes.io/managed-by",
                                                         "app.kubernetes.io/name",
                                                         "app.kubernetes.io/part-of",
                                                         "apps.kubernetes.io/pod-index",
                                                         "component",
                                                         "endpoints.kubernetes.io/managed-by",
                                                         "endpointslice.kubernetes.io/managed-by",
                                                         "k8s-app",
                                                         "kubernetes.io/service-name",
                                                         "name",
                                                         "service.kubernetes.io/headless",
                                                         "statefulset.kubernetes.io/pod-name",
                                                         "tier"};

// Words of Kubernetes that may stand as they are.
constexpr std::array<std::string_view, 6> conditions_known = {
    "ContainersReady",           "DisruptionTarget", "Initialized",
    "PodReadyToStartContainers", "PodScheduled",     "Ready"};
constexpr std::array<std::string_view, 14> reasons_known = {"Completed",
                                                            "ContainerCannotRun",
                                                            "ContainerCreating",
                                                            "CrashLoopBackOff",
                                                            "CreateContainerConfigError",
                                                            "CreateContainerError",
                                                            "ErrImageNeverPull",
                                                            "ErrImagePull",
                                                            "Error",
                                                            "Evicted",
                                                            "ImagePullBackOff",
                                                            "InvalidImageName",
                                                            "OOMKilled",
                                                            "PodInitializing"};
constexpr std::array<std::string_view, 3> managers_known = {
    "endpoint-controller", "endpointslice-controller.k8s.io",
    "endpointslicemirroring-controller.k8s.io"};

template <class Words>
bool is_one_of(const Words& words, std::string_view text) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

void replace(json& object, const char* key, const auto& make) {
  if (!object.is_object()) return;
  const auto found = object.find(key);
  if (found != object.end() && found->is_string()) *found = make(found->get<std::string>());
}

void for_each(json& object, const char* key, const auto& act) {
  if (!object.is_object()) return;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return;
  for (json& one : *found) act(one);
}

bool selects(const json& selector, const json& labels) {
  if (!selector.is_object() || selector.empty()) return false;
  for (const auto& [key, value] : selector.items()) {
    if (!labels.is_object() || labels.value(key, json()) != value) return false;
  }
  return true;
}

class Redactor {
 public:
  void survey(const Story& story) {
    names_.name(Of::namespaces, story.namespace_name);
    const auto all = [&](const auto& look_at) {
      for (const json& object : story.initial) look_at(object);
      for (const Change& change : story.changes) look_at(change.object);
    };
    all([&](const json& object) { note_service(object); });
    all([&](const json& object) { note_member(object); });
  }

  void redact(json& object) {
    if (object.is_null()) return;
    const std::string kind = text_at(object, {"kind"});
    redact_metadata(object["metadata"], kind);
    if (kind == "Service") redact_service(object["spec"]);
    if (kind == "Pod") redact_pod(object);
    if (kind == "Endpoints") redact_endpoints(object);
    if (kind == "EndpointSlice") redact_slice(object);
  }

  std::string namespace_alias(const std::string& name) { return names_.name(Of::namespaces, name); }

 private:
  struct Selecting {
    std::string namespace_name, name;
    json selector;
  };

  // Names of Services first, so that their letters do not depend on what else there is.
  void note_service(const json& object) {
    const Identity identity = identity_of(object);
    if (identity.kind != "Service" && identity.kind != "Endpoints") return;
    names_.name(Of::services, identity.name);
    const json& spec = value_at(object, {"spec"});
    const json& selector = value_at(spec, {"selector"});
    if (selector.is_object()) {
      services_.push_back({identity.namespace_name, identity.name, selector});
      for (const auto& [key, value] : selector.items()) selector_keys_.insert(key);
    }
    names_.cluster_address(text_at(spec, {"clusterIP"}));
    const json& addresses = value_at(spec, {"clusterIPs"});
    if (!addresses.is_array()) return;
    for (const json& address : addresses) {
      if (address.is_string()) names_.cluster_address(address.get<std::string>());
    }
  }

  void note_member(const json& object) {
    const Identity identity = identity_of(object);
    const json& labels = value_at(object, {"metadata", "labels"});
    if (identity.kind == "Pod") {
      for (const Selecting& service : services_) {
        if (service.namespace_name != identity.namespace_name) continue;
        if (!selects(service.selector, labels)) continue;
        names_.member(Of::pods, identity.name, service.name);
        return;
      }
      // A change that tells only the name may stand for one that tells more, before or after it.
      if (labels.is_object() || object.contains("spec")) names_.name(Of::pods, identity.name);
    }
    if (identity.kind == "EndpointSlice") {
      names_.member(Of::slices, identity.name, text_at(labels, {"kubernetes.io/service-name"}));
    }
  }

  void redact_metadata(json& metadata, const std::string& kind) {
    const Of of = kind == "Pod" ? Of::pods : kind == "EndpointSlice" ? Of::slices : Of::services;
    replace(metadata, "name", [&](const std::string& name) { return names_.name(of, name); });
    replace(metadata, "namespace",
            [&](const std::string& name) { return names_.name(Of::namespaces, name); });
    metadata.erase("annotations");
    if (metadata.contains("labels")) metadata["labels"] = redacted_labels(metadata["labels"]);
    if (metadata.contains("labels") && metadata["labels"].empty()) metadata.erase("labels");
  }

  json redacted_labels(const json& labels) {
    json kept = json::object();
    if (!labels.is_object()) return kept;
    for (const auto& [key, value] : labels.items()) {
      const bool known = is_one_of(keys_known, key);
      // What a Service selects by must stay, under whatever key.
      if (!known && selector_keys_.count(key) == 0) continue;
      const std::string text = value.is_string() ? value.get<std::string>() : "";
      kept[known ? key : names_.name(Of::keys, key)] = label_value(key, text);
    }
    return kept;
  }

  std::string label_value(const std::string& key, const std::string& value) {
    if (key.ends_with(".kubernetes.io/managed-by") && is_one_of(managers_known, value))
      return value;
    if (key == "kubernetes.io/service-name") return names_.name(Of::services, value);
    for (const Of of : {Of::services, Of::pods, Of::nodes, Of::namespaces}) {
      if (names_.knows(of, value)) return names_.name(of, value);
    }
    return names_.name(Of::values, value);
  }

  void redact_port(json& port) {
    replace(port, "name", [&](const std::string& name) { return names_.name(Of::ports, name); });
    replace(port, "targetPort",
            [&](const std::string& name) { return names_.name(Of::ports, name); });
    port.erase("appProtocol");
  }

  void redact_service(json& spec) {
    const auto address = [&](const std::string& text) { return names_.cluster_address(text); };
    replace(spec, "clusterIP", address);
    for_each(spec, "clusterIPs", [&](json& one) {
      if (one.is_string()) one = address(one.get<std::string>());
    });
    replace(spec, "externalName", [&](const std::string& name) { return host_name(name); });
    for_each(spec, "ports", [&](json& port) { redact_port(port); });
    if (spec.is_object() && spec.contains("selector"))
      spec["selector"] = redacted_labels(spec["selector"]);
  }

  std::string host_name(const std::string& name) {
    return names_.name(Of::hosts, name) + ".example.com";
  }

  /// A StatefulSet's Pod has its name for host name.
  std::string host(const std::string& name) {
    return names_.name(names_.knows(Of::pods, name) ? Of::pods : Of::hosts, name);
  }

  void redact_place(json& object) {
    replace(object, "nodeName",
            [&](const std::string& name) { return names_.name(Of::nodes, name); });
    replace(object, "hostname", [&](const std::string& name) { return host(name); });
  }

  void redact_pod(json& pod) {
    if (!pod.contains("spec")) return;
    json& spec = pod["spec"];
    redact_place(spec);
    replace(spec, "subdomain",
            [&](const std::string& name) { return names_.name(Of::services, name); });
    for_each(spec, "readinessGates", [&](json& gate) {
      replace(gate, "conditionType", [&](const std::string& type) { return condition(type); });
    });
    for_each(spec, "containers", [&](json& container) {
      redact_container_name(container);
      if (container.contains("image")) container["image"] = "image";
      for_each(container, "ports", [&](json& port) { redact_port(port); });
    });
    if (pod.contains("status")) redact_pod_status(pod["status"]);
  }

  void redact_container_name(json& container) {
    replace(container, "name",
            [&](const std::string& name) { return names_.name(Of::containers, name); });
  }

  std::string condition(const std::string& type) {
    return is_one_of(conditions_known, type) ? type : names_.name(Of::gates, type);
  }

  void redact_pod_status(json& status) {
    const auto address = [&](const std::string& text) { return names_.address(text); };
    replace(status, "podIP", address);
    for_each(status, "podIPs", [&](json& one) { replace(one, "ip", address); });
    drop_unknown_reason(status);
    for_each(status, "conditions", [&](json& one) {
      replace(one, "type", [&](const std::string& type) { return condition(type); });
      drop_unknown_reason(one);
    });
    for_each(status, "containerStatuses", [&](json& container) {
      redact_container_name(container);
      if (!container.contains("state")) return;
      for (json& state : container["state"]) drop_unknown_reason(state);
    });
  }

  void drop_unknown_reason(json& object) {
    if (object.is_object() && !is_one_of(reasons_known, text_at(object, {"reason"})))
      object.erase("reason");
  }

  void redact_target(json& endpoint) {
    if (!endpoint.is_object() || !endpoint.contains("targetRef")) return;
    json& target = endpoint["targetRef"];
    const std::string kind = text_at(target, {"kind"});
    if (kind != "Pod" && kind != "Node") {
      endpoint.erase("targetRef");
      return;
    }
    replace(target, "name", [&](const std::string& name) {
      return names_.name(kind == "Pod" ? Of::pods : Of::nodes, name);
    });
    replace(target, "namespace",
            [&](const std::string& name) { return names_.name(Of::namespaces, name); });
  }

  void redact_endpoints(json& endpoints) {
    for_each(endpoints, "subsets", [&](json& subset) {
      for (const char* list : {"addresses", "notReadyAddresses"}) {
        for_each(subset, list, [&](json& address) {
          replace(address, "ip", [&](const std::string& text) { return names_.address(text); });
          redact_place(address);
          redact_target(address);
        });
      }
      for_each(subset, "ports", [&](json& port) { redact_port(port); });
    });
  }

  void redact_slice(json& slice) {
    const bool names = text_at(slice, {"addressType"}) == "FQDN";
    for_each(slice, "endpoints", [&](json& endpoint) {
      for_each(endpoint, "addresses", [&](json& address) {
        if (!address.is_string()) return;
        const auto text = address.get<std::string>();
        address = names ? host_name(text) : names_.address(text);
      });
      redact_place(endpoint);
      redact_target(endpoint);
      endpoint.erase("zone");
      endpoint.erase("hints");
    });
    for_each(slice, "ports", [&](json& port) { redact_port(port); });
  }

  Aliases names_;
  std::vector<Selecting> services_;
  std::set<std::string> selector_keys_;
};

}  // namespace

void replace_names(Story& story) {
  Redactor redactor;
  redactor.survey(story);
  for (json& object : story.initial) redactor.redact(object);
  for (Change& change : story.changes) {
    redactor.redact(change.object);
    redactor.redact(change.before);
  }
  story.namespace_name = redactor.namespace_alias(story.namespace_name);
}

}  // namespace fakeapi::scenario::recording
