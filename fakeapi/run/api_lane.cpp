#include "fakeapi/run/api_lane.hpp"

#include <nlohmann/json.hpp>

namespace fakeapi::run {
namespace {

using nlohmann::json;

int count_ready(const json& slice) {
  const auto endpoints = slice.find("endpoints");
  if (endpoints == slice.end() || !endpoints->is_array()) return 0;
  int ready = 0;
  for (const json& endpoint : *endpoints) {
    const json conditions = endpoint.value("conditions", json::object());
    // nil is true for `ready` (EndpointConditions in the API documentation)
    if (!conditions.contains("ready") || conditions["ready"] != false) ++ready;
  }
  return ready;
}

}  // namespace

int ApiLane::total(const Slice& of) const {
  int sum = 0;
  for (const auto& [key, slice] : slices_) {
    if (slice.namespace_name == of.namespace_name && slice.service == of.service)
      sum += slice.ready;
  }
  return sum;
}

std::optional<ApiLane::Shown> ApiLane::observe(const cluster::Change& change) {
  if (change.resource != "endpointslices") return std::nullopt;
  const json& metadata = change.object->at("metadata");
  Slice slice;
  slice.namespace_name = metadata.value("namespace", "");
  slice.service = metadata.value("labels", json::object()).value("kubernetes.io/service-name", "");
  slice.ready = count_ready(*change.object);
  const std::string key = slice.namespace_name + "/" + metadata.value("name", "");
  const int before = total(slice);
  if (change.type == cluster::Change::Type::deleted) {
    slices_.erase(key);
  } else {
    slices_.insert_or_assign(key, slice);
  }
  const int after = total(slice);
  if (before == after || slice.service.empty()) return std::nullopt;
  return Shown{slice.namespace_name, slice.service, after};
}

}  // namespace fakeapi::run
