// One function for each message, its fields in the order of their numbers. A field that has its
// default value is not written (proto3), but a message or an alternative that is there is, even
// when it is empty.
#include "fakeapi/cluster/protobuf/swagger.hpp"

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/yaml.hpp"
#include "fakeapi/cluster/protobuf/writer.hpp"

namespace fakeapi::cluster::protobuf {
namespace {

using nlohmann::json;

std::string message_of(std::uint32_t number, std::string_view bytes) {
  WireWriter writer;
  writer.bytes(number, bytes);
  return writer.take();
}

// A value of any kind, as YAML (NewAny).
std::string any(const json& value) {
  std::string text = yaml_text(value);
  if (text.empty() || text.back() != '\n') text += '\n';
  return message_of(2, text);
}

// NamedSchema, NamedAny and their like: a map is a list of names and values.
std::string named(std::string_view name, std::string_view value) {
  WireWriter writer;
  writer.bytes(1, name);
  writer.bytes(2, value);
  return writer.take();
}

std::string texts(const json& values) {
  WireWriter writer;
  for (const json& value : values) writer.bytes(1, value.get_ref<const std::string&>());
  return writer.take();
}

/// A JSON object as a message, key by key; a key that is missing or has another type is no field.
class Message {
 public:
  explicit Message(const json& from) : from_(from) {}

  Message& text(std::uint32_t number, const char* key) {
    const json* value = find(key);
    if (value != nullptr && value->is_string() && !value->get_ref<const std::string&>().empty())
      writer_.bytes(number, value->get_ref<const std::string&>());
    return *this;
  }
  Message& flag(std::uint32_t number, const char* key) {
    const json* value = find(key);
    if (value != nullptr && value->is_boolean() && value->get<bool>()) writer_.varint(number, 1);
    return *this;
  }
  Message& whole(std::uint32_t number, const char* key) {
    const json* value = find(key);
    if (value != nullptr && value->is_number_integer() && *value != 0)
      writer_.varint(number, static_cast<std::uint64_t>(value->get<std::int64_t>()));
    return *this;
  }
  Message& number(std::uint32_t number, const char* key) {
    const json* value = find(key);
    if (value != nullptr && value->is_number() && *value != 0)
      writer_.fixed64(number, value->get<double>());
    return *this;
  }
  template <class Encode>
  Message& one(std::uint32_t number, const char* key, Encode encode) {
    if (const json* value = find(key)) writer_.bytes(number, encode(*value));
    return *this;
  }
  template <class Encode>
  Message& list(std::uint32_t number, const char* key, Encode encode) {
    const json* values = find(key);
    if (values == nullptr || !values->is_array()) return *this;
    for (const json& value : *values) writer_.bytes(number, encode(value));
    return *this;
  }
  Message& texts(std::uint32_t number, const char* key) {
    return list(number, key, [](const json& value) { return value.get<std::string>(); });
  }
  /// Each key as a name with a value.
  template <class Encode>
  Message& map(std::uint32_t number, Encode encode) {
    for (const auto& [name, value] : from_.items())
      writer_.bytes(number, named(name, encode(value)));
    return *this;
  }
  /// The keys that begin with "x-".
  Message& extensions(std::uint32_t number) {
    for (const auto& [name, value] : from_.items()) {
      if (name.starts_with("x-")) writer_.bytes(number, named(name, any(value)));
    }
    return *this;
  }
  std::string take() { return writer_.take(); }

 private:
  const json* find(const char* key) const {
    const auto at = from_.find(key);
    return at == from_.end() ? nullptr : &*at;
  }

  const json& from_;
  WireWriter writer_;
};

template <class Encode>
auto map_of(Encode encode) {
  return [encode](const json& from) { return Message(from).map(1, encode).take(); };
}

std::string schema(const json& from);

std::string type_item(const json& from) {
  return from.is_string() ? message_of(1, from.get<std::string>()) : texts(from);
}

std::string items_item(const json& from) { return message_of(1, schema(from)); }

std::string additional_properties_item(const json& from) {
  if (!from.is_boolean()) return message_of(1, schema(from));
  WireWriter writer;
  writer.varint(2, from.get<bool>() ? 1U : 0U);
  return writer.take();
}

std::string external_docs(const json& from) {
  return Message(from).text(1, "description").text(2, "url").extensions(3).take();
}

std::string schema(const json& from) {
  return Message(from)
      .text(1, "$ref")
      .text(2, "format")
      .text(3, "title")
      .text(4, "description")
      .one(5, "default", any)
      .number(6, "multipleOf")
      .number(7, "maximum")
      .flag(8, "exclusiveMaximum")
      .number(9, "minimum")
      .flag(10, "exclusiveMinimum")
      .whole(11, "maxLength")
      .whole(12, "minLength")
      .text(13, "pattern")
      .whole(14, "maxItems")
      .whole(15, "minItems")
      .flag(16, "uniqueItems")
      .whole(17, "maxProperties")
      .whole(18, "minProperties")
      .texts(19, "required")
      .list(20, "enum", any)
      .one(21, "additionalProperties", additional_properties_item)
      .one(22, "type", type_item)
      .one(23, "items", items_item)
      .list(24, "allOf", schema)
      .one(25, "properties", map_of(schema))
      .one(29, "externalDocs", external_docs)
      .one(30, "example", any)
      .extensions(31)
      .take();
}

std::string body_parameter(const json& from) {
  return Message(from)
      .text(1, "description")
      .text(2, "name")
      .text(3, "in")
      .flag(4, "required")
      .one(5, "schema", schema)
      .extensions(6)
      .take();
}

// QueryParameterSubSchema has one field, allow_empty_value, that PathParameterSubSchema has not,
// and so the numbers behind it are one higher.
std::string simple_parameter(const json& from) {
  const bool query = from.value("in", "") == "query";
  Message message(from);
  message.flag(1, "required").text(2, "in").text(3, "description").text(4, "name");
  if (query) message.flag(5, "allowEmptyValue");
  const std::uint32_t shift = query ? 1 : 0;
  message.text(5 + shift, "type").text(6 + shift, "format").flag(19 + shift, "uniqueItems");
  return message_of(query ? 3 : 4, message.extensions(22 + shift).take());
}

std::string parameter(const json& from) {
  return from.value("in", "") == "body" ? message_of(1, body_parameter(from))
                                        : message_of(2, simple_parameter(from));
}

std::string json_reference(const json& from) { return Message(from).text(1, "$ref").take(); }

std::string parameters_item(const json& from) {
  return from.contains("$ref") ? message_of(2, json_reference(from))
                               : message_of(1, parameter(from));
}

std::string schema_item(const json& from) { return message_of(1, schema(from)); }

std::string response_value(const json& from) {
  return message_of(
      1, Message(from).text(1, "description").one(2, "schema", schema_item).extensions(5).take());
}

std::string security_requirement(const json& from) { return Message(from).map(1, texts).take(); }

std::string operation(const json& from) {
  return Message(from)
      .texts(1, "tags")
      .text(2, "summary")
      .text(3, "description")
      .text(5, "operationId")
      .texts(6, "produces")
      .texts(7, "consumes")
      .list(8, "parameters", parameters_item)
      .one(9, "responses", map_of(response_value))
      .texts(10, "schemes")
      .flag(11, "deprecated")
      .list(12, "security", security_requirement)
      .extensions(13)
      .take();
}

std::string path_item(const json& from) {
  return Message(from)
      .one(2, "get", operation)
      .one(3, "put", operation)
      .one(4, "post", operation)
      .one(5, "delete", operation)
      .one(6, "options", operation)
      .one(7, "head", operation)
      .one(8, "patch", operation)
      .list(9, "parameters", parameters_item)
      .extensions(10)
      .take();
}

std::string paths(const json& from) { return Message(from).map(2, path_item).take(); }

std::string info(const json& from) {
  return Message(from).text(1, "title").text(2, "version").text(3, "description").take();
}

// Kubernetes has API keys only.
std::string security_definition(const json& from) {
  return message_of(2, Message(from)
                           .text(1, "type")
                           .text(2, "name")
                           .text(3, "in")
                           .text(4, "description")
                           .extensions(5)
                           .take());
}

}  // namespace

std::string swagger_bytes(const json& document) {
  return Message(document)
      .text(1, "swagger")
      .one(2, "info", info)
      .texts(5, "schemes")
      .texts(6, "consumes")
      .texts(7, "produces")
      .one(8, "paths", paths)
      .one(9, "definitions", map_of(schema))
      .one(10, "parameters", map_of(parameter))
      .list(12, "security", security_requirement)
      .one(13, "securityDefinitions", map_of(security_definition))
      .take();
}

}  // namespace fakeapi::cluster::protobuf
