// Services: defaults and virtual addresses (recordings: pods-services.json, traces/*.json).
#include <cstdint>
#include <set>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/addresses.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

std::string type_of(const json& object) { return string_at(object, {"spec", "type"}); }

bool has_node_ports(const std::string& type) {
  return type == "NodePort" || type == "LoadBalancer";
}

void defaults(json& object) {
  json& spec = object_at(object, "spec");
  for (json& port : elements(spec, "ports")) {
    const json target = port.value("targetPort", json());
    if ((target == 0 || target == "") && port.contains("port")) port["targetPort"] = port["port"];
  }
  set_default(spec, "type", "ClusterIP");
  set_default(spec, "sessionAffinity", "None");
  const std::string type = type_of(object);
  if (string_at(spec, {"sessionAffinity"}) == "ClientIP") {
    set_default(object_at(object_at(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds",
                10800);
  }
  if (type != "ExternalName") set_default(spec, "internalTrafficPolicy", "Cluster");
  if (has_node_ports(type)) set_default(spec, "externalTrafficPolicy", "Cluster");
  if (type == "LoadBalancer") set_default(spec, "allocateLoadBalancerNodePorts", true);
}

void allot_addresses(json& spec, Allotment& allotment) {
  const std::string asked = string_at(spec, {"clusterIP"});
  const std::string ip = asked.empty() ? allotment.cluster_ip() : asked;
  if (ip != "None") allotment.take_ip(ip);
  spec["clusterIP"] = ip;
  if (elements(spec, "clusterIPs").empty()) spec["clusterIPs"] = {ip};
  set_default(spec, "ipFamilies", {addresses::is_ipv6(ip) ? "IPv6" : "IPv4"});
  set_default(spec, "ipFamilyPolicy", "SingleStack");
}

void before_create(json& object, RuleContext& context) {
  object["status"] = {{"loadBalancer", json::object()}};
  json& spec = object["spec"];
  const std::string type = type_of(object);
  if (type == "ExternalName") return;
  allot_addresses(spec, *context.allotment);
  if (!has_node_ports(type)) return;
  for (json& port : elements(spec, "ports")) {
    if (port.is_object() && !port.contains("nodePort"))
      port["nodePort"] = context.allotment->node_port();
  }
}

// What the server allotted stays when the client leaves it out (registry/core/service:
// patchAllocatedValues).
void before_update(json& object, const json& old, RuleContext& context) {
  object["status"] = old.value("status", json::object());
  json& spec = object["spec"];
  const json& before = old.at("spec");
  if (type_of(object) == "ExternalName") return;
  if (type_of(old) == "ExternalName") {
    allot_addresses(spec, *context.allotment);
    return;
  }
  for (const char* key : {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
    if (before.contains(key)) set_default(spec, key, before[key]);
  }
  if (!has_node_ports(type_of(object))) return;
  for (json& port : elements(spec, "ports")) {
    if (!port.is_object() || port.contains("nodePort")) continue;
    for (const json& known : elements(before, "ports")) {
      if (known.value("port", json()) == port.value("port", json(0)) &&
          known.contains("nodePort")) {
        port["nodePort"] = known["nodePort"];
      }
    }
    if (!port.contains("nodePort")) port["nodePort"] = context.allotment->node_port();
  }
}

void release(const json& object, RuleContext& context) {
  const json& spec = object.at("spec");
  context.allotment->free_ip(string_at(spec, {"clusterIP"}));
  for (const json& port : elements(spec, "ports"))
    context.allotment->free_port(port.value("nodePort", 0));
}

void validate_ports(const json& spec, FieldErrors& errors) {
  const auto ports = elements(spec, "ports");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string path = at("spec.ports", i);
    const std::string name = string_at(ports[i], {"name"});
    if (name.empty()) {
      if (ports.size() > 1) errors.push_back(required_value(path + ".name"));
    } else {
      for (const std::string& why : names::dns_label(name, false)) {
        errors.push_back(invalid_value(path + ".name", in_quotes(name), why));
      }
      if (!seen.insert(name).second) errors.push_back(duplicate_value(path + ".name", name));
    }
    const json* number = find_at(ports[i], {"port"});
    const bool in_range = number != nullptr && number->is_number_integer() &&
                          number->get<std::int64_t>() >= 1 && number->get<std::int64_t>() <= 65535;
    if (!in_range) {
      errors.push_back(invalid_value(path + ".port", number != nullptr ? number->dump() : "0",
                                     "must be between 1 and 65535, inclusive"));
    }
    validate_protocol(ports[i], path + ".protocol", errors);
  }
}

void validate(const json& object, const json* old, const RuleContext&, FieldErrors& errors) {
  const json& spec = object.at("spec");
  const std::string type = type_of(object);
  const std::string ip = string_at(spec, {"clusterIP"});
  if (elements(spec, "ports").empty() && type != "ExternalName" && ip != "None") {
    errors.push_back(required_value("spec.ports"));
  }
  if (type != "ClusterIP" && type != "NodePort" && type != "LoadBalancer" &&
      type != "ExternalName") {
    errors.push_back(not_supported_value(
        "spec.type", type, {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"}));
  }
  if (!ip.empty() && ip != "None" && !addresses::is_ipv4(ip) && !addresses::is_ipv6(ip)) {
    errors.push_back(
        invalid_value("spec.clusterIPs[0]", in_quotes(ip),
                      "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
  }
  if (old != nullptr && type != "ExternalName" && type_of(*old) != "ExternalName" &&
      ip != string_at(*old, {"spec", "clusterIP"})) {
    errors.push_back(invalid_value("spec.clusterIPs[0]", in_quotes(ip), "may not change once set"));
  }
  validate_ports(spec, errors);
}

}  // namespace

Rules service_rules() {
  Rules rules;
  rules.defaults = defaults;
  rules.before_create = before_create;
  rules.before_update = before_update;
  rules.release = release;
  rules.validate = validate;
  return rules;
}

}  // namespace fakeapi::cluster::rules
