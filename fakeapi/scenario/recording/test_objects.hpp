// For tests: objects as an API server shows them, and a recording's text read back.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/yaml.hpp"
#include "fakeapi/scenario/recording/scenario_text.hpp"

namespace fakeapi::scenario::recording::test {

inline nlohmann::json service(const std::string& name) {
  return nlohmann::json::parse(R"({"kind": "Service", "apiVersion": "v1",
    "metadata": {"name": ")" + name +
                               R"(", "namespace": "shop", "uid": "u-1", "resourceVersion": "5",
      "creationTimestamp": "2026-11-25T08:00:00Z",
      "ownerReferences": [{"kind": "Shop", "name": "owner", "uid": "u-9"}]},
    "spec": {"clusterIP": "172.20.4.9", "clusterIPs": ["172.20.4.9"], "type": "ClusterIP",
      "selector": {"app": ")" + name +
                               R"("},
      "ports": [{"name": "tcp", "port": 3306, "protocol": "TCP", "targetPort": "tcp"}]},
    "status": {"loadBalancer": {}}})");
}

inline nlohmann::json pod(const std::string& name, bool ready, const std::string& version = "7") {
  return nlohmann::json::parse(R"({"kind": "Pod", "apiVersion": "v1",
    "metadata": {"name": ")" + name +
                               R"(", "namespace": "shop", "uid": "u-2", "generation": 1,
      "resourceVersion": ")" + version +
                               R"(", "labels": {"app": "mysql"},
      "managedFields": [{"manager": "kubelet", "time": "2026-11-25T08:00:01Z"}]},
    "spec": {"nodeName": "worker-7", "hostname": ")" +
                               name + R"(", "subdomain": "mysql",
      "terminationGracePeriodSeconds": 30, "serviceAccountName": "robot",
      "containers": [{"name": "db", "image": "registry.corp/mysql:8", "args": ["--secret"],
        "env": [{"name": "PASSWORD", "value": "hunter2"}],
        "ports": [{"name": "tcp", "containerPort": 3306, "protocol": "TCP"}]}]},
    "status": {"phase": "Running", "hostIP": "192.168.7.1", "podIP": "10.1.2.3",
      "podIPs": [{"ip": "10.1.2.3"}], "startTime": "2026-11-25T08:00:00Z",
      "conditions": [{"type": "Ready", "status": ")" +
                               (ready ? "True" : "False") + R"(",
        "lastProbeTime": null, "lastTransitionTime": "2026-11-25T08:00:02Z",
        "message": "told by kubelet on worker-7"}],
      "containerStatuses": [{"name": "db", "ready": )" +
                               (ready ? "true" : "false") + R"(,
        "restartCount": 0, "image": "registry.corp/mysql:8", "imageID": "sha256:1",
        "state": {"running": {"startedAt": "2026-11-25T08:00:01Z"}}}]}})");
}

inline nlohmann::json slice(bool ready) {
  return nlohmann::json::parse(R"({"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1",
    "metadata": {"name": "mysql-abcde", "namespace": "shop", "generateName": "mysql-",
      "annotations": {"endpoints.kubernetes.io/last-change-trigger-time": "2026-11-25T08:00:02Z"},
      "labels": {"kubernetes.io/service-name": "mysql", "corp.example/team": "payments",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}},
    "addressType": "IPv4", "ports": [{"name": "tcp", "port": 3306, "protocol": "TCP"}],
    "endpoints": [
      {"addresses": ["10.1.2.4"], "conditions": {"ready": false}, "nodeName": "worker-7",
       "zone": "eu-west-1a"},
      {"addresses": ["10.1.2.3"], "conditions": {"ready": )" +
                               std::string(ready ? "true" : "false") +
                               R"(}, "nodeName": "worker-7",
       "hostname": "mysql-0", "zone": "eu-west-1a",
       "targetRef": {"kind": "Pod", "name": "mysql-0", "namespace": "shop", "uid": "u-2"}}]})");
}

inline nlohmann::json endpoints() {
  return nlohmann::json::parse(R"({"kind": "Endpoints", "apiVersion": "v1",
    "metadata": {"name": "mysql", "namespace": "shop"},
    "subsets": [{"addresses": [{"ip": "10.1.2.3", "hostname": "mysql-0", "nodeName": "worker-7",
        "targetRef": {"kind": "Pod", "name": "mysql-0", "namespace": "shop", "uid": "u-2"}}],
      "notReadyAddresses": [{"ip": "10.1.2.4"}],
      "ports": [{"name": "tcp", "port": 3306, "protocol": "TCP"}]}]})");
}

inline cluster::Duration ms(std::int64_t count) { return std::chrono::milliseconds(count); }

inline Recording recording_of(std::vector<nlohmann::json> initial, std::vector<Seen> changes = {}) {
  Recording made;
  made.initial = std::move(initial);
  made.changes = std::move(changes);
  made.namespace_name = "shop";
  made.source = "a test";
  return made;
}

/// The written scenario as JSON; what is no YAML throws.
inline nlohmann::json read_back(const Recording& recording, bool redact = false) {
  return cluster::parse_yaml(scenario_text(recording, redact).text).value();
}

}  // namespace fakeapi::scenario::recording::test
