// Objects are told to TracePods as the requests that would have made them.
#include "fakeapi/scenario/world/applied_pods.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

bool is_kind(const json& object, const char* kind) { return object.value("kind", "") == kind; }

std::string name_of(const json& object) { return object.at("metadata").value("name", ""); }

std::string path_of(const std::string& namespace_name, const char* resource) {
  return "/api/v1/namespaces/" + namespace_name + "/" + resource;
}

}  // namespace

AppliedPods::AppliedPods(const Scenario& scenario) : own_namespace_(scenario.namespace_name) {
  for (const PodName& pod : pods_of(scenario)) own_.insert(pod.name);
  for (const Service& service : scenario.services) own_services_.insert(service.name);
  std::map<std::string, std::vector<std::pair<Operate, const json*>>> posts;
  // Applied Pods may stand behind a Service of the scenario's own.
  std::vector<json> own;
  own.reserve(scenario.services.size());
  for (const Service& service : scenario.services) {
    own.push_back({{"metadata", {{"name", service.name}}},
                   {"spec", {{"selector", {{"app", service.name}}}}}});
    posts[own_namespace_].emplace_back(Operate{"POST", path_of(own_namespace_, "services"), "", ""},
                                       &own.back());
  }
  for (const ScenarioStep& step : scenario.steps) {
    for (const auto& object : step.apply) {
      const bool pod = is_kind(*object, "Pod");
      if (!pod && !is_kind(*object, "Service")) continue;
      const std::string space = object->at("metadata").value("namespace", "");
      const std::string path = path_of(space, pod ? "pods" : "services");
      posts[space].emplace_back(Operate{"POST", path, "", ""}, object.get());
    }
  }
  for (const auto& [space, operations] : posts)
    namespaces_.emplace(space, space).first->second.survey(operations);
}

std::vector<Listen> AppliedPods::applied(const json& object) {
  if (!is_kind(object, "Pod")) return {};
  const std::string space = object.at("metadata").value("namespace", "");
  if (space == own_namespace_ && own_.contains(name_of(object))) return {};
  TracePods& pods = namespaces_.try_emplace(space, space).first->second;
  const std::string path = path_of(space, "pods");
  if (there_.insert(space + "/" + name_of(object)).second)
    pods.follow({"POST", path, "", ""}, &object);
  return pods.follow({"PATCH", path + "/" + name_of(object) + "/status", "", ""}, &object);
}

std::vector<Listen> AppliedPods::removed(const Remove& name) {
  if (name.kind != "Pod" || name.grace_period_seconds > 0) return {};
  const auto pods = namespaces_.find(name.namespace_name);
  if (pods == namespaces_.end()) return {};
  there_.erase(name.namespace_name + "/" + name.name);
  const json body{{"gracePeriodSeconds", 0}};
  return pods->second.follow(
      {"DELETE", path_of(name.namespace_name, "pods") + "/" + name.name, "", ""}, &body);
}

std::vector<ServiceInfo> AppliedPods::services() const {
  std::vector<ServiceInfo> infos;
  for (const auto& [space, pods] : namespaces_) {
    for (const TraceService& service : pods.services()) {
      if (space == own_namespace_ && own_services_.contains(service.name)) continue;
      infos.push_back({space, service.name, service.pods});
    }
  }
  return infos;
}

}  // namespace fakeapi::scenario
