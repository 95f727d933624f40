// The conversion of kube-openapi (pkg/openapiconv) backwards, with what its builder for v2 does
// besides: defaults are left out (pkg/handler/default_pruning.go) and parameters shared
// (pkg/builder/parameters.go).
#include "fakeapi/cluster/api/openapi2_document.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/openapi_custom.hpp"
#include "fakeapi/cluster/base64.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"

namespace fakeapi::cluster::openapi {
namespace {

using nlohmann::json;

constexpr std::string_view v3_prefix = "#/components/schemas/";
constexpr const char* v2_prefix = "#/definitions/";

// The order in which the routes of kube-apiserver name media types; v3 has them by name.
constexpr std::array<std::string_view, 8> media_types = {
    "*/*",
    "text/plain",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/json",
    "application/yaml",
    "application/vnd.kubernetes.protobuf",
};

std::string renamed(std::string_view ref) {
  if (ref.starts_with(v3_prefix)) ref.remove_prefix(v3_prefix.size());
  return v2_prefix + std::string(ref);
}

void to_v2(json& schema) {
  if (!schema.is_object()) return;  // additionalProperties: true
  schema.erase("default");
  // Quantity and IntOrString: v2 has no alternatives, and so these types say that they are strings
  // (their OpenAPISchemaType in apimachinery).
  if (schema.erase("oneOf") > 0) schema["type"] = "string";
  // In v3 a reference that has something beside it is wrapped (pkg/builder3/util, WrapRefs).
  if (const auto all = schema.find("allOf"); all != schema.end()) {
    json ref = (*all)[0]["$ref"];
    schema.erase(all);
    schema["$ref"] = std::move(ref);
  }
  if (const auto ref = schema.find("$ref"); ref != schema.end())
    *ref = renamed(ref->get_ref<const std::string&>());
  if (const auto properties = schema.find("properties"); properties != schema.end()) {
    for (json& property : *properties) to_v2(property);
  }
  for (const char* key : {"items", "additionalProperties"}) {
    if (const auto child = schema.find(key); child != schema.end()) to_v2(*child);
  }
}

json types_of(const json& content) {
  std::vector<std::string> types;
  for (const auto& [type, media] : content.items()) types.push_back(type);
  const auto rank = [](const std::string& type) {
    return std::find(media_types.begin(), media_types.end(), type) - media_types.begin();
  };
  std::stable_sort(types.begin(), types.end(),
                   [&](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
  return types;
}

json schema_of(json& content) {
  json schema = std::move(content.begin()->at("schema"));
  to_v2(schema);
  return schema;
}

// The texts of the routes (apiserver pkg/endpoints/installer.go; the recordings have none).
const char* meaning_of(std::string_view status) {
  if (status == "200") return "OK";
  if (status == "201") return "Created";
  if (status == "202") return "Accepted";
  return "Unauthorized";
}

json parameter_of(json& from) {
  json out = std::move(from["schema"]);
  for (auto& [key, value] : from.items()) {
    if (key != "schema") out[key] = std::move(value);
  }
  return out;
}

json body_parameter(json& body) {
  json out = {{"in", "body"}, {"name", "body"}, {"schema", schema_of(body["content"])}};
  if (body.value("required", false)) out["required"] = true;
  return out;
}

// builder/util.go, sortParameters.
void sort_by_name(json& parameters) {
  std::stable_sort(parameters.begin(), parameters.end(), [](const json& a, const json& b) {
    return a["name"].get_ref<const std::string&>() < b["name"].get_ref<const std::string&>();
  });
}

json parameters_of(json& from) {
  json out = json::array();
  for (json& one : from) out.push_back(parameter_of(one));
  return out;
}

// Where there is no body, a v3 document does not say what is consumed. Routes of built-in resources
// consume anything then; all others consume what they produce.
json consumed(const json& operation, const json& produced, bool custom) {
  if (const auto body = operation.find("requestBody"); body != operation.end())
    return types_of((*body)["content"]);
  return custom || !operation.contains("x-kubernetes-action") ? produced : json::array({"*/*"});
}

json operation_of(json& from, bool custom) {
  json out = {{"schemes", json::array({"https"})}};
  for (auto& [status, response] : from["responses"].items()) {
    json& answer = out["responses"][status];
    answer["description"] = meaning_of(status);
    if (!response.contains("content")) continue;
    if (!out.contains("produces")) out["produces"] = types_of(response["content"]);
    answer["schema"] = schema_of(response["content"]);
  }
  if (out.contains("produces")) out["consumes"] = consumed(from, out["produces"], custom);
  json parameters = parameters_of(from["parameters"]);
  if (from.contains("requestBody")) parameters.push_back(body_parameter(from["requestBody"]));
  sort_by_name(parameters);
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  for (auto& [key, value] : from.items()) {
    if (key == "operationId" || key == "tags" || key.starts_with("x-")) out[key] = std::move(value);
  }
  return out;
}

json path_item_of(json& from, bool custom) {
  json out = json::object();
  for (auto& [key, value] : from.items())
    out[key] = key == "parameters" ? parameters_of(value) : operation_of(value, custom);
  if (out.contains("parameters")) sort_by_name(out["parameters"]);
  return out;
}

/// Parameters that many operations have stand once, under a name made of what they say.
class SharedParameters {
 public:
  void replace_in(json& path_item) {
    for (auto& [key, value] : path_item.items()) {
      json* list = key == "parameters" ? &value : nullptr;
      if (list == nullptr && value.contains("parameters")) list = &value["parameters"];
      if (list == nullptr) continue;
      for (json& parameter : *list) {
        if (is_shared(parameter)) parameter = {{"$ref", "#/parameters/" + name_of(parameter)}};
      }
    }
  }
  json take() { return std::move(parameters_); }

 private:
  // parameters.go, collectSharedParameters: kubectl up to 1.26 and 1.27 looks for dryRun and
  // fieldValidation in the operation itself, and the others differ from kind to kind.
  static bool is_shared(const json& parameter) {
    const auto& in = parameter["in"].get_ref<const std::string&>();
    const auto& name = parameter["name"].get_ref<const std::string&>();
    if (in != "body") return name != "name" && name != "dryRun" && name != "fieldValidation";
    return parameter["schema"].value("$ref", "").starts_with("#/definitions/io.k8s.apimachinery");
  }

  // parameters.go, base64Hash: FNV-1, its first six bytes.
  static std::string hash_of(const std::string& text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) hash = (hash * 1099511628211ULL) ^ static_cast<unsigned char>(c);
    std::string bytes;
    for (unsigned shift = 56; shift >= 16; shift -= 8)
      bytes += static_cast<char>((hash >> shift) & 0xffU);
    return base64url_encode(bytes);
  }

  std::string name_of(const json& parameter) {
    const std::string text = parameter.dump();
    const auto known = names_.find(text);
    if (known != names_.end()) return known->second;
    std::string name = parameter["name"].get<std::string>() + "-" + hash_of(text);
    while (parameters_.contains(name)) name += '-';
    parameters_[name] = parameter;
    return names_.emplace(text, std::move(name)).first->second;
  }

  std::map<std::string, std::string> names_;
  json parameters_ = json::object();
};

using GroupVersionKind = std::array<std::string, 3>;

std::set<GroupVersionKind> kinds_of(const json& schema) {
  std::set<GroupVersionKind> out;
  for (const json& one : schema.value("x-kubernetes-group-version-kind", json::array()))
    out.insert(
        GroupVersionKind{one.value("group", ""), one.value("version", ""), one.value("kind", "")});
  return out;
}

// WatchEvent and DeleteOptions are kinds of every group; each v3 document names only its own
// (apiserver pkg/server/routes/openapi.go, filterScopedGVKs).
void add_definition(const std::string& name, json& schema, json& definitions) {
  if (!definitions.contains(name)) {
    to_v2(schema);
    definitions[name] = std::move(schema);
    return;
  }
  auto kinds = kinds_of(definitions[name]);
  const std::size_t before = kinds.size();
  kinds.merge(kinds_of(schema));
  if (kinds.size() == before) return;
  json list = json::array();
  for (const auto& [group, version, kind] : kinds)
    list.push_back({{"group", group}, {"version", version}, {"kind", kind}});
  definitions[name]["x-kubernetes-group-version-kind"] = std::move(list);
}

}  // namespace

json v2_document(const Kinds& kinds) {
  json out = {{"swagger", "2.0"},
              {"paths", json::object()},
              {"definitions", json::object()},
              {"security", json::array({{{"BearerToken", json::array()}}})}};
  SharedParameters shared;
  const auto add = [&](json& schemas, json& paths, bool custom) {
    for (auto& [name, schema] : schemas.items()) add_definition(name, schema, out["definitions"]);
    for (auto& [path, item] : paths.items()) {
      json& made = out["paths"][path] = path_item_of(item, custom);
      shared.replace_in(made);
    }
  };
  for (const schema::Document& one : schema::documents()) {
    json parsed = json::parse(schema::gunzip(one.gzip));
    json& components = parsed["components"];
    add(components["schemas"], parsed["paths"], false);
    out["info"] = std::move(parsed["info"]);
    out["securityDefinitions"] = std::move(components["securitySchemes"]);
  }
  for (const Kind& kind : kinds.all()) {
    if (!kind.served || kind.custom == nullptr) continue;
    json schemas = json::object();
    json paths = json::object();
    add_custom_kind(kind, For::v2, schemas, paths);
    add(schemas, paths, true);
  }
  out["parameters"] = shared.take();
  return out;
}

}  // namespace fakeapi::cluster::openapi
