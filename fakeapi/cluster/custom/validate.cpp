// The texts are those of kube-openapi's validators as apiextensions-apiserver turns them into field
// errors (pkg/apiserver/validation).
#include "fakeapi/cluster/custom/validate.hpp"

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::custom {
namespace {

using nlohmann::json;

// std::regex is slow, and recurses with the pattern that it compiles; what is longer is let
// through.
constexpr std::size_t matched_bytes_max = 2048;
constexpr std::size_t pattern_bytes_max = 1024;

std::string shown(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string name_of(const std::string& path) { return path.empty() ? "<nil>" : path; }

const char* type_name(const json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "number";
  if (value.is_string()) return "string";
  return value.is_array() ? "array" : "object";
}

bool has_type(const json& value, const std::string& type) {
  if (type == "number") return value.is_number();
  if (type == "integer")
    return value.is_number_integer() ||
           (value.is_number_float() && std::floor(value.get<double>()) == value.get<double>());
  return type == type_name(value);
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

class Validator {
 public:
  explicit Validator(FieldErrors& errors) : errors_(errors) {}

  void check(const json& schema, const json& value, const std::string& path) {
    if (!schema.is_object()) return;
    if (value.is_null() && schema.value("nullable", false)) return;
    if (!check_type(schema, value, path)) return;
    check_enum(schema, value, path);
    if (value.is_number()) check_number(schema, value, path);
    if (value.is_string()) check_string(schema, value.get_ref<const std::string&>(), path);
    if (value.is_array()) check_array(schema, value, path);
    if (value.is_object()) check_object(schema, value, path);
    check_combinations(schema, value, path);
  }

 private:
  void wrong(const std::string& path, const json& value, const std::string& why) {
    errors_.push_back(invalid_value(name_of(path), shown(value),
                                    fmt::format("{} in body {}", name_of(path), why)));
  }

  bool check_type(const json& schema, const json& value, const std::string& path) {
    if (schema.value("x-kubernetes-int-or-string", false)) {
      if (value.is_number_integer() || value.is_string()) return true;
      wrong(path, value,
            fmt::format("must be of type integer,string: {}", in_quotes(type_name(value))));
      return false;
    }
    const auto type = schema.find("type");
    if (type == schema.end() || !type->is_string()) return true;
    const std::string wanted = type->get<std::string>();
    if (has_type(value, wanted)) return true;
    errors_.push_back({"FieldValueTypeInvalid",
                       fmt::format("Invalid value: {}: {} in body must be of type {}: {}",
                                   in_quotes(type_name(value)), name_of(path), wanted,
                                   in_quotes(type_name(value))),
                       name_of(path)});
    return false;
  }

  void check_enum(const json& schema, const json& value, const std::string& path) {
    const auto allowed = schema.find("enum");
    if (allowed == schema.end() || !allowed->is_array()) return;
    if (std::find(allowed->begin(), allowed->end(), value) != allowed->end()) return;
    std::vector<std::string> texts;
    for (const json& one : *allowed)
      texts.push_back(in_quotes(one.is_string() ? one.get<std::string>() : one.dump()));
    errors_.push_back({"FieldValueNotSupported",
                       fmt::format("Unsupported value: {}: supported values: {}", shown(value),
                                   fmt::join(texts, ", ")),
                       name_of(path)});
  }

  void check_number(const json& schema, const json& value, const std::string& path) {
    const double number = value.get<double>();
    const auto bound = [&schema](const char* key) {
      const auto it = schema.find(key);
      return it != schema.end() && it->is_number() ? std::optional(*it) : std::nullopt;
    };
    if (const auto least = bound("minimum")) {
      const bool exclusive = schema.value("exclusiveMinimum", false);
      const double limit = least->get<double>();
      if (number < limit || (exclusive && number == limit))
        wrong(path, value,
              fmt::format("should be greater than {}{}", exclusive ? "" : "or equal to ",
                          least->dump()));
    }
    if (const auto most = bound("maximum")) {
      const bool exclusive = schema.value("exclusiveMaximum", false);
      const double limit = most->get<double>();
      if (number > limit || (exclusive && number == limit))
        wrong(
            path, value,
            fmt::format("should be less than {}{}", exclusive ? "" : "or equal to ", most->dump()));
    }
    if (const auto factor = bound("multipleOf")) {
      if (const double step = factor->get<double>(); step > 0 && std::fmod(number, step) != 0)
        wrong(path, value, fmt::format("should be a multiple of {}", factor->dump()));
    }
  }

  void check_string(const json& schema, const std::string& text, const std::string& path) {
    const std::size_t length = characters(text);
    if (const json least = schema.value("minLength", json()); least.is_number() && length < least)
      wrong(path, text, fmt::format("should be at least {} chars long", least.dump()));
    if (const json most = schema.value("maxLength", json()); most.is_number() && length > most) {
      errors_.push_back({"FieldValueTooLong",
                         fmt::format("Too long: may not be more than {} bytes", most.dump()),
                         name_of(path)});
    }
    const auto pattern = schema.find("pattern");
    if (pattern == schema.end() || !pattern->is_string() || text.size() > matched_bytes_max) return;
    if (!matches(pattern->get<std::string>(), text))
      wrong(path, text, fmt::format("should match '{}'", pattern->get<std::string>()));
  }

  // A pattern that this library cannot read, unlike Go's, holds for every text.
  static bool matches(const std::string& pattern, const std::string& text) {
    if (pattern.size() > pattern_bytes_max) return true;
    try {
      // libstdc++'s own flag against patterns like (a+)+$, whose time would double with each
      // character; like Go's expressions, it knows no back-references.
      return std::regex_search(
          text, std::regex(pattern, std::regex::ECMAScript | std::regex_constants::__polynomial));
    } catch (const std::regex_error&) {
      return true;
    }
  }

  void check_array(const json& schema, const json& list, const std::string& path) {
    if (const json least = schema.value("minItems", json());
        least.is_number() && list.size() < least)
      wrong(path, list.size(), fmt::format("should have at least {} items", least.dump()));
    if (const json most = schema.value("maxItems", json());
        most.is_number_unsigned() && list.size() > most) {
      Cause cause = too_many_values(name_of(path), list.size(), most.get<std::size_t>());
      errors_.push_back(std::move(cause));
    }
    const json items = schema.value("items", json());
    for (std::size_t i = 0; i < list.size(); ++i)
      check(items, list[i], fmt::format("{}[{}]", path, i));
    check_duplicates(schema, list, path);
  }

  // Lists that are sets or maps (x-kubernetes-list-type).
  void check_duplicates(const json& schema, const json& list, const std::string& path) {
    const std::string kind = schema.value("x-kubernetes-list-type", "");
    if (kind != "set" && kind != "map") return;
    std::set<json> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
      json key = list[i];
      if (kind == "map" && list[i].is_object()) {
        key = json::object();
        for (const json& name : schema.value("x-kubernetes-list-map-keys", json::array()))
          key[name.get<std::string>()] = list[i].value(name.get<std::string>(), json());
      }
      if (const auto [at, fresh] = seen.insert(key); fresh) continue;
      errors_.push_back({"FieldValueDuplicate", fmt::format("Duplicate value: {}", shown(key)),
                         fmt::format("{}[{}]", path, i)});
    }
  }

  void check_object(const json& schema, const json& object, const std::string& path) {
    const auto below = [&path](const std::string& name) {
      return path.empty() ? name : path + "." + name;
    };
    for (const json& name : schema.value("required", json::array())) {
      if (name.is_string() && !object.contains(name.get<std::string>()))
        errors_.push_back(required_value(below(name.get<std::string>())));
    }
    const json properties = schema.value("properties", json::object());
    const json others = schema.value("additionalProperties", json());
    for (const auto& [name, value] : object.items()) {
      // Whatever the schema says of these, the API server checks them itself.
      const bool of_api =
          path.empty() && (name == "apiVersion" || name == "kind" || name == "metadata");
      if (of_api) continue;
      const auto property = properties.find(name);
      check(property != properties.end() ? *property : others, value, below(name));
    }
    if (const json least = schema.value("minProperties", json());
        least.is_number() && object.size() < least)
      wrong(path, object.size(), fmt::format("should have at least {} properties", least.dump()));
    if (const json most = schema.value("maxProperties", json());
        most.is_number() && object.size() > most)
      wrong(path, object.size(), fmt::format("should have at most {} properties", most.dump()));
  }

  static bool fits(const json& schema, const json& value, const std::string& path) {
    FieldErrors errors;
    Validator(errors).check(schema, value, path);
    return errors.empty();
  }

  void check_combinations(const json& schema, const json& value, const std::string& path) {
    const auto count = [&](const char* key) {
      std::size_t fitting = 0;
      for (const json& one : schema.value(key, json::array()))
        fitting += fits(one, value, path) ? 1U : 0U;
      return fitting;
    };
    for (const json& one : schema.value("allOf", json::array())) check(one, value, path);
    if (schema.contains("anyOf") && count("anyOf") == 0)
      wrong(path, in_quotes(""), "must validate at least one schema (anyOf)");
    if (schema.contains("oneOf")) {
      const std::size_t fitting = count("oneOf");
      if (fitting != 1) {
        wrong(path, in_quotes(""),
              fmt::format("must validate one and only one schema (oneOf). {}",
                          fitting == 0 ? "Found none valid"
                                       : fmt::format("Found {} valid alternatives", fitting)));
      }
    }
    if (const auto no = schema.find("not"); no != schema.end() && fits(*no, value, path))
      wrong(path, in_quotes(""), "must not validate the schema (not)");
  }

  FieldErrors& errors_;
};

}  // namespace

void validate(const json& schema, const json& value, const std::string& path, FieldErrors& errors) {
  Validator(errors).check(schema, value, path);
}

}  // namespace fakeapi::cluster::custom
