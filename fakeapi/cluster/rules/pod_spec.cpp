// The spec of a Pod, alone or inside the template of a workload: the defaults that a reader of the
// API sees (pkg/apis/core/v1/defaults.go) and what no Pod may lack.
#include <array>
#include <cstdint>
#include <set>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 3> container_lists = {"containers", "initContainers",
                                                        "ephemeralContainers"};
constexpr int file_mode = 0644;  // of files in volumes

void default_http(json& action) {
  const auto http = action.find("httpGet");
  if (http == action.end() || !http->is_object()) return;
  set_default(*http, "path", "/");
  set_default(*http, "scheme", "HTTP");
}

void default_probe(json& container, const char* key) {
  const auto probe = container.find(key);
  if (probe == container.end() || !probe->is_object()) return;
  set_default(*probe, "timeoutSeconds", 1);
  set_default(*probe, "periodSeconds", 10);
  set_default(*probe, "successThreshold", 1);
  set_default(*probe, "failureThreshold", 3);
  default_http(*probe);
  if (const auto grpc = probe->find("grpc"); grpc != probe->end() && grpc->is_object())
    set_default(*grpc, "service", "");
}

// :latest, and an image without a tag, is pulled each time.
const char* pull_policy(const std::string& image) {
  const std::size_t slash = image.rfind('/');
  const std::size_t tag = image.rfind(':');
  const bool tagged = tag != std::string::npos && (slash == std::string::npos || tag > slash);
  const bool digest = image.find('@') != std::string::npos;
  if (digest) return "IfNotPresent";
  return !tagged || image.compare(tag, std::string::npos, ":latest") == 0 ? "Always"
                                                                          : "IfNotPresent";
}

void default_environment(json& container) {
  for (json& variable : elements(container, "env")) {
    const auto from = variable.find("valueFrom");
    if (from == variable.end() || !from->is_object()) continue;
    if (const auto field = from->find("fieldRef"); field != from->end())
      set_default(*field, "apiVersion", "v1");
  }
}

void default_container(json& container, bool host_network) {
  for (json& port : elements(container, "ports")) {
    set_default(port, "protocol", "TCP");
    if (host_network && port.contains("containerPort"))
      set_default(port, "hostPort", port["containerPort"]);
  }
  for (const char* probe : {"livenessProbe", "readinessProbe", "startupProbe"})
    default_probe(container, probe);
  if (const auto lifecycle = container.find("lifecycle"); lifecycle != container.end()) {
    for (const char* hook : {"postStart", "preStop"}) {
      if (const auto action = lifecycle->find(hook); action != lifecycle->end())
        default_http(*action);
    }
  }
  default_environment(container);
  object_at(container, "resources");
  set_default(container, "terminationMessagePath", "/dev/termination-log");
  set_default(container, "terminationMessagePolicy", "File");
  set_default(container, "imagePullPolicy", pull_policy(string_at(container, {"image"})));
}

void default_downward(json& volume) {
  for (json& item : elements(volume, "items")) {
    if (const auto field = item.find("fieldRef"); field != item.end())
      set_default(*field, "apiVersion", "v1");
  }
}

void default_volume(json& volume) {
  if (volume.size() == 1 && volume.contains("name")) volume["emptyDir"] = json::object();
  for (const char* source : {"secret", "configMap", "downwardAPI", "projected"}) {
    const auto it = volume.find(source);
    if (it == volume.end() || !it->is_object()) continue;
    set_default(*it, "defaultMode", file_mode);
    default_downward(*it);
    for (json& part : elements(*it, "sources")) {
      if (const auto token = part.find("serviceAccountToken"); token != part.end())
        set_default(*token, "expirationSeconds", 3600);
      if (const auto downward = part.find("downwardAPI"); downward != part.end())
        default_downward(*downward);
    }
  }
  if (const auto path = volume.find("hostPath"); path != volume.end())
    set_default(*path, "type", "");
}

void validate_container(const json& container, const std::string& path, std::set<std::string>& seen,
                        FieldErrors& errors) {
  const std::string name = string_at(container, {"name"});
  if (name.empty()) {
    errors.push_back(required_value(path + ".name"));
  } else {
    for (const std::string& why : names::dns_label(name, false)) {
      errors.push_back(invalid_value(path + ".name", in_quotes(name), why));
    }
    if (!seen.insert(name).second) errors.push_back(duplicate_value(path + ".name", name));
  }
  if (string_at(container, {"image"}).empty()) errors.push_back(required_value(path + ".image"));
  const auto ports = elements(container, "ports");
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string at_port = at(path + ".ports", i);
    const json number = ports[i].value("containerPort", json(0));
    if (number == 0) {
      errors.push_back(required_value(at_port + ".containerPort"));
    } else if (!number.is_number_integer() || number < 1 || number > 65535) {
      errors.push_back(invalid_value(at_port + ".containerPort", number.dump(),
                                     "must be between 1 and 65535, inclusive"));
    }
    validate_protocol(ports[i], at_port + ".protocol", errors);
  }
}

}  // namespace

void default_pod_spec(json& spec) {
  const bool host_network = spec.value("hostNetwork", json()) == json(true);
  for (const char* list : container_lists) {
    for (json& container : elements(spec, list)) default_container(container, host_network);
  }
  for (json& volume : elements(spec, "volumes")) default_volume(volume);
  set_default(spec, "restartPolicy", "Always");
  set_default(spec, "terminationGracePeriodSeconds", 30);
  set_default(spec, "dnsPolicy", "ClusterFirst");
  object_at(spec, "securityContext");
  set_default(spec, "schedulerName", "default-scheduler");
  // Two names of one field (pkg/apis/core/v1/conversion.go).
  const std::string account = string_at(spec, {"serviceAccountName"});
  const std::string old_account = string_at(spec, {"serviceAccount"});
  if (!account.empty() || !old_account.empty()) {
    spec["serviceAccountName"] = account.empty() ? old_account : account;
    spec["serviceAccount"] = spec["serviceAccountName"];
  }
}

void validate_pod_spec(const json& spec, const std::string& path, FieldErrors& errors) {
  std::set<std::string> seen;
  const auto containers = elements(spec, "containers");
  if (containers.empty()) errors.push_back(required_value(path + ".containers"));
  for (const char* list : {"containers", "initContainers"}) {
    const auto these = elements(spec, list);
    for (std::size_t i = 0; i < these.size(); ++i) {
      validate_container(these[i], at(path + "." + list, i), seen, errors);
    }
  }
  const std::string restart = string_at(spec, {"restartPolicy"});
  if (restart != "Always" && restart != "OnFailure" && restart != "Never") {
    errors.push_back(
        not_supported_value(path + ".restartPolicy", restart, {"Always", "Never", "OnFailure"}));
  }
  const std::string dns = string_at(spec, {"dnsPolicy"});
  if (dns != "ClusterFirst" && dns != "ClusterFirstWithHostNet" && dns != "Default" &&
      dns != "None") {
    errors.push_back(not_supported_value(
        path + ".dnsPolicy", dns, {"ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"}));
  }
}

}  // namespace fakeapi::cluster::rules
