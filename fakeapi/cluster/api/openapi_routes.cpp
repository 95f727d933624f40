#include "fakeapi/cluster/api/openapi_routes.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster::openapi {
namespace {

using nlohmann::json;

constexpr const char* meta = "io.k8s.apimachinery.pkg.apis.meta.v1.";
constexpr const char* scale_schema = "io.k8s.api.autoscaling.v1.Scale";

struct Parameter {
  const char* name;
  const char* type = "string";
};
using Parameters = std::vector<Parameter>;

// The fields of the options types of meta/v1 (apimachinery pkg/apis/meta/v1/types.go).
const Parameters get_options = {{"resourceVersion"}};
const Parameters list_options = {{"allowWatchBookmarks", "boolean"},
                                 {"continue"},
                                 {"fieldSelector"},
                                 {"labelSelector"},
                                 {"limit", "integer"},
                                 {"resourceVersion"},
                                 {"resourceVersionMatch"},
                                 {"sendInitialEvents", "boolean"},
                                 {"shardSelector"},
                                 {"timeoutSeconds", "integer"},
                                 {"watch", "boolean"}};
const Parameters write_options = {{"dryRun"}, {"fieldManager"}, {"fieldValidation"}};
const Parameters patch_options = {
    {"dryRun"}, {"fieldManager"}, {"fieldValidation"}, {"force", "boolean"}};
const Parameters delete_options = {{"dryRun"},
                                   {"gracePeriodSeconds", "integer"},
                                   {"ignoreStoreReadErrorWithClusterBreakingPotential", "boolean"},
                                   {"orphanDependents", "boolean"},
                                   {"propagationPolicy"}};

const std::vector<const char*> plain_types = {"application/json", "application/yaml"};
const std::vector<const char*> patch_types = {
    "application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"};

/// One method of a path, named as buildRoute names it.
struct Route {
  const char* method;
  const char* action;     // x-kubernetes-action
  const char* operation;  // the verb of operationId
  const Parameters* options;
  std::string answer;  // schemas
  std::string body = {};
  std::vector<const char*> statuses = {"200"};
};

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] & ~0x20);
  return text;
}

// apiserver pkg/endpoints/openapi, ToValidOperationID: "stable.example.com" is stableExampleCom.
std::string identifier(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(".-");
    const std::string word(text.substr(0, end));
    out += out.empty() ? word : capitalised(word);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
  }
  return out;
}

std::string short_group(const Kind& kind) {
  constexpr std::string_view suffix = ".k8s.io";
  const bool official = kind.group.ends_with(suffix);
  return official ? kind.group.substr(0, kind.group.size() - suffix.size()) : kind.group;
}

json parameter(const char* in, const Parameter& from) {
  json out = {
      {"in", in}, {"name", from.name}, {"schema", {{"type", from.type}, {"uniqueItems", true}}}};
  if (std::string_view(in) == "path") out["required"] = true;
  return out;
}

json content(const std::vector<const char*>& types, const std::string& schema) {
  json out;
  for (const char* type : types) out[type] = {{"schema", {{"$ref", schema_ref(schema)}}}};
  return {{"content", std::move(out)}};
}

json operation(const Kind& kind, const Route& route, const std::string& suffix) {
  const bool collection = std::string_view(route.action) == "deletecollection";
  json out = {
      {"operationId", route.operation + capitalised(identifier(short_group(kind))) +
                          capitalised(kind.version) + (collection ? "Collection" : "") + suffix},
      {"tags", json::array({identifier(short_group(kind)) + "_" + kind.version})},
      {"x-kubernetes-action", route.action},
      {"x-kubernetes-group-version-kind",
       {{"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}}},
      {"responses", {{"401", json::object()}}}};
  for (const Parameter& one : *route.options) out["parameters"].push_back(parameter("query", one));
  for (const char* status : route.statuses)
    out["responses"][status] = content(plain_types, route.answer);
  if (route.body.empty()) return out;
  const bool patches = std::string_view(route.action) == "patch";
  out["requestBody"] = content(patches ? patch_types : plain_types, route.body);
  if (std::string_view(route.action) != "delete") out["requestBody"]["required"] = true;
  return out;
}

// Parameters of the only method of a path are those of the path (kube-openapi pkg/builder3,
// findCommonParameters; more than one method never share an option here).
json path_item(const Kind& kind, const std::string& path, const std::vector<Route>& routes,
               const std::string& suffix) {
  json item = {{"parameters", json::array()}};
  for (const char* name : {"name", "namespace"}) {
    if (path.find(fmt::format("{{{}}}", name)) != std::string::npos)
      item["parameters"].push_back(parameter("path", {name}));
  }
  item["parameters"].push_back(parameter("query", {"pretty"}));
  for (const Route& route : routes) item[route.method] = operation(kind, route, suffix);
  if (routes.size() == 1) {
    json& only = item[routes[0].method];
    for (json& one : only["parameters"]) item["parameters"].push_back(std::move(one));
    only.erase("parameters");
  }
  return item;
}

std::vector<Route> collection_routes(const std::string& object, const std::string& list) {
  const std::string status = std::string(meta) + "Status";
  return {{"get", "list", "list", &list_options, list},
          {"post", "post", "create", &write_options, object, object, {"200", "201", "202"}},
          {"delete", "deletecollection", "delete", &list_options, status}};
}

std::vector<Route> subresource_routes(const std::string& object) {
  return {{"get", "get", "read", &get_options, object},
          {"put", "put", "replace", &write_options, object, object, {"200", "201"}},
          {"patch", "patch", "patch", &patch_options, object, std::string(meta) + "Patch"}};
}

std::vector<Route> item_routes(const std::string& object) {
  std::vector<Route> routes = subresource_routes(object);
  routes.push_back({"delete",
                    "delete",
                    "delete",
                    &delete_options,
                    std::string(meta) + "Status",
                    std::string(meta) + "DeleteOptions",
                    {"200", "202"}});
  return routes;
}

}  // namespace

std::string schema_name(const Kind& kind, std::string_view name) {
  std::vector<std::string_view> parts;
  for (std::string_view rest = kind.group; !rest.empty();) {
    const std::size_t dot = rest.find('.');
    parts.insert(parts.begin(), rest.substr(0, dot));
    rest = dot == std::string_view::npos ? "" : rest.substr(dot + 1);
  }
  return fmt::format("{}.{}.{}", fmt::join(parts, "."), kind.version, name);
}

std::string schema_ref(std::string_view name) {
  return fmt::format("#/components/schemas/{}", name);
}

void add_routes(const Kind& kind, json& paths) {
  const std::string object = schema_name(kind, kind.kind);
  const std::string list = schema_name(kind, kind.list_kind);
  const std::string root = fmt::format("/apis/{}/{}/", kind.group, kind.version);
  const std::string base = root + (kind.namespaced ? "namespaces/{namespace}/" : "") + kind.plural;
  const std::string scope = kind.namespaced ? "Namespaced" : "";
  const auto add = [&](const std::string& path, const std::vector<Route>& routes,
                       const std::string& suffix) {
    paths[path] = path_item(kind, path, routes, suffix);
  };
  if (kind.namespaced) {
    add(root + kind.plural, {collection_routes(object, list).front()},
        kind.kind + "ForAllNamespaces");
  }
  add(base, collection_routes(object, list), scope + kind.kind);
  add(base + "/{name}", item_routes(object), scope + kind.kind);
  for (const Subresource& one : kind.subresources) {
    const std::string name(one.name);
    add(base + "/{name}/" + name, subresource_routes(name == "scale" ? scale_schema : object),
        scope + kind.kind + capitalised(name));
  }
}

}  // namespace fakeapi::cluster::openapi
