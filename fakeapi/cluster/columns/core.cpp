// Namespaces, ConfigMaps, Secrets, ServiceAccounts and Leases: a few fields each. And what is
// printed of kinds that bring no columns.
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

const Printer& name_and_creation() {
  static const Printer printer{
      {name_column(), created_at_column()}, name_and_creation_cells, nullptr, true};
  return printer;
}

}  // namespace fakeapi::cluster::columns
