// discovery.k8s.io/v1 EndpointSlice: shape and validation (recordings:
// tests/golden/endpointslices-crud.json). Lists without elements are null, never missing and never
// []: the type has no omitempty there.
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

constexpr std::size_t endpoints_max = 1000;  // pkg/apis/discovery/validation
constexpr std::size_t addresses_max = 100;
constexpr std::size_t ports_max = 20000;

// pkg/apis/discovery/v1/defaults.go
void defaults(json& object) {
  for (json& port : elements(object, "ports")) {
    set_default(port, "name", "");
    set_default(port, "protocol", "TCP");
  }
}

void validate_address(const std::string& address, const std::string& type, const std::string& field,
                      bool allow_loopback, FieldErrors& errors) {
  if (type == "FQDN") {
    for (const std::string& why : names::dns_subdomain(address, false)) {
      errors.push_back(invalid_value(field, in_quotes(address), why));
    }
    return;
  }
  const bool fits = type == "IPv6" ? addresses::is_ipv6(address) : addresses::is_ipv4(address);
  if (!fits) {
    errors.push_back(
        invalid_value(field, in_quotes(address),
                      type == "IPv6" ? "must be an IPv6 address" : "must be an IPv4 address"));
    return;
  }
  for (const std::string& why : addresses::special_errors(address, allow_loopback)) {
    errors.push_back(invalid_value(field, in_quotes(address), why));
  }
}

void validate_endpoints(const json& object, const std::string& type, bool allow_loopback,
                        FieldErrors& errors) {
  const auto endpoints = elements(object, "endpoints");
  if (endpoints.size() > endpoints_max) {
    errors.push_back(too_many_values("endpoints", endpoints.size(), endpoints_max));
    return;
  }
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const std::string path = at("endpoints", i);
    const auto list = elements(endpoints[i], "addresses");
    if (list.empty()) errors.push_back(required_value(path + ".addresses"));
    if (list.size() > addresses_max) {
      errors.push_back(too_many_values(path + ".addresses", list.size(), addresses_max));
    }
    for (const json& address : list) {
      // v1.37 names the list, not the element (recording: create-wrong-family).
      if (address.is_string()) {
        validate_address(address.get<std::string>(), type, path + ".addresses", allow_loopback,
                         errors);
      }
    }
    const std::string hostname = string_at(endpoints[i], {"hostname"});
    if (hostname.empty()) continue;
    for (const std::string& why : names::dns_label(hostname, false)) {
      errors.push_back(invalid_value(path + ".hostname", in_quotes(hostname), why));
    }
  }
}

void validate_ports(const json& object, FieldErrors& errors) {
  const auto ports = elements(object, "ports");
  if (ports.size() > ports_max) {
    errors.push_back(too_many_values("ports", ports.size(), ports_max));
    return;
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string path = at("ports", i);
    const std::string name = string_at(ports[i], {"name"});
    if (!name.empty()) {
      for (const std::string& why : names::dns_label(name, false)) {
        errors.push_back(invalid_value(path + ".name", in_quotes(name), why));
      }
    }
    if (!seen.insert(name).second) errors.push_back(duplicate_value(path + ".name", name));
    validate_protocol(ports[i], path + ".protocol", errors);
  }
}

void validate(const json& object, const json* old, const RuleContext& context,
              FieldErrors& errors) {
  const std::string type = string_at(object, {"addressType"});
  if (old != nullptr && string_at(*old, {"addressType"}) != type) {
    errors.push_back(invalid_value("addressType", "null", "field is immutable"));
  }
  if (type.empty()) {
    errors.push_back(required_value("addressType"));
  } else if (type != "IPv4" && type != "IPv6" && type != "FQDN") {
    errors.push_back(not_supported_value("addressType", type, {"FQDN", "IPv4", "IPv6"}));
  } else {
    validate_endpoints(object, type, context.allow_loopback_addresses, errors);
  }
  validate_ports(object, errors);
}

void warn(const json& object, std::vector<std::string>& warnings) {
  if (string_at(object, {"addressType"}) == "FQDN") {
    warnings.emplace_back("spec.addressType: FQDN endpoints are deprecated");
  }
}

}  // namespace

Rules endpoint_slice_rules() {
  Rules rules;
  rules.defaults = defaults;
  rules.validate = validate;
  rules.warn = warn;
  return rules;
}

}  // namespace fakeapi::cluster::rules
