#include "waiter/k8s/endpoint_slice.hpp"

#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

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

core::Slice slice_of(const json& object) {
  core::Slice slice;
  const json* metadata = member(object, "metadata");
  if (metadata == nullptr) throw WrongShape{"an object without metadata"};
  slice.name = text_of(*metadata, "name");
  slice.resource_version = text_of(*metadata, "resourceVersion");
  if (slice.name.empty()) throw WrongShape{"an object without a name"};
  if (slice.resource_version.empty()) throw WrongShape{"an object without a resourceVersion"};
  if (const json* labels = member(*metadata, "labels")) {
    slice.service = text_of(*labels, "kubernetes.io/service-name");
  }
  slice.fqdn = text_of(object, "addressType") == "FQDN";
  for (const json& port : list_of(object, "ports")) slice.ports.push_back(port_of(port));
  for (const json& endpoint : list_of(object, "endpoints")) {
    slice.endpoints.push_back(endpoint_of(endpoint));
  }
  return slice;
}

}  // namespace

std::variant<core::Slice, DecodeError> decode_slice(const json& object) {
  try {
    return slice_of(object);
  } catch (const WrongShape& wrong) {
    return DecodeError{"EndpointSlice: " + wrong.message};
  }
}

std::variant<SliceList, DecodeError> decode_slice_list(std::string_view body) {
  const json document = json::parse(body, nullptr, false);
  if (document.is_discarded()) return DecodeError{"the list is no JSON"};
  try {
    const std::string kind = text_of(document, "kind");
    if (kind != "EndpointSliceList")
      return DecodeError{"the answer is no EndpointSliceList but \"" + kind + "\""};
    const json* metadata = member(document, "metadata");
    SliceList list;
    if (metadata != nullptr) list.resource_version = text_of(*metadata, "resourceVersion");
    if (list.resource_version.empty()) return DecodeError{"the list has no resourceVersion"};
    for (const json& item : list_of(document, "items")) list.slices.push_back(slice_of(item));
    return list;
  } catch (const WrongShape& wrong) {
    return DecodeError{"EndpointSliceList: " + wrong.message};
  }
}

}  // namespace waiter::k8s
