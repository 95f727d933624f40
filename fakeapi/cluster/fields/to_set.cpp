// The fields of a value (structured-merge-diff typed/tofieldset.go, and
// Set.EnsureNamedFieldsAreMembers of fieldpath/set.go).
#include <map>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/typed.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

// Fills `below` with what the value mentions inside itself; true when the value is itself a member.
bool collect(const Shape& shape, const json& value, FieldSet& below);

void collect_items(const Shape& shape, const json& list, FieldSet& below) {
  std::map<PathElement, std::pair<const json*, int>> items;
  for (const json& item : list) {
    if (auto element = element_of_item(shape, item).element) {
      auto& [first, count] = items[std::move(*element)];
      first = &item;
      ++count;
    }
  }
  const std::optional<Shape> item_shape = shape.element();
  for (const auto& [element, item] : items) {
    FieldSet inside;
    // Items that share their keys are owned together, as they cannot be told apart.
    if (item.second == 1) collect(*item_shape, *item.first, inside);
    below.add(element, true, std::move(inside));
  }
}

void collect_members(const Shape& shape, const json& map, FieldSet& below) {
  for (auto it = map.begin(); it != map.end(); ++it) {
    const std::optional<Shape> member = shape.member(it.key());
    if (!member) continue;
    FieldSet inside;
    const bool owned = collect(*member, *it, inside) || it->is_null() ||
                       (it->is_object() && it->empty()) || !shape.declares(it.key());
    below.add(PathElement::field(it.key()), owned, std::move(inside));
  }
}

bool collect(const Shape& shape, const json& value, FieldSet& below) {
  const unsigned forms = shape.forms_for(&value);
  if ((forms & Shape::map) != 0) {
    if (shape.atomic_map()) return true;
    if (value.is_object()) collect_members(shape, value, below);
    return false;
  }
  if ((forms & Shape::scalar) != 0) return true;
  if (!shape.associative()) return true;
  if (value.is_array()) collect_items(shape, value, below);
  return false;
}

FieldSet named(const std::optional<Shape>& shape, const FieldSet& set) {
  FieldSet out;
  const bool is_map = shape && (shape->forms() & Shape::map) != 0;
  const bool is_list = shape && (shape->forms() & Shape::list) != 0;
  for (const FieldSet::Node& node : set.nodes()) {
    std::optional<Shape> inside;
    bool member = node.member;
    if (const std::string* name = node.element.field_name(); name != nullptr && is_map) {
      inside = shape->member(*name);
      member = member || (!node.below.empty() && shape->declares(*name));
    } else if (node.element.key_parts() != nullptr && is_list) {
      inside = shape->element();
    }
    out.add(node.element, member, named(inside, node.below));
  }
  return out;
}

}  // namespace

FieldSet to_field_set(const Shape& shape, const json& value) {
  FieldSet out;
  collect(shape, value, out);
  return out;
}

FieldSet with_named_fields(const Shape& shape, const FieldSet& set) { return named(shape, set); }

}  // namespace fakeapi::cluster::fields
