#include "fakeapi/cluster/api/openapi_custom.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/openapi_routes.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"

namespace fakeapi::cluster::openapi {
namespace {

using nlohmann::json;

constexpr const char* preserves_unknown = "x-kubernetes-preserve-unknown-fields";

bool is_true(const json& schema, const char* key) {
  const auto at = schema.find(key);
  return at != schema.end() && at->is_boolean() && at->get<bool>();
}

template <class Visit>
void for_each_child(json& schema, Visit visit) {
  if (const auto properties = schema.find("properties"); properties != schema.end()) {
    for (json& property : *properties) visit(property);
  }
  for (const char* key : {"items", "additionalProperties"}) {
    if (const auto child = schema.find(key); child != schema.end() && child->is_object())
      visit(*child);
  }
}

// A value that may be null is not required.
void release_nullable(json& schema) {
  const auto required = schema.find("required");
  const auto properties = schema.find("properties");
  if (required == schema.end()) return;
  if (properties != schema.end()) {
    const auto free = std::remove_if(required->begin(), required->end(), [&](const json& name) {
      const auto property = properties->find(name.get_ref<const std::string&>());
      return property != properties->end() && is_true(*property, "nullable");
    });
    required->erase(free, required->end());
  }
  const auto others = schema.find("additionalProperties");
  const bool others_nullable = others != schema.end() && is_true(*others, "nullable");
  if (required->empty() || others_nullable) schema.erase("required");
}

// apiextensions-apiserver pkg/controller/openapi/v2/conversion.go, ToStructuralOpenAPIV2. Where it
// drops a type, kubectl would take the value for something narrower than it is.
void simplify(json& schema) {
  for (const char* key : {"allOf", "anyOf", "oneOf", "not"}) schema.erase(key);
  const bool nullable = is_true(schema, "nullable");
  const bool open = is_true(schema, preserves_unknown);
  schema.erase("nullable");
  if (nullable || open) {
    schema.erase("items");
    schema.erase("properties");
  }
  release_nullable(schema);
  const std::string type = schema.value("type", "");
  const bool bare_list = type == "array" && !schema.contains("items");
  if (nullable || bare_list || (open && type == "object")) schema.erase("type");
  for_each_child(schema, simplify);
}

json meta_ref(const char* type) {
  return {
      {"allOf", json::array({{{"$ref", schema_ref(fmt::format(
                                           "io.k8s.apimachinery.pkg.apis.meta.v1.{}", type))}}})}};
}

void add_type_meta(json& schema) {
  schema["properties"]["apiVersion"] = {{"type", "string"}};
  schema["properties"]["kind"] = {{"type", "string"}};
}

// addEmbeddedProperties: whole objects inside an object.
void add_embedded(json& schema, For version) {
  for_each_child(schema, [version](json& child) { add_embedded(child, version); });
  if (version == For::v2 && is_true(schema, preserves_unknown)) return;
  if (!is_true(schema, "x-kubernetes-embedded-resource")) return;
  add_type_meta(schema);
  schema["properties"]["metadata"] = meta_ref("ObjectMeta");
  json& required = schema["required"];
  for (const char* name : {"kind", "apiVersion"}) {
    if (std::find(required.begin(), required.end(), name) == required.end())
      required.push_back(name);
  }
}

json group_version_kind(const Kind& kind, const std::string& name) {
  return json::array({{{"group", kind.group}, {"version", kind.version}, {"kind", name}}});
}

// buildKubeNative
json kind_schema(const Kind& kind, For version) {
  const auto& given = kind.custom->schema;
  json schema = {{"type", "object"}};
  const bool closed = given && !(version == For::v2 && is_true(*given, preserves_unknown));
  if (closed) {
    schema = *given;
    if (version == For::v2) simplify(schema);
    schema["properties"]["metadata"] = meta_ref("ObjectMeta");
    add_type_meta(schema);
    add_embedded(schema, version);
  }
  schema["x-kubernetes-group-version-kind"] = group_version_kind(kind, kind.kind);
  return schema;
}

// buildListSchema
json list_schema(const Kind& kind) {
  json schema = {
      {"type", "object"},
      {"required", json::array({"items"})},
      {"properties",
       {{"items",
         {{"type", "array"}, {"items", {{"$ref", schema_ref(schema_name(kind, kind.kind))}}}}},
        {"metadata", meta_ref("ListMeta")}}},
      {"x-kubernetes-group-version-kind", group_version_kind(kind, kind.list_kind)}};
  add_type_meta(schema);
  return schema;
}

bool is_custom_at(const Kind& kind, std::string_view path) {
  return kind.served && kind.custom != nullptr && path_of(kind) == path;
}

// What the schemas and paths of custom kinds refer to is in the recorded documents: all of
// apimachinery in any of them, Scale where there are kinds with scales.
json read_shared_schemas() {
  json out = json::object();
  for (const schema::Document& one : schema::documents()) {
    if (one.path != "apis/apps/v1") continue;
    json parsed = json::parse(schema::gunzip(one.gzip));
    for (auto& [name, schema] : parsed["components"]["schemas"].items()) {
      if (name.starts_with("io.k8s.apimachinery.") || name.starts_with("io.k8s.api.autoscaling."))
        out[name] = std::move(schema);
    }
  }
  return out;
}

// Read once: the index of documents makes the document of every custom group.
const json& shared_schemas() {
  static const json schemas = read_shared_schemas();
  return schemas;
}

}  // namespace

std::string path_of(const Kind& kind) {
  return kind.group.empty() ? "api/" + kind.version : "apis/" + kind.group + "/" + kind.version;
}

void add_custom_kind(const Kind& kind, For version, json& schemas, json& paths) {
  schemas[schema_name(kind, kind.kind)] = kind_schema(kind, version);
  schemas[schema_name(kind, kind.list_kind)] = list_schema(kind);
  add_routes(kind, paths);
}

std::vector<std::string> custom_paths(const Kinds& kinds) {
  std::vector<std::string> out;
  for (const Kind& kind : kinds.all()) {
    if (!kind.served || kind.custom == nullptr) continue;
    const std::string path = path_of(kind);
    if (std::find(out.begin(), out.end(), path) == out.end()) out.push_back(path);
  }
  return out;
}

json custom_document(const Kinds& kinds, std::string_view path) {
  json document = {{"openapi", "3.0.0"},
                   {"info", {{"title", "Kubernetes CRD Swagger"}, {"version", "v0.1.0"}}},
                   {"paths", json::object()},
                   {"components", {{"schemas", shared_schemas()}}}};
  json& schemas = document["components"]["schemas"];
  for (const Kind& kind : kinds.all()) {
    if (is_custom_at(kind, path)) add_custom_kind(kind, For::v3, schemas, document["paths"]);
  }
  return document;
}

}  // namespace fakeapi::cluster::openapi
