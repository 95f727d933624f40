// Readers of Pods and Services, as the controllers see them.
#include "fakeapi/cluster/controllers/backends.hpp"

#include <cstdint>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/label_selector.hpp"
#include "fakeapi/cluster/rules/addresses.hpp"
#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster::backends {
namespace {

using nlohmann::json;

const json* ready_condition(const json& pod) {
  const json* status = find_at(pod, {"status"});
  if (status == nullptr) return nullptr;
  for (const json& condition : rules::elements(*status, "conditions")) {
    if (string_at(condition, {"type"}) == "Ready") return &condition;
  }
  return nullptr;
}

std::optional<std::int64_t> named_port(const json& container, const std::string& name,
                                       const std::string& protocol) {
  for (const json& port : rules::elements(container, "ports")) {
    const json* number = find_at(port, {"containerPort"});
    if (string_at(port, {"name"}) == name && string_at(port, {"protocol"}) == protocol &&
        number != nullptr && number->is_number_integer()) {
      return number->get<std::int64_t>();
    }
  }
  return std::nullopt;
}

bool selects(const json& service, const Object& pod) {
  const json* selector = find_at(service, {"spec", "selector"});
  return selector != nullptr && LabelSelector::from_map(*selector).matches(pod.json());
}

}  // namespace

bool has_selector(const json& service) {
  const json* selector = find_at(service, {"spec", "selector"});
  return selector != nullptr && selector->is_object() && !selector->empty() &&
         string_at(service, {"spec", "type"}) != "ExternalName";
}

bool is_headless(const json& service) {
  const std::string ip = string_at(service, {"spec", "clusterIP"});
  return ip.empty() || ip == "None";
}

bool publishes_not_ready(const json& service) {
  const json* flag = find_at(service, {"spec", "publishNotReadyAddresses"});
  return flag != nullptr && flag->is_boolean() && flag->get<bool>();
}

std::vector<ObjectPtr> selected_pods(const Store& store, const Object& service) {
  const LabelSelector selector =
      LabelSelector::from_map(service.json().at("spec").value("selector", json::object()));
  std::vector<ObjectPtr> pods;
  store.visit(store.kinds().of("pods"), service.namespace_name(), [&](const ObjectPtr& pod) {
    if (selector.matches(pod->json())) pods.push_back(pod);
  });
  return pods;
}

bool is_ready(const json& pod) {
  const json* condition = ready_condition(pod);
  return condition != nullptr && string_at(*condition, {"status"}) == "True";
}

bool is_terminating(const json& pod) {
  return find_at(pod, {"metadata", "deletionTimestamp"}) != nullptr;
}

bool is_backend(const json& pod, bool include_terminating) {
  const std::string phase = string_at(pod, {"status", "phase"});
  if (phase == "Succeeded" || phase == "Failed") return false;
  if (string_at(pod, {"status", "podIP"}).empty()) return false;
  return include_terminating || !is_terminating(pod);
}

std::vector<std::string> addresses_of(const json& pod, std::string_view family) {
  std::vector<std::string> out;
  const json* status = find_at(pod, {"status"});
  if (status == nullptr) return out;
  for (const json& one : rules::elements(*status, "podIPs")) {
    const std::string ip = string_at(one, {"ip"});
    if (addresses::is_ipv6(ip) == (family == "IPv6")) out.push_back(ip);
  }
  return out;
}

std::vector<std::string> families_of(const json& service) {
  std::vector<std::string> out;
  if (const json* spec = find_at(service, {"spec"})) {
    for (const json& family : rules::elements(*spec, "ipFamilies")) {
      if (family.is_string()) out.push_back(family.get<std::string>());
    }
  }
  if (out.empty()) out.emplace_back("IPv4");
  return out;
}

std::string hostname_of(const json& pod, const Object& service) {
  const std::string hostname = string_at(pod, {"spec", "hostname"});
  return string_at(pod, {"spec", "subdomain"}) == service.name() ? hostname : std::string();
}

std::optional<std::int64_t> find_port(const json& pod, const json& service_port) {
  const json* target = find_at(service_port, {"targetPort"});
  if (target == nullptr) return std::nullopt;
  if (target->is_number_integer()) return target->get<std::int64_t>();
  if (!target->is_string()) return std::nullopt;
  const std::string name = target->get<std::string>();
  const std::string protocol = string_at(service_port, {"protocol"});
  const json* spec = find_at(pod, {"spec"});
  if (spec == nullptr) return std::nullopt;
  for (const json& container : rules::elements(*spec, "containers")) {
    if (const auto port = named_port(container, name, protocol)) return port;
  }
  // Sidecars: init containers that stay (KEP-753).
  for (const json& container : rules::elements(*spec, "initContainers")) {
    if (string_at(container, {"restartPolicy"}) != "Always") continue;
    if (const auto port = named_port(container, name, protocol)) return port;
  }
  return std::nullopt;
}

json target_ref(const Object& pod) {
  return {{"kind", "Pod"},
          {"namespace", pod.namespace_name()},
          {"name", pod.name()},
          {"uid", pod.uid()}};
}

void enqueue_services(const Store& store, WorkQueue& queue, Instant now, const Kind& kind,
                      const Event& event) {
  if (kind.plural == "services") {
    queue.add(now, {event.object->namespace_name(), event.object->name()});
  } else if (kind.plural == "pods") {
    store.visit(store.kinds().of("services"), event.object->namespace_name(),
                [&](const ObjectPtr& service) {
                  if (!has_selector(service->json())) return;
                  const bool concerned =
                      selects(service->json(), *event.object) ||
                      (event.previous && selects(service->json(), *event.previous));
                  if (concerned) queue.add(now, {service->namespace_name(), service->name()});
                });
  }
}

std::string TriggerTimes::next(const Key& key, const Object& service,
                               const std::vector<ObjectPtr>& pods) {
  Times times;
  times.service = string_at(service.json(), {"metadata", "creationTimestamp"});
  for (const ObjectPtr& pod : pods) {
    const json* condition = ready_condition(pod->json());
    const std::string at =
        condition != nullptr ? string_at(*condition, {"lastTransitionTime"}) : std::string();
    if (!at.empty()) times.pods[pod->name()] = at;
  }
  const Times before = known_[key];
  std::string earliest;
  const auto consider = [&earliest](const std::string& at, const std::string& old) {
    // Equal formats compare as text: RFC 3339, UTC, whole seconds.
    if (at > old && (earliest.empty() || at < earliest)) earliest = at;
  };
  for (const auto& [name, at] : times.pods) {
    const auto old = before.pods.find(name);
    consider(at, old == before.pods.end() ? std::string() : old->second);
  }
  consider(times.service, before.service);
  known_[key] = std::move(times);
  return earliest;
}

}  // namespace fakeapi::cluster::backends
