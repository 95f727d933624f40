// Types and values in the terms of structured-merge-diff's schema.
#include "fakeapi/cluster/fields/shape.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/value.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;
using Kind = schema::Type::Kind;

// kube-openapi pkg/schemaconv/smd.go: the one type without a form of its own that is atomic.
constexpr std::string_view raw_extension = "io.k8s.apimachinery.pkg.runtime.RawExtension";

const std::vector<std::string> no_keys;

std::string keyed_item_error(const Shape& list, const json& item) {
  if (item.is_null()) return "associative list with keys may not have a null element";
  if (!item.is_object()) return "associative list with keys may not have non-map elements";
  std::string names;
  for (const std::string& key : list.keys()) {
    if (item.contains(key) || list.key_default(key) != nullptr) return {};
    names += (names.empty() ? "" : " ") + go_quoted(key);
  }
  return fmt::format(
      "associative list with keys has an element that omits all key fields [{}] (and doesn't have "
      "default values for any key fields)",
      names);
}

std::string set_item_error(const json& item) {
  if (item.is_object()) return "associative list without keys has an element that's a map type";
  if (item.is_array()) return "not supported: associative list with lists as elements";
  if (item.is_null()) return "associative list without keys has an element that's an explicit null";
  return {};
}

json zero_value(const schema::Type& type);

json zero_structure(const schema::Type& type) {
  json out = json::object();
  for (const schema::Field& field : type.fields) {
    if (field.when_empty == schema::Field::Empty::omitted) continue;
    const bool null = field.when_empty == schema::Field::Empty::null || field.type == nullptr;
    out[field.name] = null ? json() : zero_value(*field.type);
  }
  return out;
}

json zero_value(const schema::Type& type) {
  switch (type.kind) {
    case Kind::boolean:
      return false;
    case Kind::integer:
    case Kind::number:
    case Kind::int_or_string:
      return 0;
    case Kind::string:
      return "";
    case Kind::quantity:
      return "0";
    case Kind::structure:
      return zero_structure(type);
    default:
      return nullptr;  // lists, maps, bytes, times, and what any JSON may be
  }
}

}  // namespace

Shape::Shape(const schema::Type* type) : type_(type) {
  if (type == nullptr) return;
  preserves_ = type->preserves_unknown;
  if (type->kind == Kind::int_or_string || type->kind == Kind::any) {
    special_ = type->name == raw_extension ? Special::untyped_atomic : Special::deduced;
    type_ = nullptr;
  }
}

unsigned Shape::forms() const {
  if (type_ == nullptr) return scalar | list | map;
  if (type_->kind == Kind::structure || type_->kind == Kind::map) return map;
  return type_->kind == Kind::list ? list : scalar;
}

unsigned Shape::forms_for(const json* value) const {
  const unsigned all = forms();
  if (value == nullptr || value->is_null()) return all;
  unsigned own = scalar;
  if (value->is_array()) own = list;
  if (value->is_object()) own = map;
  return (all & own) != 0 ? own : all;
}

Shape::Scalar Shape::scalar_kind() const {
  if (type_ == nullptr) return Scalar::untyped;
  switch (type_->kind) {
    case Kind::boolean:
      return Scalar::boolean;
    case Kind::integer:
    case Kind::number:
      return Scalar::numeric;
    case Kind::string:
    case Kind::bytes:
      return Scalar::string;
    default:
      return Scalar::untyped;
  }
}

bool Shape::associative() const {
  return type_ != nullptr && type_->kind == Kind::list &&
         type_->list_type != schema::Type::ListType::atomic;
}

const std::vector<std::string>& Shape::keys() const {
  return type_ != nullptr && type_->list_type == schema::Type::ListType::map ? type_->keys
                                                                             : no_keys;
}

const json* Shape::key_default(std::string_view key) const {
  static const json zeros[] = {"", 0, false};
  const schema::Type* item = type_ == nullptr ? nullptr : type_->element;
  const schema::Field* field = item == nullptr ? nullptr : item->field(key);
  if (field == nullptr) return nullptr;
  if (field->default_value && !field->default_value->is_null()) return field->default_value.get();
  if (!field->zero_default) return nullptr;
  switch (Shape(field->type).scalar_kind()) {
    case Scalar::numeric:
      return &zeros[1];
    case Scalar::boolean:
      return &zeros[2];
    default:
      return &zeros[0];
  }
}

bool Shape::atomic_map() const {
  if (type_ == nullptr) return special_ == Special::untyped_atomic;
  return atomic_.value_or(type_->atomic);
}

bool Shape::declares(std::string_view field) const {
  return type_ != nullptr && type_->kind == Kind::structure && type_->field(field) != nullptr;
}

bool Shape::undescribed_map() const {
  if (type_ == nullptr) return special_ == Special::deduced;
  if (!type_->fields.empty()) return false;
  const schema::Type* of = type_->element;
  return of == nullptr || (of->name.empty() && of->kind == Kind::any);
}

// schemaconv/openapi.go, parseObject: unknown fields are allowed where a type says so, and where it
// describes nothing.
std::optional<Shape> Shape::unknown_members() const {
  if (type_->element != nullptr) return Shape(type_->element);
  if (preserves_ || type_->fields.empty()) return Shape();
  return std::nullopt;
}

std::optional<Shape> Shape::element() const {
  if (type_ == nullptr) {
    Shape out;
    out.special_ = special_;
    return out;
  }
  std::optional<Shape> out = unknown_members();
  // What a schema writes inside itself inherits the permission, what it refers to by name does not.
  if (out && out->type_ != nullptr && out->type_->name.empty()) out->preserves_ |= preserves_;
  return out;
}

std::optional<Shape> Shape::member(std::string_view name) const {
  const schema::Field* field =
      type_ != nullptr && type_->kind == Kind::structure ? type_->field(name) : nullptr;
  if (field == nullptr) return element();
  Shape out(field->type);
  if (field->atomic || field->granular) out.atomic_ = field->atomic;
  if (out.type_ != nullptr && out.type_->name.empty()) out.preserves_ |= preserves_;
  return out;
}

std::string item_error(const Shape& list, const json& item) {
  return list.keys().empty() ? set_item_error(item) : keyed_item_error(list, item);
}

ItemElement element_of_item(const Shape& list, const json& item) {
  if (std::string error = item_error(list, item); !error.empty()) return {{}, std::move(error)};
  if (list.keys().empty()) return {PathElement::value(std::make_shared<const json>(item)), {}};
  Key key;
  for (const std::string& name : list.keys()) {
    const auto it = item.find(name);
    const json* value = it != item.end() ? &*it : list.key_default(name);
    // An item that lacks a key is another one than any that has it.
    if (value != nullptr) key.push_back({name, std::make_shared<const json>(*value)});
  }
  return {PathElement::key(std::move(key)), {}};
}

json zero_object(const schema::Type* type, std::string_view api_version, std::string_view kind) {
  json out = type == nullptr || type->custom ? json::object() : zero_structure(*type);
  out["apiVersion"] = api_version;
  out["kind"] = kind;
  return out;
}

}  // namespace fakeapi::cluster::fields
