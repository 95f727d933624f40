// apiextensions-apiserver pkg/controller/openapi/builder/builder.go, BuildOpenAPIV3.
#include "fakeapi/cluster/api/openapi_custom.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/custom/definition.hpp"

namespace fakeapi::cluster::openapi {
namespace {

using nlohmann::json;

json document_of(const json& subresources, const json& spec) {
  const json schema = {{"type", "object"}, {"properties", {{"spec", spec}}}};
  Kinds kinds;
  custom::serve(
      kinds, {{"metadata", {{"uid", "u"}}},
              {"spec",
               {{"group", "example.com"},
                {"scope", "Cluster"},
                {"names", {{"plural", "widgets"}, {"kind", "Widget"}, {"listKind", "WidgetList"}}},
                {"versions", json::array({{{"name", "v1"},
                                           {"served", true},
                                           {"subresources", subresources},
                                           {"schema", {{"openAPIV3Schema", schema}}}}})}}}});
  EXPECT_EQ(custom_paths(kinds), std::vector<std::string>{"apis/example.com/v1"});
  return custom_document(kinds, "apis/example.com/v1");
}

TEST(CustomOpenApiV3, SaysAllThatTheDefinitionSays) {
  const json spec = {{"type", "string"},
                     {"nullable", true},
                     {"default", "a"},
                     {"anyOf", json::array({{{"pattern", "a"}}, {{"pattern", "b"}}})}};
  const json document = document_of(json::object(), spec);
  EXPECT_EQ(document["components"]["schemas"]["com.example.v1.Widget"]["properties"]["spec"], spec);
}

// A reference leads to a schema of the same document.
TEST(CustomOpenApiV3, HasWhatItsOperationsReferTo) {
  const json document =
      document_of({{"scale", {{"specReplicasPath", ".spec.replicas"}}}}, {{"type", "object"}});
  const json& schemas = document["components"]["schemas"];
  std::size_t references = 0;
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      if (method == "parameters") continue;
      const json& media = operation["responses"]["200"]["content"]["application/json"];
      const std::string ref = media["schema"]["$ref"];
      EXPECT_TRUE(schemas.contains(ref.substr(ref.rfind('/') + 1))) << path << " " << ref;
      ++references;
    }
  }
  EXPECT_EQ(references, 10U);  // list, create, delete all; get, put, patch, delete; scale
}

}  // namespace
}  // namespace fakeapi::cluster::openapi
