// OpenAPI v3: an index, and one document for each group and version. The documents of built-in
// groups are the recorded ones, sent as they are stored, compressed, to whoever takes gzip; those
// of custom groups are made of their definitions (kube-openapi pkg/handler3).
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr std::size_t path_depth = 2;  // "openapi", "v3"

Bytes bytes_of(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

// Clients keep a document for as long as its hash stays. FNV-1a is enough: it only has to differ.
std::string hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:016X}", hash);
}

std::string path_of(const Kind& kind) {
  return kind.group.empty() ? "api/" + kind.version : "apis/" + kind.group + "/" + kind.version;
}

// The schema of a custom kind, with the fields that every object has.
json definition_schema(const Kind& kind) {
  json schema = kind.custom->schema ? *kind.custom->schema : json::object();
  schema["type"] = "object";
  json& properties = schema["properties"];
  properties["apiVersion"] = {{"type", "string"}};
  properties["kind"] = {{"type", "string"}};
  properties["metadata"] = {
      {"allOf", json::array({{{"$ref",
                               "#/components/schemas/"
                               "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}}})}};
  schema["x-kubernetes-group-version-kind"] =
      json::array({{{"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}}});
  return schema;
}

// What clients look for in a path: its methods, their kind, and whether fieldValidation and dryRun
// are known.
json operation(const Kind& kind, const char* action, bool writes) {
  json out = {{"x-kubernetes-action", action},
              {"x-kubernetes-group-version-kind",
               {{"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}}},
              {"responses", {{"200", json::object()}}}};
  if (!writes) return out;
  for (const char* name : {"dryRun", "fieldManager", "fieldValidation"}) {
    out["parameters"].push_back(
        {{"in", "query"}, {"name", name}, {"schema", {{"type", "string"}, {"uniqueItems", true}}}});
  }
  return out;
}

std::string schema_name(const Kind& kind) {
  // "example.com" becomes "com.example", as for Go packages.
  std::vector<std::string> parts;
  std::string_view rest = kind.group;
  while (!rest.empty()) {
    const std::size_t dot = rest.find('.');
    parts.insert(parts.begin(), std::string(rest.substr(0, dot)));
    rest = dot == std::string_view::npos ? "" : rest.substr(dot + 1);
  }
  return fmt::format("{}.{}.{}", fmt::join(parts, "."), kind.version, kind.kind);
}

json custom_document(const Kinds& kinds, std::string_view path) {
  json document = {{"openapi", "3.0.0"},
                   {"info", {{"title", "Kubernetes CRD Swagger"}, {"version", "v0.1.0"}}},
                   {"paths", json::object()},
                   {"components", {{"schemas", json::object()}}}};
  // What metadata refers to is taken from a recorded document.
  for (const schema::Document& one : schema::documents()) {
    if (one.path != "apis/coordination.k8s.io/v1") continue;
    const json parsed = json::parse(schema::gunzip(one.gzip));
    for (const auto& [name, schema] : parsed["components"]["schemas"].items()) {
      if (name.starts_with("io.k8s.apimachinery."))
        document["components"]["schemas"][name] = schema;
    }
  }
  for (const Kind& kind : kinds.all()) {
    if (!kind.served || kind.custom == nullptr || path_of(kind) != path) continue;
    document["components"]["schemas"][schema_name(kind)] = definition_schema(kind);
    const std::string base = fmt::format(
        "/{}/{}{}", path, kind.namespaced ? "namespaces/{namespace}/" : "", kind.plural);
    document["paths"][base] = {{"get", operation(kind, "list", false)},
                               {"post", operation(kind, "post", true)}};
    document["paths"][base + "/{name}"] = {{"get", operation(kind, "get", false)},
                                           {"put", operation(kind, "put", true)},
                                           {"patch", operation(kind, "patch", true)},
                                           {"delete", operation(kind, "delete", false)}};
  }
  return document;
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

Response index(const Kinds& kinds) {
  json paths = json::object();
  const auto add = [&paths](const std::string& path, std::string_view text) {
    paths[path] = {
        {"serverRelativeURL", fmt::format("/openapi/v3/{}?hash={}", path, hash_of(text))}};
  };
  for (const schema::Document& one : schema::documents()) add(one.path, one.gzip);
  for (const std::string& path : custom_paths(kinds))
    add(path, custom_document(kinds, path).dump());
  Response response = json_response(200, bytes_of(json{{"paths", std::move(paths)}}.dump()));
  // Recorded: the index says it is plain text.
  response.headers.back().second = "text/plain; charset=utf-8";
  return response;
}

std::optional<std::string_view> recorded_document(const std::string& path) {
  for (const schema::Document& one : schema::documents()) {
    if (one.path == path) return one.gzip;
  }
  return std::nullopt;
}

Response document_response(std::string text) {
  return json_response(200, bytes_of(std::move(text)));
}

}  // namespace

bool is_openapi_path(const Uri& uri) {
  return uri.segments.size() >= path_depth && uri.segments[0] == "openapi" &&
         uri.segments[1] == "v3";
}

Response openapi_response(const Kinds& kinds, const Request& request, const Uri& uri) {
  if (uri.segments.size() == path_depth) return index(kinds);
  const std::string path =
      fmt::format("{}", fmt::join(uri.segments.begin() + path_depth, uri.segments.end(), "/"));
  // Protobuf alone is for clients that fall back to JSON when they are told so.
  if (!negotiate(request.headers, {}, Answers::plain))
    return failure_response(not_acceptable("application/json"));
  if (const auto gzip = recorded_document(path)) {
    if (!takes_gzip(request.headers)) return document_response(schema::gunzip(*gzip));
    Response response = document_response(std::string(*gzip));
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.headers.emplace_back("Vary", "Accept-Encoding");
    return response;
  }
  const auto custom = custom_paths(kinds);
  if (std::find(custom.begin(), custom.end(), path) == custom.end())
    return text_response(404, "404 page not found\n");
  return document_response(custom_document(kinds, path).dump());
}

}  // namespace fakeapi::cluster
