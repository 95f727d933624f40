// The rules are those of kube-openapi: openapiconv/convert.go backwards, and what the builder of v2
// does besides.
#include "fakeapi/cluster/api/openapi2_document.hpp"

#include <functional>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/custom/definition.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"

namespace fakeapi::cluster::openapi {
namespace {

using nlohmann::json;

const json& document() {
  static const json made = v2_document(Kinds());
  return made;
}

const json& definition(const std::string& name) { return document().at("definitions").at(name); }

// Every schema inside a schema, itself first.
void visit(const json& schema, const std::function<void(const json&)>& look) {
  if (!schema.is_object()) return;
  look(schema);
  for (const json& property : schema.value("properties", json::object())) visit(property, look);
  for (const char* key : {"items", "additionalProperties"}) {
    if (schema.contains(key)) visit(schema[key], look);
  }
}

void visit_all(const json& definitions, const std::function<void(const json&)>& look) {
  for (const json& schema : definitions) visit(schema, look);
}

json v3_document(std::string_view path) {
  for (const schema::Document& one : schema::documents()) {
    if (one.path == path) return json::parse(schema::gunzip(one.gzip));
  }
  return {};
}

// ConvertSchema wraps a reference that has something beside it in allOf; v2 has it bare.
TEST(OpenApiV2, RefersToItsOwnDefinitions) {
  std::size_t references = 0;
  visit_all(document()["definitions"], [&](const json& schema) {
    EXPECT_FALSE(schema.contains("allOf")) << schema;
    const std::string ref = schema.value("$ref", "");
    if (ref.empty()) return;
    ++references;
    ASSERT_TRUE(ref.starts_with("#/definitions/")) << ref;
    EXPECT_TRUE(document()["definitions"].contains(ref.substr(14))) << ref;
  });
  EXPECT_GT(references, 0U);
}

// handler/default_pruning.go
TEST(OpenApiV2, HasNoDefaults) {
  visit_all(document()["definitions"],
            [](const json& schema) { EXPECT_FALSE(schema.contains("default")) << schema; });
}

// Besides references, defaults and alternatives nothing changes: strategic merge patches and
// server-side apply need the extensions in v2 as in v3.
TEST(OpenApiV2, KeepsTheExtensionsOfV3) {
  const json v3 = v3_document("api/v1")["components"]["schemas"];
  const char* name = "io.k8s.api.core.v1.PodSpec";
  for (const auto& [field, schema] : v3[name]["properties"].items()) {
    for (const auto& [key, value] : schema.items()) {
      if (key.starts_with("x-") || key == "type" || key == "format" || key == "enum") {
        EXPECT_EQ(definition(name)["properties"][field].value(key, json()), value) << field;
      }
    }
  }
  EXPECT_EQ(definition(name)["properties"]["containers"]["x-kubernetes-patch-merge-key"], "name");
}

// OpenAPISchemaType of these types in apimachinery: "string". v2 has no oneOf.
TEST(OpenApiV2, HasStringsForTypesOfMoreThanOneForm) {
  EXPECT_EQ(definition("io.k8s.apimachinery.pkg.util.intstr.IntOrString"),
            (json{{"type", "string"}, {"format", "int-or-string"}}));
  EXPECT_EQ(definition("io.k8s.apimachinery.pkg.api.resource.Quantity"),
            (json{{"type", "string"}}));
}

// server/routes/openapi.go, filterScopedGVKs is for v3 only.
TEST(OpenApiV2, NamesAllGroupsOfWhatIsAKindInEachOfThem) {
  std::set<std::string> groups;
  for (const json& one : definition("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions")
                             .at("x-kubernetes-group-version-kind")) {
    EXPECT_EQ(one["kind"], "DeleteOptions");
    groups.insert(one["group"]);
  }
  EXPECT_TRUE(groups.contains(""));
  EXPECT_TRUE(groups.contains("apps"));
  EXPECT_TRUE(groups.contains("discovery.k8s.io"));
}

TEST(OpenApiV2, HasThePathsAndMethodsOfV3) {
  std::size_t paths = 0;
  for (const schema::Document& one : schema::documents()) {
    const json v3 = json::parse(schema::gunzip(one.gzip));
    for (const auto& [path, item] : v3["paths"].items()) {
      ++paths;
      ASSERT_TRUE(document()["paths"].contains(path)) << path;
      for (const auto& [method, operation] : item.items())
        EXPECT_TRUE(document()["paths"][path].contains(method)) << path << " " << method;
    }
  }
  EXPECT_EQ(document()["paths"].size(), paths);
}

const json& patch_of_deployments() {
  return document()["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"];
}

// A body is a parameter in v2, and media types stand apart from schemas.
TEST(OpenApiV2, DescribesAnOperationInTheFormOfV2) {
  const json& post = document()["paths"]["/api/v1/namespaces/{namespace}/secrets"]["post"];
  EXPECT_EQ(post["parameters"][0],
            (json{{"in", "body"},
                  {"name", "body"},
                  {"required", true},
                  {"schema", {{"$ref", "#/definitions/io.k8s.api.core.v1.Secret"}}}}));
  EXPECT_EQ(post["consumes"], json::array({"*/*"}));
  EXPECT_EQ(post["produces"], json::array({"application/json", "application/yaml",
                                           "application/vnd.kubernetes.protobuf"}));
  EXPECT_EQ(post["responses"]["202"],
            (json{{"description", "Accepted"},
                  {"schema", {{"$ref", "#/definitions/io.k8s.api.core.v1.Secret"}}}}));
  EXPECT_EQ(patch_of_deployments()["x-kubernetes-group-version-kind"],
            (json{{"group", "apps"}, {"version", "v1"}, {"kind", "Deployment"}}));
}

// builder/parameters.go, collectSharedParameters: kubectl up to 1.27 looks for these two in the
// operation.
TEST(OpenApiV2, SharesParametersExceptThoseThatOldClientsLookFor) {
  std::set<std::string> here;
  std::size_t shared = 0;
  for (const json& one : patch_of_deployments()["parameters"]) {
    const std::string ref = one.value("$ref", "");
    if (ref.empty()) {
      here.insert(one["name"]);
      continue;
    }
    ++shared;
    ASSERT_TRUE(ref.starts_with("#/parameters/")) << ref;
    EXPECT_TRUE(document()["parameters"].contains(ref.substr(13))) << ref;
  }
  EXPECT_EQ(here, (std::set<std::string>{"dryRun", "fieldValidation"}));
  EXPECT_GT(shared, 0U);
}

class CustomOpenApiV2 : public ::testing::Test {
 protected:
  // The kind as it is in v2, with this schema for its spec.
  json spec(const json& schema) {
    const json whole = {{"type", "object"}, {"properties", {{"spec", schema}}}};
    return made(whole)["properties"]["spec"];
  }
  json made(const json& schema) {
    serve(schema);
    return v2_document(kinds_)["definitions"]["com.example.v1.Widget"];
  }
  void serve(const json& schema) {
    custom::serve(
        kinds_,
        {{"metadata", {{"uid", "u"}}},
         {"spec",
          {{"group", "example.com"},
           {"scope", "Namespaced"},
           {"names", {{"plural", "widgets"}, {"kind", "Widget"}, {"listKind", "WidgetList"}}},
           {"versions", json::array({{{"name", "v1"},
                                      {"served", true},
                                      {"subresources", {{"status", json::object()}}},
                                      {"schema", {{"openAPIV3Schema", schema}}}}})}}}});
  }
  Kinds kinds_;
};

// builder.go, buildKubeNative and buildListSchema.
TEST_F(CustomOpenApiV2, HasWhatEveryObjectHas) {
  const json widget = made({{"type", "object"}});
  EXPECT_EQ(widget["properties"]["metadata"]["$ref"],
            "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  EXPECT_EQ(widget["properties"]["kind"], (json{{"type", "string"}}));
  EXPECT_EQ(widget["x-kubernetes-group-version-kind"],
            json::array({{{"group", "example.com"}, {"version", "v1"}, {"kind", "Widget"}}}));
  const json list = v2_document(kinds_)["definitions"]["com.example.v1.WidgetList"];
  EXPECT_EQ(list["properties"]["items"]["items"]["$ref"], "#/definitions/com.example.v1.Widget");
}

// v2/conversion.go, ToStructuralOpenAPIV2.
TEST_F(CustomOpenApiV2, LeavesOutWhatV2CannotSay) {
  EXPECT_EQ(spec({{"type", "string"},
                  {"anyOf", json::array({{{"pattern", "a"}}})},
                  {"not", {{"pattern", "b"}}},
                  {"default", "c"},
                  {"maxLength", 3}}),
            (json{{"type", "string"}, {"maxLength", 3}}));
}

TEST_F(CustomOpenApiV2, SaysNothingOfTheTypeOfWhatMayBeNull) {
  const json schema =
      spec({{"type", "object"},
            {"required", json::array({"a", "b"})},
            {"properties",
             {{"a", {{"type", "string"}, {"nullable", true}}}, {"b", {{"type", "integer"}}}}}});
  EXPECT_EQ(schema["properties"]["a"], json::object());
  EXPECT_EQ(schema["required"], json::array({"b"}));
}

TEST_F(CustomOpenApiV2, SaysNothingOfWhatIsInAnOpenObject) {
  const char* open = "x-kubernetes-preserve-unknown-fields";
  EXPECT_EQ(spec({{"type", "object"}, {open, true}, {"properties", {{"a", json::object()}}}}),
            (json{{open, true}}));
  // The whole object: kubectl would refuse all fields but those that are named.
  EXPECT_FALSE(made({{"type", "object"}, {open, true}}).contains("properties"));
}

// A field may have the name of a keyword.
TEST_F(CustomOpenApiV2, TellsFieldsFromKeywords) {
  const json fields = {{"default", {{"type", "string"}}}, {"allOf", {{"type", "integer"}}}};
  EXPECT_EQ(spec({{"type", "object"}, {"properties", fields}})["properties"], fields);
}

// builder.go, generateBuilder; endpoints/openapi, GetOperationIDAndTags.
TEST_F(CustomOpenApiV2, HasThePathsOfItsResource) {
  serve({{"type", "object"}});
  const json paths = v2_document(kinds_)["paths"];
  const std::string base = "/apis/example.com/v1/namespaces/{namespace}/widgets";
  for (const std::string& path : {base, base + "/{name}", base + "/{name}/status"})
    EXPECT_TRUE(paths.contains(path)) << path;
  EXPECT_FALSE(paths.contains(base + "/{name}/scale"));
  EXPECT_EQ(paths["/apis/example.com/v1/widgets"]["get"]["operationId"],
            "listExampleComV1WidgetForAllNamespaces");
  const json patch = paths[base + "/{name}"]["patch"];
  EXPECT_EQ(patch["operationId"], "patchExampleComV1NamespacedWidget");
  EXPECT_EQ(patch["tags"], json::array({"exampleCom_v1"}));
  EXPECT_EQ(patch["consumes"],
            json::array({"application/json-patch+json", "application/merge-patch+json",
                         "application/apply-patch+yaml"}));
}

}  // namespace
}  // namespace fakeapi::cluster::openapi
