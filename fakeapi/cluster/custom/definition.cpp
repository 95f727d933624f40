#include "fakeapi/cluster/custom/definition.hpp"

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/custom.hpp"
#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/schema/documents.hpp"

namespace fakeapi::cluster::custom {
namespace {

using nlohmann::json;

// ".spec.replicas" as keys. Only such simple paths are allowed there (CRD documentation).
std::vector<std::string> keys_of(std::string_view path) {
  std::vector<std::string> keys;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    if (const std::string_view key = path.substr(0, dot); !key.empty()) keys.emplace_back(key);
    path = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  }
  return keys;
}

std::string text_at(const json& object, const std::vector<std::string>& keys) {
  const json* at = &object;
  for (const std::string& key : keys) {
    const auto next = at->is_object() ? at->find(key) : at->end();
    if (!at->is_object() || next == at->end()) return {};
    at = &*next;
  }
  return at->is_string() ? at->get<std::string>() : at->dump();
}

void add_subresources(const json& version, Kind& row) {
  const json subresources = version.value("subresources", json::object());
  row.subresources.clear();
  row.has_status = false;
  row.scale = {};
  if (const auto scale = subresources.find("scale"); scale != subresources.end()) {
    row.subresources.push_back(
        {"scale", {"get", "patch", "update"}, {"autoscaling", "v1", "Scale"}});
    row.scale = {keys_of(string_at(*scale, {"specReplicasPath"})),
                 keys_of(string_at(*scale, {"statusReplicasPath"})),
                 keys_of(string_at(*scale, {"labelSelectorPath"}))};
  }
  if (subresources.contains("status")) {
    row.has_status = true;
    row.subresources.push_back({"status", {"get", "patch", "update"}, {}});
  }
}

void add_selectable_fields(const json& version, Kind& row) {
  row.fields.clear();
  for (const json& field : version.value("selectableFields", json::array())) {
    const std::string path = string_at(field, {"jsonPath"});
    const auto keys = keys_of(path);
    row.fields.push_back({path.substr(path.starts_with('.') ? 1 : 0),
                          [keys](const json& object) { return text_at(object, keys); }});
  }
}

void fill(const json& definition, const json& version, Kind& row) {
  const json& spec = definition.at("spec");
  const json names = spec.value("names", json::object());
  row.group = string_at(spec, {"group"});
  row.version = string_at(version, {"name"});
  row.kind = string_at(names, {"kind"});
  row.list_kind = string_at(names, {"listKind"});
  row.plural = string_at(names, {"plural"});
  row.singular = string_at(names, {"singular"});
  row.short_names = names.value("shortNames", std::vector<std::string>());
  row.categories = names.value("categories", std::vector<std::string>());
  row.namespaced = string_at(spec, {"scope"}) == "Namespaced";
  row.verbs = {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"};
  row.name_errors = names::dns_subdomain;
  row.counts_generations = true;
  row.needs_version_to_update = true;
  row.served = version.value("served", false);
  row.warning.clear();
  if (version.value("deprecated", false)) {
    row.warning = string_at(version, {"deprecationWarning"});
    if (row.warning.empty()) {
      row.warning = row.group + "/" + row.version + " " + row.kind + " is deprecated";
    }
  }
  add_subresources(version, row);
  add_selectable_fields(version, row);
  row.rules = rules::custom_resource_rules(row.has_status);
}

// A new one each time: an open watch may still use the old one.
void add_schema(const json& definition, const json& version, Kind& row) {
  auto made = std::make_shared<CustomKind>();
  made->definition_uid = string_at(definition, {"metadata", "uid"});
  const json* schema = find_at(version, {"schema", "openAPIV3Schema"});
  if (schema != nullptr) made->schema = std::make_shared<const json>(*schema);
  made->printer = std::make_shared<const columns::Printer>(
      columns::custom_resources(version.value("additionalPrinterColumns", json())));
  row.custom_type =
      made->types.add_custom(schema != nullptr ? *schema : json(), &schema::object_meta());
  row.custom = std::move(made);
}

// The same object under another version: only its name changes (conversion strategy None), and it
// is pruned by that version's schema when it is read through it.
void link(Kinds& kinds, const std::vector<const Kind*>& rows) {
  for (const Kind* row : rows) {
    Kind& edited = kinds.edit(*row);
    edited.twins.clear();
    for (const Kind* other : rows) {
      if (other == row) continue;
      edited.twins.push_back({other, [other](const json& object) {
                                json converted = object;
                                converted["apiVersion"] = other->api_version();
                                return converted;
                              }});
    }
  }
}

}  // namespace

std::vector<const Kind*> rows_of(const Kinds& kinds, const std::string& uid) {
  std::vector<const Kind*> rows;
  for (const Kind& row : kinds.all()) {
    if (row.custom && row.custom->definition_uid == uid) rows.push_back(&row);
  }
  return rows;
}

void serve(Kinds& kinds, const json& definition) {
  const std::string uid = string_at(definition, {"metadata", "uid"});
  for (const json& version : definition.at("spec").value("versions", json::array())) {
    const auto rows = rows_of(kinds, uid);
    const auto same = std::find_if(rows.begin(), rows.end(), [&](const Kind* row) {
      return row->version == string_at(version, {"name"});
    });
    Kind& row = same != rows.end() ? kinds.edit(**same) : kinds.add({});
    fill(definition, version, row);
    add_schema(definition, version, row);
  }
  link(kinds, rows_of(kinds, uid));
}

void withdraw(Kinds& kinds, const std::string& uid) {
  for (const Kind* row : rows_of(kinds, uid)) kinds.edit(*row).served = false;
}

}  // namespace fakeapi::cluster::custom
