// v1 Endpoints: defaults and validation (recordings: tests/golden/endpoints-crud.json).
#include <cstdint>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/addresses.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

// pkg/apis/core/v1/defaults.go, SetDefaults_Endpoints
void defaults(json& object) {
  for (json& subset : elements(object, "subsets")) {
    for (json& port : elements(subset, "ports")) set_default(port, "protocol", "TCP");
  }
}

void validate_address(const json& address, const std::string& path, bool allow_loopback,
                      FieldErrors& errors) {
  const std::string ip = string_at(address, {"ip"});
  const std::string field = path + ".ip";
  if (!addresses::is_ipv4(ip) && !addresses::is_ipv6(ip)) {
    errors.push_back(invalid_value(
        field, in_quotes(ip), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
  }
  const std::string hostname = string_at(address, {"hostname"});
  if (!hostname.empty()) {
    for (const std::string& why : names::dns_label(hostname, false)) {
      errors.push_back(invalid_value(path + ".hostname", in_quotes(hostname), why));
    }
  }
  for (const std::string& why : addresses::special_errors(ip, allow_loopback)) {
    errors.push_back(invalid_value(field, in_quotes(ip), why));
  }
}

void validate_port(const json& port, const std::string& path, bool name_needed,
                   FieldErrors& errors) {
  const std::string name = string_at(port, {"name"});
  if (name.empty()) {
    if (name_needed) errors.push_back(required_value(path + ".name"));
  } else {
    for (const std::string& why : names::dns_label(name, false)) {
      errors.push_back(invalid_value(path + ".name", in_quotes(name), why));
    }
  }
  const json* number = find_at(port, {"port"});
  const bool in_range = number != nullptr && number->is_number_integer() &&
                        number->get<std::int64_t>() >= 1 && number->get<std::int64_t>() <= 65535;
  if (!in_range) {
    errors.push_back(invalid_value(path + ".port", number != nullptr ? number->dump() : "0",
                                   "must be between 1 and 65535, inclusive"));
  }
  validate_protocol(port, path + ".protocol", errors);
}

void validate(const json& object, const json* /*old*/, const RuleContext& context,
              FieldErrors& errors) {
  const auto subsets = elements(object, "subsets");
  for (std::size_t i = 0; i < subsets.size(); ++i) {
    const std::string path = at("subsets", i);
    const auto ready = elements(subsets[i], "addresses");
    const auto not_ready = elements(subsets[i], "notReadyAddresses");
    const auto ports = elements(subsets[i], "ports");
    if (ready.empty() && not_ready.empty()) {
      errors.push_back(required_value(path, "must specify `addresses` or `notReadyAddresses`"));
    }
    for (std::size_t a = 0; a < ready.size(); ++a) {
      validate_address(ready[a], at(path + ".addresses", a), context.allow_loopback_addresses,
                       errors);
    }
    for (std::size_t a = 0; a < not_ready.size(); ++a) {
      validate_address(not_ready[a], at(path + ".notReadyAddresses", a),
                       context.allow_loopback_addresses, errors);
    }
    for (std::size_t p = 0; p < ports.size(); ++p) {
      validate_port(ports[p], at(path + ".ports", p), ports.size() > 1, errors);
    }
  }
}

}  // namespace

Rules endpoints_rules() {
  Rules rules;
  rules.defaults = defaults;
  rules.validate = validate;
  return rules;
}

}  // namespace fakeapi::cluster::rules
