#include "waiter/k8s/objects.hpp"

#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

#include "waiter/k8s/wanted_json.hpp"

namespace waiter::k8s {
namespace {

using nlohmann::json;

// A field of the wrong type: thrown and caught in this file only.
struct WrongShape {
  std::string message;
};

/// The member, or null when it is absent or null: the API leaves out or nulls what is not set.
const json* member(const json& object, const char* key) {
  if (!object.is_object()) throw WrongShape{std::string("no object around \"") + key + "\""};
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text_of(const json& object, const char* key) {
  const json* value = member(object, key);
  if (value == nullptr) return "";
  if (!value->is_string()) throw WrongShape{std::string("\"") + key + "\" is no string"};
  return value->get<std::string>();
}

std::optional<bool> flag_of(const json& object, const char* key) {
  const json* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) throw WrongShape{std::string("\"") + key + "\" is no boolean"};
  return value->get<bool>();
}

const json& list_of(const json& object, const char* key) {
  static const json empty = json::array();
  const json* value = member(object, key);
  if (value == nullptr) return empty;
  if (!value->is_array()) throw WrongShape{std::string("\"") + key + "\" is no list"};
  return *value;
}

core::SlicePort port_of(const json& object) {
  core::SlicePort port;
  port.name = text_of(object, "name");
  const std::string protocol = text_of(object, "protocol");
  port.tcp = protocol.empty() || protocol == "TCP";
  if (const json* number = member(object, "port")) {
    if (!number->is_number_integer()) throw WrongShape{"\"port\" is no integer"};
    const auto value = number->get<std::int64_t>();
    if (value < 1 || value > 65535) throw WrongShape{"\"port\" is not from 1 to 65535"};
    port.number = static_cast<int>(value);
  }
  return port;
}

core::SliceEndpoint endpoint_of(const json& object) {
  core::SliceEndpoint endpoint;
  for (const json& address : list_of(object, "addresses")) {
    if (!address.is_string()) throw WrongShape{"an address is no string"};
    endpoint.addresses.push_back(address.get<std::string>());
  }
  if (const json* conditions = member(object, "conditions")) {
    endpoint.ready = flag_of(*conditions, "ready");
    endpoint.serving = flag_of(*conditions, "serving");
    endpoint.terminating = flag_of(*conditions, "terminating");
  }
  if (const json* target = member(object, "targetRef")) {
    endpoint.target_uid = text_of(*target, "uid");
    endpoint.target_name = text_of(*target, "name");
  }
  return endpoint;
}

core::Slice named_slice_of(const json& object) {
  core::Slice slice;
  const json* metadata = member(object, "metadata");
  if (metadata == nullptr) throw WrongShape{"an object without metadata"};
  slice.name = text_of(*metadata, "name");
  slice.resource_version = text_of(*metadata, "resourceVersion");
  if (slice.name.empty()) throw WrongShape{"an object without a name"};
  if (slice.resource_version.empty()) throw WrongShape{"an object without a resourceVersion"};
  return slice;
}

core::Slice slice_of(const json& object) {
  core::Slice slice = named_slice_of(object);
  if (const json* labels = member(*member(object, "metadata"), "labels")) {
    slice.service = text_of(*labels, "kubernetes.io/service-name");
  }
  slice.fqdn = text_of(object, "addressType") == "FQDN";
  for (const json& port : list_of(object, "ports")) slice.ports.push_back(port_of(port));
  for (const json& endpoint : list_of(object, "endpoints")) {
    slice.endpoints.push_back(endpoint_of(endpoint));
  }
  return slice;
}

core::SliceEndpoint address_of(const json& object, bool ready,
                               const std::vector<core::SlicePort>& ports) {
  core::SliceEndpoint endpoint;
  endpoint.addresses.push_back(text_of(object, "ip"));
  endpoint.ready = ready;
  endpoint.ports = ports;
  if (const json* target = member(object, "targetRef")) {
    endpoint.target_uid = text_of(*target, "uid");
    endpoint.target_name = text_of(*target, "name");
  }
  return endpoint;
}

/// The cross product of addresses and ports is what a subset means (API documentation of
/// EndpointSubset).
core::Slice endpoints_of(const json& object) {
  core::Slice slice = named_slice_of(object);
  slice.service = slice.name;
  for (const json& subset : list_of(object, "subsets")) {
    std::vector<core::SlicePort> ports;
    for (const json& port : list_of(subset, "ports")) ports.push_back(port_of(port));
    slice.ports.insert(slice.ports.end(), ports.begin(), ports.end());
    for (const json& address : list_of(subset, "addresses")) {
      slice.endpoints.push_back(address_of(address, true, ports));
    }
    for (const json& address : list_of(subset, "notReadyAddresses")) {
      slice.endpoints.push_back(address_of(address, false, ports));
    }
  }
  return slice;
}

core::Slice object_of(core::Resource resource, const json& object) {
  return resource == core::Resource::endpoint_slices ? slice_of(object) : endpoints_of(object);
}

const char* kind_of(core::Resource resource) {
  return resource == core::Resource::endpoint_slices ? "EndpointSlice" : "Endpoints";
}

}  // namespace

std::variant<core::Slice, DecodeError> decode_object(core::Resource resource, const json& object) {
  try {
    return object_of(resource, object);
  } catch (const WrongShape& wrong) {
    return DecodeError{std::string(kind_of(resource)) + ": " + wrong.message};
  }
}

std::variant<SliceList, DecodeError> decode_list(core::Resource resource, std::string_view body) {
  const json document = parse_wanted(body);
  if (document.is_discarded()) return DecodeError{"the list is no JSON"};
  const std::string wanted = std::string(kind_of(resource)) + "List";
  try {
    const std::string kind = text_of(document, "kind");
    if (kind != wanted) return DecodeError{"the answer is no " + wanted + " but \"" + kind + "\""};
    const json* metadata = member(document, "metadata");
    SliceList list;
    if (metadata != nullptr) list.resource_version = text_of(*metadata, "resourceVersion");
    if (list.resource_version.empty()) return DecodeError{"the list has no resourceVersion"};
    list.next_page = text_of(*metadata, "continue");
    for (const json& item : list_of(document, "items")) {
      list.slices.push_back(object_of(resource, item));
    }
    return list;
  } catch (const WrongShape& wrong) {
    return DecodeError{wanted + ": " + wrong.message};
  }
}

std::variant<SliceList, DecodeError> decode_one(core::Resource resource, std::string_view body) {
  const json document = parse_wanted(body);
  if (document.is_discarded()) return DecodeError{"the answer is no JSON"};
  auto decoded = decode_object(resource, document);
  if (auto* error = std::get_if<DecodeError>(&decoded)) return std::move(*error);
  auto& slice = std::get<core::Slice>(decoded);
  SliceList list;
  list.resource_version = slice.resource_version;
  list.slices.push_back(std::move(slice));
  return list;
}

core::ServiceTold::Type decode_service(std::string_view body) {
  using Type = core::ServiceTold::Type;
  const json document = parse_wanted(body);
  try {
    if (document.is_discarded() || text_of(document, "kind") != "Service") return Type::unknown;
    const json* spec = member(document, "spec");
    const bool external = spec != nullptr && text_of(*spec, "type") == "ExternalName";
    return external ? Type::external_name : Type::with_endpoints;
  } catch (const WrongShape&) {
    return Type::unknown;
  }
}

}  // namespace waiter::k8s
