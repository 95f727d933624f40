// What is written is read back, with the numbers of gnostic's openapiv2/OpenAPIv2.proto written
// down here a second time.
#include "fakeapi/cluster/protobuf/swagger.hpp"

#include <bit>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/openapi2_document.hpp"
#include "fakeapi/cluster/api/yaml.hpp"
#include "fakeapi/cluster/protobuf/wire.hpp"

namespace fakeapi::cluster::protobuf {
namespace {

using nlohmann::json;

using Fields = std::multimap<std::uint32_t, WireField>;

Fields fields_of(std::string_view bytes) {
  Fields out;
  for (WireReader reader(bytes); !reader.done();) {
    const auto field = reader.next();
    if (!field) {
      ADD_FAILURE() << "no protobuf";
      break;
    }
    out.emplace(field->number, *field);
  }
  return out;
}

std::string_view only(const Fields& fields, std::uint32_t number) {
  EXPECT_EQ(fields.count(number), 1U) << number;
  const auto at = fields.find(number);
  return at == fields.end() ? std::string_view() : at->second.bytes;
}

json any(std::string_view bytes) {
  return parse_yaml(only(fields_of(bytes), 2)).value_or(json("no YAML"));
}

json schema(std::string_view bytes);

json schemas_by_name(std::string_view bytes) {
  json out = json::object();
  for (const auto& [number, field] : fields_of(bytes)) {
    const Fields named = fields_of(field.bytes);
    out[std::string(only(named, 1))] = schema(only(named, 2));
  }
  return out;
}

json additional_properties(std::string_view bytes) {
  const Fields fields = fields_of(bytes);
  if (fields.contains(2)) return fields.find(2)->second.value != 0;
  return schema(only(fields, 1));
}

json type_of(std::string_view bytes) { return std::string(only(fields_of(bytes), 1)); }

json schema(std::string_view bytes) {
  static const std::map<std::uint32_t, const char*> texts = {
      {1, "$ref"}, {2, "format"}, {3, "title"}, {4, "description"}, {13, "pattern"}};
  static const std::map<std::uint32_t, const char*> numbers = {
      {6, "multipleOf"}, {7, "maximum"}, {9, "minimum"}};
  static const std::map<std::uint32_t, const char*> flags = {
      {8, "exclusiveMaximum"}, {10, "exclusiveMinimum"}, {16, "uniqueItems"}};
  static const std::map<std::uint32_t, const char*> integers = {
      {11, "maxLength"}, {12, "minLength"},     {14, "maxItems"},
      {15, "minItems"},  {17, "maxProperties"}, {18, "minProperties"}};
  json out = json::object();
  for (const auto& [number, field] : fields_of(bytes)) {
    if (texts.contains(number)) out[texts.at(number)] = std::string(field.bytes);
    if (numbers.contains(number)) out[numbers.at(number)] = std::bit_cast<double>(field.value);
    if (flags.contains(number)) out[flags.at(number)] = field.value != 0;
    if (integers.contains(number)) out[integers.at(number)] = field.value;
    if (number == 19) out["required"].push_back(std::string(field.bytes));
    if (number == 20) out["enum"].push_back(any(field.bytes));
    if (number == 21) out["additionalProperties"] = additional_properties(field.bytes);
    if (number == 22) out["type"] = type_of(field.bytes);
    if (number == 23) out["items"] = schema(only(fields_of(field.bytes), 1));
    if (number == 25) out["properties"] = schemas_by_name(field.bytes);
    if (number == 31) {
      const Fields named = fields_of(field.bytes);
      out[std::string(only(named, 1))] = any(only(named, 2));
    }
  }
  return out;
}

TEST(SwaggerBytes, HoldEveryDefinitionAsTheJsonSays) {
  const json document = openapi::v2_document(Kinds());
  const std::string bytes = swagger_bytes(document);
  const json read = schemas_by_name(only(fields_of(bytes), 9));
  ASSERT_EQ(read.size(), document["definitions"].size());
  for (const auto& [name, definition] : document["definitions"].items())
    EXPECT_EQ(read.value(name, json()), definition) << name;
}

TEST(SwaggerBytes, HoldEveryKeywordOfASchema) {
  const json widget = {{"title", "t"},
                       {"description", "d"},
                       {"multipleOf", 0.5},
                       {"maximum", 10.5},
                       {"minimum", -1},
                       {"exclusiveMaximum", true},
                       {"exclusiveMinimum", true},
                       {"maxLength", 3},
                       {"minLength", 1},
                       {"pattern", "^a$"},
                       {"maxItems", 300},
                       {"minItems", 2},
                       {"uniqueItems", true},
                       {"maxProperties", 5},
                       {"minProperties", 4},
                       {"enum", json::array({"", "true", 1, "a: b"})},
                       {"additionalProperties", false},
                       {"x-kubernetes-validations", json::array({{{"rule", "self > 0"}}})}};
  const std::string bytes = swagger_bytes({{"definitions", {{"Widget", widget}}}});
  EXPECT_EQ(schemas_by_name(only(fields_of(bytes), 9))["Widget"], widget);
}

// kubectl (cmd/util, supportsQueryParam): Document.paths = 8, Paths.path = 2, PathItem.patch = 8,
// Operation.parameters = 8, ParametersItem.parameter = 1, Parameter.non_body_parameter = 2,
// NonBodyParameter.query_parameter_sub_schema = 3, its name = 4.
TEST(SwaggerBytes, NameTheParametersOfAPatchWhereKubectlLooks) {
  const json query = {{"in", "query"}, {"name", "dryRun"}, {"type", "string"}};
  const json patch = {{"operationId", "patchWidget"},
                      {"parameters", json::array({query})},
                      {"x-kubernetes-group-version-kind", {{"kind", "Widget"}}}};
  const std::string bytes =
      swagger_bytes({{"swagger", "2.0"}, {"paths", {{"/widgets", {{"patch", patch}}}}}});
  const Fields document = fields_of(bytes);
  EXPECT_EQ(only(document, 1), "2.0");
  const Fields path = fields_of(only(fields_of(only(document, 8)), 2));
  EXPECT_EQ(only(path, 1), "/widgets");
  const Fields operation = fields_of(only(fields_of(only(path, 2)), 8));
  EXPECT_EQ(only(operation, 5), "patchWidget");
  EXPECT_EQ(any(only(fields_of(only(operation, 13)), 2)), (json{{"kind", "Widget"}}));
  std::string_view inner = only(operation, 8);
  for (const std::uint32_t number : {1U, 2U, 3U}) inner = only(fields_of(inner), number);
  EXPECT_EQ(only(fields_of(inner), 4), "dryRun");
  EXPECT_EQ(only(fields_of(inner), 6), "string");
}

}  // namespace
}  // namespace fakeapi::cluster::protobuf
