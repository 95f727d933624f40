// The walk goes along the type as far as that is known; below it, maps are merged and lists
// replaced.
#include "fakeapi/cluster/api/strategic.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster {
namespace {

using nlohmann::json;
using schema::Field;
using schema::Type;

constexpr const char* directive = "$patch";
constexpr const char* retain_keys = "$retainKeys";
constexpr std::string_view delete_prefix = "$deleteFromPrimitiveList/";
constexpr std::string_view order_prefix = "$setElementOrder/";

// Texts of util/mergepatch/errors.go. The first kind is the client's fault in form (400).
Failure badly_formed(std::string why) { return bad_request(std::move(why)); }

Failure missing_key(const json& element, const std::string& key) {
  return {500,
          "",
          fmt::format("map: {} does not contain declared merge key: {}", element.dump(), key),
          std::nullopt,
          {}};
}

json directive_of(const json& map) {
  const auto it = map.find(directive);
  return it != map.end() ? *it : json();
}

const json* find_element(const json& list, const std::string& key, const json& id) {
  for (const json& element : list) {
    if (element.is_object() && element.value(key, json()) == id) return &element;
  }
  return nullptr;
}

class Merger {
 public:
  std::optional<Failure> failure;

  json map(const Type* type, json target, const json& patch) {
    const json mode = directive_of(patch);
    if (mode == "replace") {
      json out = patch;
      out.erase(directive);
      return out;
    }
    if (mode == "delete") return json::object();
    if (!mode.is_null() && mode != "merge") {
      failure = badly_formed(fmt::format("unknown patch type found: {}", mode.dump()));
      return target;
    }
    if (!target.is_object()) target = json::object();
    keep_only(patch, target);
    for (const auto& [name, value] : patch.items()) {
      if (failure) return target;
      if (name.starts_with(delete_prefix)) {
        remove_primitives(value, target[name.substr(delete_prefix.size())]);
      } else if (!name.starts_with('$')) {
        entry(type, name, value, target);
      }
    }
    for (const auto& [name, value] : patch.items()) {
      if (failure || !name.starts_with(order_prefix)) continue;
      order(type, name.substr(order_prefix.size()), value, patch, target);
    }
    return target;
  }

 private:
  static const Field* field_of(const Type* type, const std::string& name) {
    return type != nullptr && type->kind == Type::Kind::structure ? type->field(name) : nullptr;
  }

  static const Type* inner_type(const Type* type, const Field* field) {
    if (field != nullptr) return field->type;
    return type != nullptr && type->kind == Type::Kind::map ? type->element : nullptr;
  }

  // $retainKeys: what it does not name goes.
  void keep_only(const json& patch, json& target) {
    const auto keys = patch.find(retain_keys);
    if (keys == patch.end()) return;
    if (!keys->is_array()) {
      failure = badly_formed("invalid patch format of retainKeys");
      return;
    }
    for (auto it = target.begin(); it != target.end();) {
      const bool kept = std::find(keys->begin(), keys->end(), it.key()) != keys->end();
      it = kept ? std::next(it) : target.erase(it);
    }
  }

  void entry(const Type* type, const std::string& name, const json& value, json& target) {
    if (value.is_null()) {
      target.erase(name);
      return;
    }
    const Field* field = field_of(type, name);
    const Type* inner = inner_type(type, field);
    if (value.is_object()) {
      target[name] = map(inner, target.value(name, json()), value);
      if (directive_of(value) == "delete") target.erase(name);
    } else if (value.is_array() && field != nullptr && field->patch_merges) {
      target[name] = list(*field, target.value(name, json()), value);
    } else {
      target[name] = value;
    }
  }

  json list(const Field& field, json target, const json& patch) {
    if (!target.is_array()) target = json::array();
    const bool of_maps = field.type->element != nullptr && !field.patch_merge_key.empty();
    if (!of_maps) {
      for (const json& element : patch) {
        if (std::find(target.begin(), target.end(), element) == target.end())
          target.push_back(element);
      }
      return target;
    }
    const bool replaces = std::any_of(patch.begin(), patch.end(), [](const json& element) {
      return element.is_object() && directive_of(element) == "replace";
    });
    if (replaces) target = json::array();
    for (const json& element : patch) {
      if (failure) break;
      this->element(field, element, target);
    }
    return target;
  }

  void element(const Field& field, const json& patch, json& target) {
    if (!patch.is_object()) {
      failure = badly_formed("strategic merge patch format is not supported");
      return;
    }
    const json mode = directive_of(patch);
    if (mode == "replace" && patch.size() == 1) return;
    const json id = patch.value(field.patch_merge_key, json());
    if (id.is_null()) {
      failure = missing_key(patch, field.patch_merge_key);
      return;
    }
    const json* same = find_element(target, field.patch_merge_key, id);
    if (mode == "delete") {
      while (same != nullptr) {
        target.erase(static_cast<std::size_t>(same - &target[0]));
        same = target.empty() ? nullptr : find_element(target, field.patch_merge_key, id);
      }
      return;
    }
    json plain = patch;
    plain.erase(directive);
    if (same == nullptr) {
      target.push_back(map(field.type->element, json::object(), plain));
    } else {
      const auto at = static_cast<std::size_t>(same - &target[0]);
      target[at] = map(field.type->element, target[at], plain);
    }
  }

  void remove_primitives(const json& values, json& target) {
    if (!values.is_array()) {
      failure = badly_formed("invalid patch format of primitive list");
      return;
    }
    if (!target.is_array()) return;
    json kept = json::array();
    for (const json& element : target) {
      if (std::find(values.begin(), values.end(), element) == values.end()) kept.push_back(element);
    }
    target = std::move(kept);
  }

  // $setElementOrder: what it names comes in its order; what only the server has stays behind the
  // element that it stood behind.
  void order(const Type* type, const std::string& name, const json& wanted, const json& /*patch*/,
             json& target) {
    const auto it = target.find(name);
    const Field* field = field_of(type, name);
    if (it == target.end() || !it->is_array() || field == nullptr) return;
    if (!wanted.is_array()) {
      failure = badly_formed("invalid patch format of setElementOrder list");
      return;
    }
    const std::string& key = field->patch_merge_key;
    const auto place = [&](const json& element) {
      const auto at = std::find_if(wanted.begin(), wanted.end(), [&](const json& one) {
        if (key.empty()) return one == element;
        return one.is_object() && element.is_object() &&
               one.value(key, json()) == element.value(key, json());
      });
      return at - wanted.begin();
    };
    const auto end = static_cast<std::ptrdiff_t>(wanted.size());
    std::vector<json> named;
    for (const json& element : *it) {
      if (place(element) != end) named.push_back(element);
    }
    std::stable_sort(named.begin(), named.end(),
                     [&](const json& a, const json& b) { return place(a) < place(b); });
    // The places of the named ones are filled anew, in their order.
    std::size_t next = 0;
    for (json& element : *it) {
      if (place(element) != end) element = std::move(named[next++]);
    }
  }
};

}  // namespace

Result<json> strategic_merge(const Type& type, json object, const json& patch) {
  Merger merger;
  json merged = merger.map(&type, std::move(object), patch);
  if (merger.failure) return *merger.failure;
  return merged;
}

}  // namespace fakeapi::cluster
