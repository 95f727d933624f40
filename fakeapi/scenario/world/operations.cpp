// Bodies as in the recordings full-cluster-restart, graceful-termination and pods-recreated.
#include "fakeapi/scenario/world/operations.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

constexpr const char* json_type = "application/json";
constexpr const char* merge_patch_type = "application/merge-patch+json";

std::string collection(const std::string& namespace_name, std::string_view resource) {
  return fmt::format("/api/v1/namespaces/{}/{}", namespace_name, resource);
}

}  // namespace

bool exists_from_start(std::string_view namespace_name) {
  return namespace_name == "default" || namespace_name == "kube-system" ||
         namespace_name == "kube-public" || namespace_name == "kube-node-lease";
}

Operate post_namespace(const std::string& name) {
  const json body{{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}};
  return {"POST", "/api/v1/namespaces", json_type, body.dump()};
}

Operate post_service(const std::string& namespace_name, const Service& service) {
  json ports = json::array();
  for (const auto& [name, number] : service.ports) {
    ports.push_back({{"name", name}, {"port", number}, {"targetPort", number}});
  }
  const json body{{"apiVersion", "v1"},
                  {"kind", "Service"},
                  {"metadata", {{"name", service.name}}},
                  {"spec", {{"ports", ports}, {"selector", {{"app", service.name}}}}}};
  return {"POST", collection(namespace_name, "services"), json_type, body.dump()};
}

Operate post_pod(const std::string& namespace_name, const Service& service,
                 const std::string& pod) {
  json ports = json::array();
  for (const auto& [name, number] : service.ports) {
    ports.push_back({{"name", name}, {"containerPort", number}});
  }
  json container{{"name", "c"}, {"image", "x"}, {"ports", ports}};
  json containers = json::array();
  containers.push_back(std::move(container));
  const json body{{"apiVersion", "v1"},
                  {"kind", "Pod"},
                  {"metadata", {{"name", pod}, {"labels", {{"app", service.name}}}}},
                  {"spec",
                   {{"nodeName", node_name},
                    {"terminationGracePeriodSeconds", 30},
                    {"containers", containers}}}};
  return {"POST", collection(namespace_name, "pods"), json_type, body.dump()};
}

Operate patch_pod_status(const std::string& namespace_name, const std::string& pod,
                         const std::string& address, bool ready) {
  const json ip{{"ip", address}};
  const json condition{{"type", "Ready"}, {"status", ready ? "True" : "False"}};
  const json status{{"phase", "Running"},
                    {"podIP", address},
                    {"podIPs", json::array({ip})},
                    {"conditions", json::array({condition})}};
  const json body{{"status", status}};
  return {"PATCH", fmt::format("{}/{}/status", collection(namespace_name, "pods"), pod),
          merge_patch_type, body.dump()};
}

Operate delete_pod(const std::string& namespace_name, const std::string& pod,
                   int grace_period_seconds) {
  const json body{{"apiVersion", "v1"},
                  {"kind", "DeleteOptions"},
                  {"gracePeriodSeconds", grace_period_seconds}};
  return {"DELETE", fmt::format("{}/{}", collection(namespace_name, "pods"), pod), json_type,
          body.dump()};
}

}  // namespace fakeapi::scenario
