// One pass names all types, a second fills them, as they refer to each other in any order.
#include "fakeapi/cluster/schema/read.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace fakeapi::cluster::schema {

using nlohmann::json;

namespace {

using Kind = Type::Kind;

// Types with a JSON form of their own (their MarshalJSON), by the last part of their name.
Kind special_kind(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (last == "Time") return Kind::time;
  if (last == "MicroTime") return Kind::micro_time;
  if (last == "Quantity") return Kind::quantity;
  if (last == "IntOrString") return Kind::int_or_string;
  return Kind::any;
}

bool is_special(std::string_view name, const json& schema) {
  if (special_kind(name) != Kind::any || schema.empty()) return true;
  const std::string_view last = name.substr(name.rfind('.') + 1);
  return last == "RawExtension" || last == "FieldsV1" || last == "Patch";
}

std::string text_of(const json& schema, const char* key) {
  const auto it = schema.find(key);
  return it != schema.end() && it->is_string() ? it->get<std::string>() : std::string();
}

bool flag_of(const json& schema, const char* key) {
  const auto it = schema.find(key);
  return it != schema.end() && it->is_boolean() && it->get<bool>();
}

bool listed(const json& schema, const char* key, const std::string& name) {
  const auto it = schema.find(key);
  return it != schema.end() && it->is_array() &&
         std::find(it->begin(), it->end(), name) != it->end();
}

std::string referred(const json& schema) {
  std::string ref = text_of(schema, "$ref");
  if (const auto all = schema.find("allOf");
      ref.empty() && all != schema.end() && all->is_array() && !all->empty()) {
    ref = text_of(all->front(), "$ref");
  }
  return ref.substr(ref.rfind('/') + 1);
}

bool is_zero(const json& value) {
  return value == "" || value == 0 || value == false || value == json::object();
}

void read_list_marks(const json& schema, Type& type) {
  const std::string list = text_of(schema, "x-kubernetes-list-type");
  if (list == "set") type.list_type = Type::ListType::set;
  if (list == "map") type.list_type = Type::ListType::map;
  if (const auto keys = schema.find("x-kubernetes-list-map-keys"); keys != schema.end())
    type.keys = keys->get<std::vector<std::string>>();
}

void read_patch_marks(const json& schema, Field& field) {
  const std::string strategy = text_of(schema, "x-kubernetes-patch-strategy");
  field.patch_merges = strategy.find("merge") != std::string::npos;
  field.patch_retains_keys = strategy.find("retainKeys") != std::string::npos;
  field.patch_merge_key = text_of(schema, "x-kubernetes-patch-merge-key");
  field.atomic = text_of(schema, "x-kubernetes-map-type") == "atomic";
  field.granular = text_of(schema, "x-kubernetes-map-type") == "granular";
}

}  // namespace

class Reader {
 public:
  Reader(Types& types, const json& go_types, bool custom)
      : types_(types), go_types_(go_types), custom_(custom) {}

  Type& make() {
    Type& type = types_.types_.emplace_back();
    type.custom = custom_;
    return type;
  }

  void fill(const json& schema, Type& type) {
    if (custom_) read_custom_marks(schema, type);
    if (type.kind != Kind::any) return;
    const std::string name = text_of(schema, "type");
    if (name == "string") type.kind = string_kind(schema);
    if (name == "boolean") type.kind = Kind::boolean;
    if (name == "number") type.kind = Kind::number;
    if (name == "integer") {
      type.kind = Kind::integer;
      type.bits = text_of(schema, "format") == "int32" ? 32 : 64;
    }
    if (name == "array") {
      type.kind = Kind::list;
      read_list_marks(schema, type);
      type.element = of(schema.value("items", json::object()));
    }
    if (name == "object") fill_object(schema, type);
  }

  const Type* of(const json& schema) {
    if (const std::string name = referred(schema); !name.empty() && !custom_) {
      return types_.find(name);
    }
    Type& type = make();
    fill(schema, type);
    return &type;
  }

 private:
  Kind string_kind(const json& schema) const {
    // A custom resource's formats are checked, not rewritten.
    return !custom_ && text_of(schema, "format") == "byte" ? Kind::bytes : Kind::string;
  }

  void read_custom_marks(const json& schema, Type& type) {
    type.preserves_unknown = flag_of(schema, "x-kubernetes-preserve-unknown-fields");
    type.embedded = flag_of(schema, "x-kubernetes-embedded-resource");
    type.nullable = flag_of(schema, "nullable");
    if (flag_of(schema, "x-kubernetes-int-or-string")) type.kind = Kind::int_or_string;
  }

  void fill_object(const json& schema, Type& type) {
    type.atomic = text_of(schema, "x-kubernetes-map-type") == "atomic";
    const auto values = schema.find("additionalProperties");
    if (values != schema.end() && values->is_object()) {
      type.kind = Kind::map;
      type.element = of(*values);
      return;
    }
    if (custom_ && values != schema.end() && *values == true) {
      type.kind = Kind::map;
      type.element = &make();
      return;
    }
    type.kind = Kind::structure;
    const auto properties = schema.find("properties");
    if (properties == schema.end()) return;
    const json facts = go_types_.value(type.name, json::object());
    for (const auto& [name, property] : properties->items()) {
      type.fields.push_back(read_field(name, property, listed(schema, "required", name), facts));
    }
  }

  Field read_field(const std::string& name, const json& property, bool required,
                   const json& facts) {
    Field field;
    field.name = name;
    field.type = of(property);
    read_patch_marks(property, field);
    const auto value = property.find("default");
    if (value != property.end() && (custom_ || !is_zero(*value)))
      field.default_value = std::make_shared<const json>(*value);
    if (custom_) return field;
    field.zero_default = value != property.end() && is_zero(*value);
    field.pointer = listed(facts, "pointers", name);
    if (listed(facts, "null_when_missing", name)) {
      field.when_empty = Field::Empty::null;
    } else if (always_written(field, property, required, facts)) {
      field.when_empty = null_when_nil(*field.type) ? Field::Empty::null : Field::Empty::zero;
    }
    return field;
  }

  // Go writes structures whatever they hold, and everything else that has no omitempty: as a rule
  // what the schema requires. The facts list the exceptions.
  static bool always_written(const Field& field, const json& property, bool required,
                             const json& facts) {
    if (listed(facts, "written", field.name)) return true;
    if (listed(facts, "dropped", field.name)) return false;
    const Kind kind = field.type->kind;
    if (kind == Kind::time || kind == Kind::micro_time) return true;
    return required || (kind == Kind::structure && property.contains("default"));
  }

  static bool null_when_nil(const Type& type) {
    return type.kind == Kind::list || type.kind == Kind::map || type.kind == Kind::any ||
           type.kind == Kind::time || type.kind == Kind::micro_time;
  }

  Types& types_;
  const json& go_types_;
  const bool custom_;
};

void Types::add_document(const json& schemas, const json& go_types) {
  Reader reader(*this, go_types, false);
  for (const auto& [name, schema] : schemas.items()) {
    Type& type = reader.make();
    type.name = name;
    if (is_special(name, schema)) type.kind = special_kind(name);
    by_name_.emplace(name, &type);
  }
  // Fields look at the kinds of what they refer to, so structures are told apart first.
  for (const auto& [name, schema] : schemas.items()) {
    Type& type = *by_name_.at(name);
    if (type.kind == Kind::any && !is_special(name, schema)) type.kind = Kind::structure;
  }
  for (const auto& [name, schema] : schemas.items()) {
    Type& type = *by_name_.at(name);
    if (!is_special(name, schema)) {
      type.kind = Kind::any;
      reader.fill(schema, type);
    }
    for (const json& kind : schema.value("x-kubernetes-group-version-kind", json::array())) {
      by_kind_.emplace(
          std::tuple(text_of(kind, "group"), text_of(kind, "version"), text_of(kind, "kind")),
          &type);
    }
  }
}

const Type* Types::add_custom(const json& schema, const Type* object_meta) {
  static const json none = json::object();
  Reader reader(*this, none, true);
  Type& root = reader.make();
  if (schema.is_object()) reader.fill(schema, root);
  root.kind = Kind::structure;
  if (!schema.is_object() || schema.empty()) root.preserves_unknown = true;
  const auto set = [&root](const char* name, const Type* type) {
    const auto at = std::find_if(root.fields.begin(), root.fields.end(),
                                 [name](const Field& field) { return field.name == name; });
    Field& field = at != root.fields.end() ? *at : root.fields.emplace_back();
    field.name = name;
    field.type = type;
  };
  Type& string = reader.make();
  string.kind = Kind::string;
  set("apiVersion", &string);
  set("kind", &string);
  set("metadata", object_meta);
  for (Field& field : root.fields) {
    if (field.name == "metadata") field.when_empty = Field::Empty::zero;
  }
  std::sort(root.fields.begin(), root.fields.end(),
            [](const Field& a, const Field& b) { return a.name < b.name; });
  return &root;
}

const Type* Types::find(std::string_view name) const {
  const auto it = by_name_.find(name);
  return it != by_name_.end() ? it->second : nullptr;
}

const Type* Types::find(std::string_view group, std::string_view version,
                        std::string_view kind) const {
  const auto it =
      by_kind_.find(std::tuple(std::string(group), std::string(version), std::string(kind)));
  return it != by_kind_.end() ? it->second : nullptr;
}

}  // namespace fakeapi::cluster::schema
