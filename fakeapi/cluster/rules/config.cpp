// ConfigMap, Secret, ServiceAccount, Lease and Event: small kinds with few rules
// (pkg/apis/core/validation, pkg/apis/coordination/validation).
#include <algorithm>
#include <cstdint>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/base64.hpp"
#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

constexpr std::size_t data_bytes_max = 1024 * 1024;  // core.MaxSecretSize
constexpr std::size_t key_bytes_max = 253;

void validate_key(const std::string& key, const std::string& path, FieldErrors& errors) {
  const auto wrong = [&](const std::string& why) {
    errors.push_back(invalid_value(fmt::format("{}[{}]", path, key), in_quotes(key), why));
  };
  if (key.size() > key_bytes_max)
    wrong(fmt::format("must be no more than {} bytes", key_bytes_max));
  const bool plain = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  if (!plain) {
    wrong(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
        "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
        "'[-._a-zA-Z0-9]+')");
  }
  if (key == ".") wrong("must not be '.'");
  if (key == "..") wrong("must not be '..'");
  if (key.starts_with("..") && key.size() > 2) wrong("must not start with '..'");
}

void validate_data(const json& object, FieldErrors& errors) {
  std::size_t total = 0;
  for (const char* map : {"data", "binaryData"}) {
    const json* data = find_at(object, {map});
    if (data == nullptr || !data->is_object()) continue;
    for (const auto& [key, value] : data->items()) {
      validate_key(key, map, errors);
      if (!value.is_string()) continue;
      const std::size_t size = value.get_ref<const std::string&>().size();
      total += std::string_view(map) == "binaryData" ? size / 4 * 3 : size;
    }
  }
  if (total > data_bytes_max) {
    errors.push_back({"FieldValueTooLong",
                      fmt::format("Too long: may not be more than {} bytes", data_bytes_max), ""});
  }
}

// Once immutable is true, neither it nor the data changes.
void validate_immutable(const json& object, const json* old, FieldErrors& errors) {
  if (old == nullptr || old->value("immutable", json()) != json(true)) return;
  if (object.value("immutable", json()) != json(true))
    errors.push_back(forbidden_value("immutable", "field is immutable when `immutable` is set"));
  for (const char* map : {"data", "binaryData"}) {
    if (object.value(map, json()) != old->value(map, json()))
      errors.push_back(forbidden_value(map, "field is immutable when `immutable` is set"));
  }
}

void validate_config_map(const json& object, const json* old, const RuleContext&,
                         FieldErrors& errors) {
  validate_immutable(object, old, errors);
  validate_data(object, errors);
}

void default_secret(json& object) { set_default(object, "type", "Opaque"); }

// stringData is for writing only (registry/core/secret: merged into data).
void default_secret_data(json& object) {
  default_secret(object);
  const auto plain = object.find("stringData");
  if (plain == object.end()) return;
  if (plain->is_object()) {
    json& data = object_at(object, "data");
    for (const auto& [key, value] : object["stringData"].items()) {
      if (value.is_string()) data[key] = base64_encode(value.get<std::string>());
    }
  }
  object.erase("stringData");
}

void validate_secret(const json& object, const json* old, const RuleContext&, FieldErrors& errors) {
  if (old != nullptr && object.value("type", json()) != old->value("type", json())) {
    errors.push_back(
        invalid_value("type", object.value("type", json()).dump(), "field is immutable"));
  }
  validate_immutable(object, old, errors);
  validate_data(object, errors);
}

void validate_lease(const json& object, const json*, const RuleContext&, FieldErrors& errors) {
  const json* spec = find_at(object, {"spec"});
  if (spec == nullptr) return;
  const json* duration = find_at(*spec, {"leaseDurationSeconds"});
  if (duration != nullptr && duration->is_number() && *duration <= 0) {
    errors.push_back(
        invalid_value("spec.leaseDurationSeconds", duration->dump(), "must be greater than 0"));
  }
  const json* transitions = find_at(*spec, {"leaseTransitions"});
  if (transitions != nullptr && transitions->is_number() && *transitions < 0) {
    errors.push_back(invalid_value("spec.leaseTransitions", transitions->dump(),
                                   "must be greater than or equal to 0"));
  }
}

// An event lies where the object lies that it is about, cluster-scoped ones in "default".
void validate_event_about(const json& object, const char* about, FieldErrors& errors) {
  const std::string space = string_at(object, {"metadata", "namespace"});
  const std::string of = string_at(object, {about, "namespace"});
  const bool fits = of == space || (of.empty() && space == "default");
  if (!fits) {
    errors.push_back(invalid_value(fmt::format("{}.namespace", about), in_quotes(of),
                                   "does not match event.namespace"));
  }
}

}  // namespace

Rules config_map_rules() {
  Rules rules;
  rules.validate = validate_config_map;
  return rules;
}

Rules secret_rules() {
  Rules rules;
  rules.defaults = default_secret_data;
  rules.validate = validate_secret;
  return rules;
}

Rules service_account_rules() { return {}; }

Rules lease_rules() {
  Rules rules;
  rules.validate = validate_lease;
  return rules;
}

Rules event_rules() {
  Rules rules;
  rules.validate = [](const json& object, const json*, const RuleContext&, FieldErrors& errors) {
    validate_event_about(object, "involvedObject", errors);
  };
  return rules;
}

Rules new_event_rules() {
  Rules rules;
  rules.validate = [](const json& object, const json* old, const RuleContext&,
                      FieldErrors& errors) {
    validate_event_about(object, "regarding", errors);
    if (old != nullptr) return;
    if (object.value("eventTime", json()).is_null()) errors.push_back(required_value("eventTime"));
    for (const char* key : {"reportingController", "reportingInstance", "action", "reason"}) {
      if (string_at(object, {key}).empty()) errors.push_back(required_value(key));
    }
  };
  return rules;
}

}  // namespace fakeapi::cluster::rules
