// Namespaces, ConfigMaps, Secrets, ServiceAccounts, Leases, ResourceQuotas and ComponentStatuses: a
// few fields each. And what is printed of kinds that bring no columns.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

json namespace_cells(const json& object, WallTime now) {
  return {name_of(object), string_at(object, {"status", "phase"}), age_of_object(object, now)};
}

json config_map_cells(const json& object, WallTime now) {
  return {name_of(object), size_at(object, {"data"}) + size_at(object, {"binaryData"}),
          age_of_object(object, now)};
}

json secret_cells(const json& object, WallTime now) {
  return {name_of(object), string_at(object, {"type"}), size_at(object, {"data"}),
          age_of_object(object, now)};
}

json lease_cells(const json& object, WallTime now) {
  return {name_of(object), string_at(object, {"spec", "holderIdentity"}),
          age_of_object(object, now)};
}

json service_account_cells(const json& object, WallTime now) {
  return json::array({name_of(object), age_of_object(object, now)});
}

// "pods: 1/10, services: 0/5": limits of containers in a column of their own.
json resource_quota_cells(const json& object, WallTime now) {
  std::string requests, limits;
  const json hard = object.value(json::json_pointer("/status/hard"), json::object());
  for (const auto& [name, value] : hard.items()) {
    std::string& column = name.starts_with("limits.") ? limits : requests;
    if (!column.empty()) column += ", ";
    column += fmt::format("{}: {}/{}", name, quantity_at(object, {"status", "used", name.c_str()}),
                          quantity_at(hard, {name.c_str()}));
  }
  return {name_of(object), requests, limits, age_of_object(object, now)};
}

json component_status_cells(const json& object, WallTime) {
  for (const json& one : list_at(object, {"conditions"})) {
    if (string_at(one, {"type"}) != "Healthy") continue;
    const bool healthy = string_at(one, {"status"}) == "True";
    return {name_of(object), healthy ? "Healthy" : "Unhealthy", string_at(one, {"message"}),
            string_at(one, {"error"})};
  }
  return {name_of(object), "Unknown", "", ""};
}

json name_and_creation_cells(const json& object, WallTime) {
  return json::array({name_of(object), creation_text(object)});
}

}  // namespace

const Printer& namespaces() {
  static const Printer printer{
      {name_column(), {"Status", "string", "", 0, "Phase of its life."}, age_column()},
      namespace_cells};
  return printer;
}

const Printer& config_maps() {
  static const Printer printer{
      {name_column(), {"Data", "string", "", 0, "Number of entries."}, age_column()},
      config_map_cells};
  return printer;
}

const Printer& secrets() {
  static const Printer printer{{name_column(),
                                {"Type", "string", "", 0, "What the entries are for."},
                                {"Data", "string", "", 0, "Number of entries."},
                                age_column()},
                               secret_cells};
  return printer;
}

const Printer& leases() {
  static const Printer printer{
      {name_column(), {"Holder", "string", "", 0, "Who holds it."}, age_column()}, lease_cells};
  return printer;
}

const Printer& service_accounts() {
  static const Printer printer{{name_column(), age_column()}, service_account_cells};
  return printer;
}

const Printer& resource_quotas() {
  static const Printer printer{
      {name_column(),
       {"Request", "string", "", 0, "What is used of what may be asked for."},
       {"Limit", "string", "", 0, "What is used of the limits that containers may have."},
       age_column()},
      resource_quota_cells};
  return printer;
}

const Printer& component_statuses() {
  static const Printer printer{{name_column(),
                                {"Status", "string", "", 0, "Whether it is healthy."},
                                {"Message", "string", "", 0, "What it says of its health."},
                                {"Error", "string", "", 0, "What went wrong when it was asked."}},
                               component_status_cells};
  return printer;
}

const Printer& name_and_creation() {
  static const Printer printer{
      {name_column(), created_at_column()}, name_and_creation_cells, nullptr, true};
  return printer;
}

}  // namespace fakeapi::cluster::columns
