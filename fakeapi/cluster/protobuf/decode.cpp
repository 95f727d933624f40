// A walk along the bytes with the table of fields. Messages with a JSON form of their own (times,
// quantities, raw JSON) are rewritten after they were read like all others.
#include "fakeapi/cluster/protobuf/decode.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/base64.hpp"
#include "fakeapi/cluster/protobuf/wire.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/text.hpp"
#include "fakeapi/cluster/wall_time.hpp"

namespace fakeapi::cluster::protobuf {
namespace {

using nlohmann::json;
using Type = WireField::Type;

constexpr std::string_view magic{"k8s\0", 4};
// Messages inside messages: the deepest of the API is a CRD's schema, whose own limit is far below.
constexpr int depth_max = 100;

std::string_view last_part(std::string_view message) {
  return message.substr(message.rfind('.') + 1);
}

// Years 1 to 9999, which is all that RFC 3339 can write.
constexpr std::int64_t unix_seconds_min = -62'135'596'800;
constexpr std::int64_t unix_seconds_max = 253'402'300'799;

std::optional<json> time_of(const json& message, bool micro) {
  const auto seconds = message.value("seconds", std::int64_t{0});
  const auto nanoseconds = message.value("nanos", std::int64_t{0});
  if (seconds == 0 && nanoseconds == 0) return json(nullptr);
  if (seconds < unix_seconds_min || seconds > unix_seconds_max) return std::nullopt;
  const WallTime time = unix_time(seconds, nanoseconds);
  return micro ? rfc3339_micro(time) : rfc3339(time);
}

// apimachinery util/intstr: type 1 is a string.
json int_or_string(const json& message) {
  if (message.value("type", std::int64_t{0}) == 1) return message.value("strVal", "");
  return message.value("intVal", std::int64_t{0});
}

// Bytes that hold JSON. They were read as base64, as bytes are.
json embedded(const json& message, const char* key) {
  const auto it = message.find(key);
  if (it == message.end() || !it->is_string()) return nullptr;
  const auto text = base64_decode(it->get_ref<const std::string&>());
  json value = text ? json::parse(*text, nullptr, false) : json(nullptr);
  return value.is_discarded() ? json(nullptr) : value;
}

// Messages whose JSON is not an object of their fields.
std::optional<json> in_json_form(std::string_view message, json value) {
  const std::string_view name = last_part(message);
  if (name == "Time") return time_of(value, false);
  if (name == "MicroTime") return time_of(value, true);
  if (name == "Quantity" || name == "QuantityValue") return value.value("string", "0");
  if (name == "IntOrString") return int_or_string(value);
  if (name == "FieldsV1") return embedded(value, "Raw");
  if (name == "RawExtension") return embedded(value, "raw");
  if (name == "ExtraValue" || name == "Verbs") return value.value("items", json::array());
  return value;
}

using SchemaType = schema::Type;

// "io.k8s.api.core.v1.Pod" is "k8s.io.api.core.v1.Pod".
std::string message_name(std::string_view type_name) {
  constexpr std::string_view prefix = "io.k8s.";
  if (!type_name.starts_with(prefix)) return std::string(type_name);
  std::string out = "k8s.io." + std::string(type_name.substr(prefix.size()));
  for (char& c : out) c = c == '-' ? '_' : c;
  return out;
}

class Decoder {
 public:
  // `type` is what JSON has in that place; nullptr where nobody knows.
  std::optional<json> message(const std::string& name, std::string_view bytes,
                              const SchemaType* type, int depth) const {
    const auto fields = schema::protobuf_fields().find(name);
    if (fields == schema::protobuf_fields().end() || depth > depth_max) return std::nullopt;
    json out = json::object();
    WireReader reader(bytes);
    while (!reader.done()) {
      const auto wire = reader.next();
      if (!wire) return std::nullopt;
      const auto field = fields->find(std::to_string(wire->number));
      if (field == fields->end()) continue;  // of a newer version
      if (!put(*field, *wire, type, out, depth)) return std::nullopt;
    }
    return in_json_form(name, std::move(out));
  }

 private:
  bool put(const json& field, const WireField& wire, const SchemaType* type, json& out,
           int depth) const {
    const std::string& name = field.at("name").get_ref<const std::string&>();
    const bool structure = type != nullptr && type->kind == SchemaType::Kind::structure;
    const schema::Field* known = structure ? type->field(name) : nullptr;
    const SchemaType* inner = known != nullptr ? known->type : nullptr;
    if (const auto map = field.find("map"); map != field.end())
      return put_entry(map->at(1).get_ref<const std::string&>(), wire, element_of(inner), out[name],
                       depth);
    const std::string& wire_type = field.at("type").get_ref<const std::string&>();
    if (field.contains("repeated"))
      return append(wire_type, wire, element_of(inner), out[name], depth);
    // Go embeds some structures: JSON has their fields one level up, protobuf does not.
    if (structure && known == nullptr && wire_type.starts_with("k8s.io.")) {
      json embedded;
      if (!put_value(wire_type, wire, type, embedded, depth)) return false;
      if (embedded.is_object()) out.update(embedded);
      return true;
    }
    return put_value(wire_type, wire, inner, out[name], depth);
  }

  static const SchemaType* element_of(const SchemaType* type) {
    return type != nullptr ? type->element : nullptr;
  }

  bool append(const std::string& wire_type, const WireField& wire, const SchemaType* type,
              json& list, int depth) const {
    if (!list.is_array()) list = json::array();
    const bool number = wire_type == "int32" || wire_type == "int64" || wire_type == "bool";
    if (number && wire.type == Type::bytes) {  // packed
      for (WireReader reader(wire.bytes); !reader.done();) {
        const auto value = reader.varint();
        if (!value) return false;
        list.push_back(integer(wire_type, *value));
      }
      return true;
    }
    json element;
    if (!put_value(wire_type, wire, type, element, depth)) return false;
    list.push_back(std::move(element));
    return true;
  }

  // A map is a list of messages: 1 the key, always a string here, 2 the value.
  bool put_entry(const std::string& wire_type, const WireField& wire, const SchemaType* type,
                 json& map, int depth) const {
    if (wire.type != Type::bytes) return false;
    if (!map.is_object()) map = json::object();
    std::string key;
    json value = wire_type == "string" || wire_type == "bytes" ? json("") : json();
    for (WireReader reader(wire.bytes); !reader.done();) {
      const auto part = reader.next();
      if (!part) return false;
      if (part->number == 1) key = as_utf8(part->bytes);
      if (part->number == 2 && !put_value(wire_type, *part, type, value, depth)) return false;
    }
    if (value.is_null()) value = message(wire_type, {}, type, depth + 1).value_or(json());
    map[key] = std::move(value);
    return true;
  }

  static json integer(const std::string& type, std::uint64_t value) {
    if (type == "bool") return value != 0;
    if (type == "int32") return static_cast<std::int32_t>(value);
    return static_cast<std::int64_t>(value);
  }

  bool put_value(const std::string& type, const WireField& wire, const SchemaType* schema_type,
                 json& slot, int depth) const {
    if (type == "string" || type == "bytes") {
      if (wire.type != Type::bytes) return false;
      // Go's decoder takes any bytes for a string, and its JSON encoder replaces what is no UTF-8.
      slot = type == "string" ? as_utf8(wire.bytes) : base64_encode(wire.bytes);
      return true;
    }
    if (type == "int32" || type == "int64" || type == "bool") {
      if (wire.type != Type::varint) return false;
      slot = integer(type, wire.value);
      return true;
    }
    if (type == "double") {
      if (wire.type != Type::fixed64) return false;
      slot = std::bit_cast<double>(wire.value);
      return std::isfinite(slot.get<double>());  // JSON has no other numbers
    }
    if (wire.type != Type::bytes) return false;
    auto inner = message(type, wire.bytes, schema_type, depth + 1);
    if (!inner) return false;
    slot = std::move(*inner);
    return true;
  }
};

}  // namespace

std::optional<Envelope> open(std::string_view body) {
  if (!body.starts_with(magic)) return std::nullopt;
  Envelope out;
  for (WireReader reader(body.substr(magic.size())); !reader.done();) {
    const auto field = reader.next();
    if (!field) return std::nullopt;
    if (field->number == 2) out.raw = field->bytes;
    if (field->number != 1) continue;
    for (WireReader meta(field->bytes); !meta.done();) {
      const auto part = meta.next();
      if (!part) return std::nullopt;
      if (part->number == 1) out.api_version = as_utf8(part->bytes);
      if (part->number == 2) out.kind = as_utf8(part->bytes);
    }
  }
  return out;
}

std::optional<json> decode(const schema::Type& type, std::string_view raw) {
  return Decoder().message(message_name(type.name), raw, &type, 0);
}

}  // namespace fakeapi::cluster::protobuf
