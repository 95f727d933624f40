// Reads bodies leniently: a recording may hold whatever an API server answered to, also with an
// error.
#include "fakeapi/scenario/recording/trace_pods.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

// A member of an object; null where there is no such object or member.
const json& member(const json& object, const char* name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string text(const json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

Labels labels(const json& object) {
  Labels result;
  if (!object.is_object()) return result;
  for (const auto& [key, value] : object.items()) result[key] = text(value);
  return result;
}

bool selects(const Labels& selector, const Labels& pod) {
  return !selector.empty() &&
         std::includes(pod.begin(), pod.end(), selector.begin(), selector.end());
}

std::vector<int> container_ports(const json& pod) {
  std::vector<int> ports;
  const json& containers = member(member(pod, "spec"), "containers");
  if (!containers.is_array()) return ports;
  for (const json& container : containers) {
    const json& listed = member(container, "ports");
    if (!listed.is_array()) continue;
    for (const json& port : listed) {
      const json& number = member(port, "containerPort");
      if (number.is_number_integer() && number > 0 && number <= 65535) {
        ports.push_back(number.get<int>());
      }
    }
  }
  return ports;
}

}  // namespace

TracePods::TracePods(const std::string& namespace_name)
    : pods_path_("/api/v1/namespaces/" + namespace_name + "/pods"),
      services_path_("/api/v1/namespaces/" + namespace_name + "/services") {}

void TracePods::survey(const std::vector<std::pair<Operate, const json*>>& operations) {
  for (const auto& [operation, body] : operations) {
    if (operation.method != "POST" || operation.path != services_path_ || body == nullptr) continue;
    const std::string name = text(member(member(*body, "metadata"), "name"));
    const bool known = std::any_of(services_.begin(), services_.end(),
                                   [&](const TraceService& each) { return each.name == name; });
    if (name.empty() || known) continue;  // deleted and made again: one lane
    services_.push_back({name, labels(member(member(*body, "spec"), "selector")), 0});
  }
  std::set<std::pair<std::string, std::string>> counted;
  for (const auto& [operation, body] : operations) {
    if (operation.method != "POST" || operation.path != pods_path_ || body == nullptr) continue;
    const json& metadata = member(*body, "metadata");
    const Labels of_pod = labels(member(metadata, "labels"));
    for (TraceService& service : services_) {
      if (!selects(service.selector, of_pod)) continue;
      if (counted.emplace(service.name, text(member(metadata, "name"))).second) ++service.pods;
    }
  }
}

std::vector<Listen> TracePods::follow(const Operate& operation, const json* body) {
  static const json nothing;
  const json& object = body == nullptr ? nothing : *body;
  if (operation.method == "POST" && operation.path == pods_path_) {
    const json& metadata = member(object, "metadata");
    const std::string name = text(member(metadata, "name"));
    // A second POST of a Pod that exists is a conflict, and changes nothing.
    pods_.emplace(name, Pod{service_of(labels(member(metadata, "labels"))),
                            container_ports(object),
                            {},
                            false,
                            false});
    return {};
  }
  if (operation.method == "PATCH") {
    const auto pod = pods_.find(pod_in(operation.path, "/status"));
    if (pod == pods_.end()) return {};
    const Pod before = pod->second;
    apply_status(pod->second, member(object, "status"));
    return difference(pod->first, before, pod->second);
  }
  if (operation.method == "DELETE" && member(object, "gracePeriodSeconds") == 0) {
    const auto pod = pods_.find(pod_in(operation.path, ""));
    if (pod == pods_.end()) return {};
    const auto stopped = difference(pod->first, pod->second, Pod{});
    pods_.erase(pod);
    return stopped;
  }
  return {};
}

// The Pod's name in a path of the form PODS/NAME + suffix; empty if the path is another.
std::string TracePods::pod_in(std::string_view path, std::string_view suffix) const {
  const std::string prefix = pods_path_ + "/";
  if (path.size() <= prefix.size() + suffix.size()) return {};
  if (path.substr(0, prefix.size()) != prefix) return {};
  if (path.substr(path.size() - suffix.size()) != suffix) return {};
  path.remove_prefix(prefix.size());
  path.remove_suffix(suffix.size());
  return std::string(path);
}

std::string TracePods::service_of(const Labels& of_pod) const {
  for (const TraceService& service : services_) {
    if (selects(service.selector, of_pod)) return service.name;
  }
  return {};
}

// A JSON merge patch (RFC 7396): what is not named stays, and the list of conditions is replaced as
// a whole. The strategic patch that kubelet sends names Ready whenever it changes, so it reads the
// same.
void TracePods::apply_status(Pod& pod, const json& status) {
  if (!status.is_object()) return;
  if (status.contains("podIP")) pod.address = text(status["podIP"]);
  if (status.contains("phase")) {
    pod.ended = status["phase"] == "Succeeded" || status["phase"] == "Failed";
  }
  const json& conditions = member(status, "conditions");
  if (!status.contains("conditions")) return;
  pod.ready = false;
  if (!conditions.is_array()) return;
  for (const json& condition : conditions) {
    if (member(condition, "type") == "Ready") pod.ready = member(condition, "status") == "True";
  }
}

bool TracePods::listens(const Pod& pod) {
  return pod.ready && !pod.ended && !pod.address.empty() && !pod.ports.empty();
}

Listen TracePods::listen(const std::string& name, const Pod& pod, bool listening) {
  return {pod.service, name, pod.address, pod.ports, listening};
}

std::vector<Listen> TracePods::difference(const std::string& name, const Pod& before,
                                          const Pod& after) {
  const bool moved = before.address != after.address;
  std::vector<Listen> result;
  if (listens(before) && (!listens(after) || moved)) result.push_back(listen(name, before, false));
  if (listens(after) && (!listens(before) || moved)) result.push_back(listen(name, after, true));
  return result;
}

}  // namespace fakeapi::scenario
