// Tables and partial metadata, put together from a printer's cells.
#include "fakeapi/cluster/columns/table.hpp"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

json envelope(std::string_view kind, std::string_view version) {
  return {{"kind", kind}, {"apiVersion", fmt::format("meta.k8s.io/{}", version)}};
}

json list_metadata(const ListMeta& meta) {
  json out = json::object();
  if (!meta.resource_version.empty()) out["resourceVersion"] = meta.resource_version;
  if (!meta.continue_token.empty()) out["continue"] = meta.continue_token;
  if (meta.remaining_item_count) out["remainingItemCount"] = *meta.remaining_item_count;
  return out;
}

json definitions(const Printer& printer) {
  json out = json::array();
  for (const Column& column : printer.columns) {
    out.push_back({{"name", column.name},
                   {"type", column.type},
                   {"format", column.format},
                   {"description", column.description},
                   {"priority", column.priority}});
  }
  return out;
}

bool ends_initial_events(const json& object) {
  return string_at(object, {"metadata", "annotations", "k8s.io/initial-events-end"}) == "true";
}

json included(const json& object, const TableOptions& options) {
  if (options.include == IncludeObject::object) return object;
  if (options.include == IncludeObject::none && !ends_initial_events(object)) return nullptr;
  return partial_metadata(object, options.version);
}

json row(const Printer& printer, const json& object, const TableOptions& options, WallTime now) {
  json out = {{"cells", printer.cells(object, now)}, {"object", included(object, options)}};
  if (printer.conditions != nullptr) {
    json conditions = printer.conditions(object);
    if (!conditions.is_null()) out["conditions"] = std::move(conditions);
  }
  return out;
}

json table(const Printer& printer, const ListMeta& meta, const TableOptions& options, json rows) {
  json out = envelope("Table", options.version);
  out["metadata"] = list_metadata(meta);
  out["columnDefinitions"] = options.headers ? definitions(printer) : json();
  out["rows"] = std::move(rows);
  return out;
}

// The Go type that holds a kind inside the API server, as messages name it.
std::string go_type(std::string_view group, std::string_view kind) {
  struct Package {
    std::string_view group, name;
  };
  constexpr std::array<Package, 8> packages = {{{"", "core"},
                                                {"apps", "apps"},
                                                {"batch", "batch"},
                                                {"coordination.k8s.io", "coordination"},
                                                {"discovery.k8s.io", "discovery"},
                                                {"events.k8s.io", "core"},
                                                {"rbac.authorization.k8s.io", "rbac"},
                                                {"apiextensions.k8s.io", "apiextensions"}}};
  for (const Package& package : packages) {
    if (package.group == group) return fmt::format("*{}.{}", package.name, kind);
  }
  return kind.ends_with("List") ? "*unstructured.UnstructuredList" : "*unstructured.Unstructured";
}

Failure not_acceptable(std::string message) {
  return {406, "NotAcceptable", std::move(message), std::nullopt, {}};
}

}  // namespace

Result<IncludeObject> read_include_object(std::string_view value) {
  if (value.empty() || value == "Metadata") return IncludeObject::metadata;
  if (value == "None") return IncludeObject::none;
  if (value == "Object") return IncludeObject::object;
  return bad_request(
      fmt::format("Unable to convert to Table as requested: includeObject: Invalid value: {}: must "
                  "be 'Metadata', 'Object', 'None', or empty",
                  in_quotes(value)));
}

json table_of_list(const Printer& printer, ObjectList objects, const ListMeta& meta,
                   const TableOptions& options, WallTime now) {
  json rows = objects.empty() && printer.null_when_empty ? json() : json::array();
  for (const json* object : objects) rows.push_back(row(printer, *object, options, now));
  return table(printer, meta, options, std::move(rows));
}

json table_of(const Printer& printer, const json& object, const TableOptions& options,
              WallTime now) {
  const ListMeta meta{string_at(object, {"metadata", "resourceVersion"}), {}, std::nullopt};
  return table(printer, meta, options, json::array({row(printer, object, options, now)}));
}

json TableSequence::next(const json& object, WallTime now) {
  json out = table_of(*printer_, object, options_, now);
  options_.headers = false;
  return out;
}

json partial_metadata(const json& object, std::string_view version) {
  json out = envelope("PartialObjectMetadata", version);
  const json* metadata = find_at(object, {"metadata"});
  out["metadata"] = metadata != nullptr ? *metadata : json::object();
  return out;
}

json partial_metadata_list(ObjectList objects, const ListMeta& meta, std::string_view version) {
  json out = envelope("PartialObjectMetadataList", version);
  out["metadata"] = list_metadata(meta);
  json& items = out["items"];  // null: apiserver appends to a nil slice
  for (const json* object : objects) items.push_back(partial_metadata(*object, version));
  return out;
}

Failure no_partial_metadata_of_list(std::string_view group, std::string_view kind) {
  return not_acceptable(
      fmt::format("you requested PartialObjectMetadata, but the requested object is a list ({})",
                  go_type(group, fmt::format("{}List", kind))));
}

Failure no_partial_metadata_list_of_object(std::string_view group, std::string_view kind) {
  return not_acceptable(fmt::format(
      "you requested PartialObjectMetadataList, but the requested object is not a list ({})",
      go_type(group, kind)));
}

}  // namespace fakeapi::cluster::columns
