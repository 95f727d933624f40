// One walk along type and value. The path is kept as text, and grows and shrinks with the walk.
#include "fakeapi/cluster/schema/decode.hpp"

#include <cstdint>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/schema/quantity.hpp"
#include "fakeapi/cluster/wall_time.hpp"

namespace fakeapi::cluster::schema {
namespace {

using nlohmann::json;
using Kind = Type::Kind;
using Empty = Field::Empty;

// The field's zero value in Go, as JSON.
json zero_of(const Type& type) {
  switch (type.kind) {
    case Kind::boolean:
      return false;
    case Kind::integer:
    case Kind::number:
    case Kind::int_or_string:
      return 0;
    case Kind::string:
    case Kind::bytes:
      return "";
    case Kind::quantity:
      return "0";
    case Kind::structure:
      return json::object();
    default:
      return nullptr;
  }
}

// What omitempty leaves out.
bool is_empty(const Type& type, const json& value) {
  switch (type.kind) {
    case Kind::boolean:
      return value == false;
    case Kind::integer:
    case Kind::number:
      return value == 0;
    case Kind::string:
    case Kind::bytes:
      return value == "";
    case Kind::list:
    case Kind::map:
      return value.empty();
    case Kind::time:
    case Kind::micro_time:
    case Kind::any:
      return value.is_null();
    default:
      return false;  // structures and what is written like one
  }
}

std::string go_type(const Type& type) {
  switch (type.kind) {
    case Kind::boolean:
      return "bool";
    case Kind::integer:
      return type.bits == 32 ? "int32" : "int64";
    case Kind::number:
      return "float64";
    case Kind::map:
      return "map[string]" + (type.element != nullptr ? go_type(*type.element) : "string");
    case Kind::list:
      return "[]" + (type.element != nullptr ? go_type(*type.element) : "string");
    case Kind::structure:
      return type.name.substr(type.name.rfind('.') + 1);
    default:
      return "string";
  }
}

const char* json_type(const json& value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  return "number";
}

bool deeper_than(const json& value, int limit) {
  if (!value.is_structured()) return false;
  if (limit == 0) return true;
  for (const json& inner : value) {
    if (deeper_than(inner, limit - 1)) return true;
  }
  return false;
}

class Decoder {
 public:
  Decoder(Decoded& out, EmptyLists lists) : out_(out), lists_(lists) {}

  void value(const Type& type, json& value) {
    if (out_.error) return;
    switch (type.kind) {
      case Kind::structure:
        return type.custom ? custom_structure(type, value) : structure(type, value);
      case Kind::list:
        return list(type, value);
      case Kind::map:
        return map(type, value);
      case Kind::any:
        if (deeper_than(value, free_form_depth_max)) out_.error = "exceeded max depth";
        return;
      default:
        return type.custom ? void() : scalar(type, value);
    }
  }

 private:
  // One step of the path to what is being decoded, for as long as it lives. The path becomes text
  // only where something is wrong there.
  class Step {
   public:
    Step(const Step*& last, std::string_view name) : last_(last), outer_(last), name_(name) {
      last_ = this;
    }
    Step(const Step*& last, std::size_t index) : last_(last), outer_(last), index_(index) {
      last_ = this;
    }
    ~Step() { last_ = outer_; }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

    std::string text(bool with_indexes) const {
      std::string path = outer_ != nullptr ? outer_->text(with_indexes) : std::string();
      if (index_) return with_indexes ? path + fmt::format("[{}]", *index_) : path;
      if (!path.empty()) path += '.';
      return path.append(name_);
    }

   private:
    const Step*& last_;
    const Step* const outer_;
    const std::string_view name_;
    const std::optional<std::size_t> index_;
  };

  // Without indexes, as Go's decoder tells it.
  void mismatch(const Type& type, const json& value) {
    const std::string owner =
        owner_ != nullptr ? owner_->name.substr(owner_->name.rfind('.') + 1) : std::string();
    out_.error = fmt::format("json: cannot unmarshal {} into Go struct field {}.{} of type {}",
                             json_type(value), owner,
                             path_ != nullptr ? path_->text(false) : std::string(), go_type(type));
  }

  void drop_unknown(const Type& type, json& object) {
    for (auto it = object.begin(); it != object.end();) {
      if (type.field(it.key()) != nullptr || (type.embedded && is_object_field(it.key()))) {
        ++it;
        continue;
      }
      if (out_.unknown.size() < unknown_fields_max) {
        const Step step(path_, it.key());
        out_.unknown.push_back(step.text(true));
      }
      it = object.erase(it);
    }
  }

  // What every object has is not pruned from an embedded one, whatever its schema says.
  static bool is_object_field(std::string_view name) {
    return name == "apiVersion" || name == "kind" || name == "metadata";
  }

  void structure(const Type& type, json& object) {
    if (object.is_null()) object = json::object();
    if (!object.is_object()) return mismatch(type, object);
    drop_unknown(type, object);
    const Type* const outer = std::exchange(owner_, &type);
    // Both are in the order of the names: one walk, in place of a look-up for each field that might
    // be there.
    auto next = object.begin();
    for (const Field& field : type.fields) {
      const Step step(path_, field.name);
      const bool present = next != object.end() && next.key() == field.name;
      const auto it = present ? next++ : object.end();
      this->field(field, object, it);
      if (out_.error) return;
    }
    owner_ = outer;
  }

  // `it` is where the field stands in the object, if it does.
  void field(const Field& field, json& object, json::iterator it) {
    if (it != object.end() && it->is_null() && null_is_missing(field)) {
      object.erase(it);
      it = object.end();
    }
    if (it != object.end()) {
      value(*field.type, *it);
      if (out_.error) return;
      const bool empty = !field.pointer && is_empty(*field.type, *it);
      // An empty metadata.managedFields is a wish: to start the book anew.
      if (!empty || (field.name == "managedFields" && !it->is_null())) return;
      if (field.when_empty == Empty::zero && !field.default_value) return;
      if (field.when_empty == Empty::null && it->is_structured() && lists_ == EmptyLists::kept) {
        out_.kept_empty = true;
        return;
      }
      object.erase(it);
    }
    if (field.default_value) {
      object[field.name] = *field.default_value;
    } else if (field.when_empty == Empty::null) {
      object[field.name] = nullptr;
    } else if (field.when_empty == Empty::zero) {
      json& made = object[field.name] = zero_of(*field.type);
      if (field.type->kind == Kind::structure) value(*field.type, made);
    }
  }

  // null for a pointer, a structure, a list or a time is the same as nothing; for a scalar it is
  // its zero.
  static bool null_is_missing(const Field& field) {
    const Type& type = *field.type;
    return field.pointer || field.when_empty == Empty::null || !type.is_scalar() ||
           type.kind == Kind::time || type.kind == Kind::micro_time;
  }

  void list(const Type& type, json& list) {
    if (list.is_null()) return;
    if (!list.is_array()) return type.custom ? void() : mismatch(type, list);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Step step(path_, i);
      value(*type.element, list[i]);
    }
  }

  void map(const Type& type, json& map) {
    if (map.is_null()) return;
    if (!map.is_object()) return type.custom ? void() : mismatch(type, map);
    for (auto& [key, inner] : map.items()) {
      const Step step(path_, key);
      value(*type.element, inner);
    }
  }

  void scalar(const Type& type, json& value) {
    if (value.is_null()) {
      value = zero_of(type);
      return;
    }
    switch (type.kind) {
      case Kind::boolean:
        return value.is_boolean() ? void() : mismatch(type, value);
      case Kind::integer:
        return integer(type, value);
      case Kind::number:
        return value.is_number() ? void() : mismatch(type, value);
      case Kind::int_or_string:
        return value.is_string() || value.is_number_integer() ? void() : mismatch(type, value);
      case Kind::quantity:
        return quantity(value);
      case Kind::time:
      case Kind::micro_time:
        return time(type, value);
      case Kind::bytes:
        return bytes(type, value);
      default:
        return value.is_string() ? void() : mismatch(type, value);
    }
  }

  void integer(const Type& type, const json& value) {
    using Small = std::numeric_limits<std::int32_t>;
    bool fits = value.is_number_integer();
    // What does not fit 63 bits was parsed as unsigned or as a fraction.
    if (value.is_number_unsigned()) {
      const auto limit = static_cast<std::uint64_t>(
          type.bits == 32 ? Small::max() : std::numeric_limits<std::int64_t>::max());
      fits = value.get<std::uint64_t>() <= limit;
    } else if (fits && type.bits == 32) {
      const auto number = value.get<std::int64_t>();
      fits = number >= Small::min() && number <= Small::max();
    }
    if (!fits) mismatch(type, value);
  }

  void quantity(json& value) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    auto canonical = canonical_quantity(text);
    if (!canonical) {
      out_.error =
          "quantities must match the regular expression "
          "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
      return;
    }
    value = std::move(*canonical);
  }

  void time(const Type& type, json& value) {
    const auto moment = value.is_string() ? parse_rfc3339(value.get_ref<const std::string&>())
                                          : std::optional<WallTime>();
    if (moment) {
      value = type.kind == Kind::time ? rfc3339(*moment) : rfc3339_micro(*moment);
      return;
    }
    out_.error = fmt::format("parsing time {} as \"2006-01-02T15:04:05Z07:00\": cannot parse",
                             value.dump(-1, ' ', false, json::error_handler_t::replace));
  }

  void bytes(const Type& type, const json& value) {
    if (!value.is_string()) return mismatch(type, value);
    const std::string& text = value.get_ref<const std::string&>();
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    const std::size_t bad = text.find_first_not_of(alphabet);
    if (bad == std::string::npos && text.size() % 4 == 0) return;
    out_.error = fmt::format("illegal base64 data at input byte {}",
                             bad == std::string::npos ? text.size() / 4 * 4 : bad);
  }

  void custom_structure(const Type& type, json& object) {
    if (!object.is_object()) return;
    if (!type.preserves_unknown) drop_unknown(type, object);
    for (const Field& field : type.fields) {
      const Step step(path_, field.name);
      custom_field(field, object);
      if (out_.error) return;
    }
    if (type.preserves_unknown && deeper_than(object, free_form_depth_max))
      out_.error = "exceeded max depth";
  }

  void custom_field(const Field& field, json& object) {
    auto it = object.find(field.name);
    // A null where none may stand gives way to the default (API documentation, "Defaulting and
    // Nullable").
    if (it != object.end() && it->is_null() && !field.type->nullable && field.default_value) {
      object.erase(it);
      it = object.end();
    }
    if (it == object.end() && field.default_value) {
      object[field.name] = *field.default_value;
      it = object.find(field.name);
    }
    if (it == object.end() && field.when_empty == Empty::zero) {
      object[field.name] = json::object();
      it = object.find(field.name);
    }
    if (it != object.end()) value(*field.type, *it);
  }

  Decoded& out_;
  const EmptyLists lists_;
  const Step* path_ = nullptr;
  const Type* owner_ = nullptr;  // the innermost structure
};

}  // namespace

Decoded decode(const Type& type, json& value, EmptyLists lists) {
  Decoded out;
  Decoder(out, lists).value(type, value);
  return out;
}

}  // namespace fakeapi::cluster::schema
