#include "fakeapi/scenario/language/schema.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/scenario/language/forms.hpp"

namespace fakeapi::scenario {
namespace {

using nlohmann::ordered_json;

/// "a cluster's restart" -> "cluster-s-restart": a name that needs no escape.
std::string slug(std::string_view name) {
  for (const std::string_view article : {"a ", "an "}) {
    if (name.starts_with(article)) name.remove_prefix(article.size());
  }
  std::string out;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    out += letter ? c : '-';
  }
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

ordered_json schema_of(const Type& type);

ordered_json scalar_schema(const Type& type) {
  const FormRow& row = row_of(type.form);
  if (type.form == Form::integer)
    return {{"type", "integer"}, {"minimum", type.minimum}, {"maximum", type.maximum}};
  if (type.form == Form::share)
    return {{"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", type.maximum}};
  if (type.form == Form::boolean) return {{"type", "boolean"}};
  ordered_json out;
  out["type"] = "string";
  if (row.may_be_number) out["type"] = {"string", "number"};
  // Go's one duration without a unit.
  if (type.form == Form::duration || type.form == Form::moment)
    return {{"anyOf", {{{"type", "string"}, {"pattern", row.pattern}}, {{"const", 0}}}}};
  if (!row.pattern.empty()) {
    out["pattern"] = row.pattern;
  } else {
    out["minLength"] = 1;
  }
  return out;
}

ordered_json choice_schema(const Choices& choices) {
  ordered_json words = ordered_json::array();
  std::string text;
  for (const Choice& each : choices) {
    words.push_back(each.name);
    if (!each.doc.empty())
      text += fmt::format("{}{}: {}", text.empty() ? "" : "\n", each.name, each.doc);
  }
  ordered_json out = {{"enum", std::move(words)}};
  if (!text.empty()) out["description"] = text;
  return out;
}

ordered_json list_schema(const Type& type) {
  ordered_json out = {{"type", "array"}, {"items", schema_of(type.parts[0])}};
  if (!type.may_be_empty) out["minItems"] = 1;
  return out;
}

ordered_json map_schema(const Type& type) {
  ordered_json out = {{"type", "object"}};
  if (!type.may_be_empty) out["minProperties"] = 1;
  out["propertyNames"] = {{"pattern", row_of(type.form).pattern}};
  out["additionalProperties"] = schema_of(type.parts[0]);
  return out;
}

ordered_json either_schema(const Type& type) {
  ordered_json parts = ordered_json::array();
  for (const Type& part : type.parts) parts.push_back(schema_of(part));
  return {{"anyOf", std::move(parts)}};
}

ordered_json schema_of(const Type& type) {
  switch (type.kind) {
    case Type::Kind::scalar:
      return scalar_schema(type);
    case Type::Kind::choice:
      return choice_schema(*type.choices);
    case Type::Kind::mapping:
      return {{"$ref", "#/definitions/" + slug(type.mapping().name)}};
    case Type::Kind::list:
      return list_schema(type);
    case Type::Kind::one_or_list:
      return {{"anyOf", {schema_of(type.parts[0]), list_schema(type)}}};
    case Type::Kind::map:
      return map_schema(type);
    case Type::Kind::either:
      return either_schema(type);
    case Type::Kind::object:
      break;
  }
  return {{"type", "object"}, {"required", {"apiVersion", "kind"}}};
}

ordered_json mapping_schema(const Mapping& mapping) {
  ordered_json out = {{"type", "object"}, {"additionalProperties", false}};
  ordered_json required = ordered_json::array();
  ordered_json& properties = out["properties"] = ordered_json::object();
  for (const Key& key : mapping.keys) {
    ordered_json value = schema_of(key.type);
    // Draft 07 ignores what stands beside a $ref.
    if (value.contains("$ref")) value = {{"allOf", ordered_json::array({value})}};
    std::string text(key.doc);
    if (value.contains("description"))
      text += (text.empty() ? "" : "\n") + value["description"].get<std::string>();
    if (!text.empty()) value["description"] = text;
    properties[std::string(key.name)] = std::move(value);
    if (key.required) required.push_back(key.name);
  }
  if (!required.empty()) out["required"] = std::move(required);
  return out;
}

}  // namespace

ordered_json json_schema() {
  ordered_json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                         {"title", "A scenario of fakeapi, version 1"}};
  schema.update(mapping_schema(scenario_mapping()));
  ordered_json& definitions = schema["definitions"] = ordered_json::object();
  for (const Mapping* mapping : all_mappings()) {
    if (mapping != &scenario_mapping()) definitions[slug(mapping->name)] = mapping_schema(*mapping);
  }
  return schema;
}

}  // namespace fakeapi::scenario
