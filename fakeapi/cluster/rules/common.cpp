// Rules that hold for every kind, and small tools for JSON that a client wrote: nothing in it can
// be trusted to have a type.
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {

using nlohmann::json;

std::string Allotment::cluster_ip() {
  constexpr std::uint32_t count = (1U << 15U) - 2;
  std::string ip;
  for (std::uint32_t tried = 0; tried < count; ++tried) {
    last_ip_ = last_ip_ % count + 1;
    ip = fmt::format("10.0.{}.{}", 128 + last_ip_ / 256, last_ip_ % 256);
    if (ips_.insert(ip).second) break;
  }
  return ip;
}

int Allotment::node_port() {
  constexpr int first = 30000;
  constexpr int count = 2768;
  int port = first;
  do {
    port = first + last_port_++ % count;
  } while (!ports_.insert(port).second && static_cast<int>(ports_.size()) < count);
  return port;
}

namespace rules {
namespace {

// apimachinery api/validation/objectmeta.go.
constexpr std::size_t annotation_bytes_max = 256 * 1024;

void validate_labels(const json& metadata, FieldErrors& errors) {
  const auto labels = metadata.find("labels");
  if (labels == metadata.end() || !labels->is_object()) return;
  for (const auto& [key, value] : labels->items()) {
    for (const std::string& why : names::label_key(key)) {
      errors.push_back(invalid_value("metadata.labels", in_quotes(key), why));
    }
    if (!value.is_string()) continue;
    for (const std::string& why : names::label_value(value.get<std::string>())) {
      errors.push_back(invalid_value("metadata.labels", value.dump(), why));
    }
  }
}

void validate_annotations(const json& metadata, FieldErrors& errors) {
  const auto annotations = metadata.find("annotations");
  if (annotations == metadata.end() || !annotations->is_object()) return;
  std::size_t total = 0;
  for (const auto& [key, value] : annotations->items()) {
    std::string lower = key;  // only the case of letters is free here
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    for (const std::string& why : names::label_key(lower)) {
      errors.push_back(invalid_value("metadata.annotations", in_quotes(key), why));
    }
    total += key.size() + (value.is_string() ? value.get_ref<const std::string&>().size() : 0);
  }
  if (total > annotation_bytes_max) {
    errors.push_back({"FieldValueTooLong",
                      fmt::format("Too long: may not be more than {} bytes", annotation_bytes_max),
                      "metadata.annotations"});
  }
}

void validate_owners(const json& metadata, FieldErrors& errors) {
  const auto owners = elements(metadata, "ownerReferences");
  std::string controller;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const std::string path = at("metadata.ownerReferences", i);
    const auto need = [&](const char* key, const char* why) {
      if (string_at(owners[i], {key}).empty())
        errors.push_back(invalid_value(path + "." + key, "\"\"", why));
    };
    if (string_at(owners[i], {"apiVersion"}).empty())
      errors.push_back(invalid_value(path + ".apiVersion", "\"\"", "version must not be empty"));
    need("kind", "must not be empty");
    need("name", "must not be empty");
    need("uid", "must not be empty");
    if (owners[i].value("controller", json()) != json(true)) continue;
    const std::string who = string_at(owners[i], {"name"});
    if (!controller.empty()) {
      errors.push_back(invalid_value(
          "metadata.ownerReferences", "[]",
          fmt::format("Only one reference can have Controller set to true. Found \"true\" in "
                      "references for {} and {}",
                      controller, who)));
    }
    controller = who;
  }
}

void validate_finalizers(const json& metadata, FieldErrors& errors) {
  for (const json& finalizer : elements(metadata, "finalizers")) {
    if (!finalizer.is_string()) continue;
    for (const std::string& why : names::label_key(finalizer.get<std::string>())) {
      errors.push_back(invalid_value("metadata.finalizers", finalizer.dump(), why));
    }
  }
}

}  // namespace

void set_default(json& object, const char* key, const json& value) {
  auto it = object.find(key);
  if (it == object.end() || it->is_null()) object[key] = value;
}

void drop_empty(json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const auto it = object.find(key);
    if (it == object.end()) continue;
    const bool empty = it->is_null() || ((it->is_array() || it->is_object()) && it->empty()) ||
                       (it->is_string() && it->get_ref<const std::string&>().empty());
    if (empty) object.erase(it);
  }
}

std::span<json> elements(json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto it = object.find(key);
  if (it == object.end() || !it->is_array()) return {};
  return it->get_ref<json::array_t&>();
}

std::span<const json> elements(const json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto it = object.find(key);
  if (it == object.end() || !it->is_array()) return {};
  return it->get_ref<const json::array_t&>();
}

json& object_at(json& object, const char* key) {
  json& slot = object[key];
  if (!slot.is_object()) slot = json::object();
  return slot;
}

std::string at(const std::string& path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

void validate_metadata(const Kind& kind, const json& object, const json* old, FieldErrors& errors) {
  const json& metadata = object.at("metadata");
  if (old == nullptr) {
    const std::string generate = string_at(metadata, {"generateName"});
    if (!generate.empty()) {
      for (const std::string& why : kind.name_errors(generate, true)) {
        errors.push_back(invalid_value("metadata.generateName", in_quotes(generate), why));
      }
    }
    const std::string name = string_at(metadata, {"name"});
    if (name.empty()) {
      errors.push_back(required_value("metadata.name", "name or generateName is required"));
    } else {
      for (const std::string& why : kind.name_errors(name, false)) {
        errors.push_back(invalid_value("metadata.name", in_quotes(name), why));
      }
    }
  }
  validate_owners(metadata, errors);
  validate_labels(metadata, errors);
  validate_annotations(metadata, errors);
  validate_finalizers(metadata, errors);
}

void validate_protocol(const json& port, const std::string& field, FieldErrors& errors) {
  const std::string protocol = string_at(port, {"protocol"});
  if (protocol.empty()) {
    errors.push_back(required_value(field));
  } else if (protocol != "TCP" && protocol != "UDP" && protocol != "SCTP") {
    errors.push_back(not_supported_value(field, protocol, {"SCTP", "TCP", "UDP"}));
  }
}

}  // namespace rules
}  // namespace fakeapi::cluster
