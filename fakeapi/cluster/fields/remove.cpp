// Taking fields and items out of a value, or leaving only them (structured-merge-diff
// typed/remove.go).
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/typed.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

json without(const Shape& shape, const json& value, const FieldSet& items);

json items_without(const Shape& shape, const json& list, const FieldSet& items) {
  if (!list.is_array() || list.empty() || !shape.associative()) return nullptr;
  const std::optional<Shape> item_shape = shape.element();
  json out = json::array();
  for (const json& item : list) {
    const auto element = element_of_item(shape, item).element;
    const FieldSet::Node* node = element ? items.find(*element) : nullptr;
    if (node == nullptr) {
      out.push_back(item);
    } else if (!node->member) {
      out.push_back(without(*item_shape, item, node->below));
    }
  }
  return out.empty() ? json() : out;
}

json members_without(const Shape& shape, const json& map, const FieldSet& items) {
  if (!map.is_object() || map.empty() || shape.atomic_map()) return nullptr;
  json out = json::object();
  for (auto it = map.begin(); it != map.end(); ++it) {
    const FieldSet::Node* node = items.find_field(it.key());
    if (node == nullptr) {
      out[it.key()] = *it;
    } else if (!node->member) {
      const std::optional<Shape> member = shape.member(it.key());
      out[it.key()] = member ? without(*member, *it, node->below) : json();
    }
  }
  return out.empty() ? json() : out;
}

json without(const Shape& shape, const json& value, const FieldSet& items) {
  const unsigned forms = shape.forms_for(&value);
  if ((forms & Shape::map) != 0) return members_without(shape, value, items);
  if ((forms & Shape::scalar) != 0) return value;
  return items_without(shape, value, items);
}

json extracted(const Shape& shape, const json& value, const FieldSet& items);

json extracted_items(const Shape& shape, const json& list, const FieldSet& items) {
  if (!list.is_array() || list.empty() || !shape.associative()) return list;
  const std::optional<Shape> item_shape = shape.element();
  json out = json::array();
  for (const json& item : list) {
    const auto element = element_of_item(shape, item).element;
    const FieldSet::Node* node = element ? items.find(*element) : nullptr;
    if (node == nullptr) continue;
    out.push_back(node->below.empty() ? item : extracted(*item_shape, item, node->below));
  }
  return out.empty() ? json() : out;
}

json extracted_members(const Shape& shape, const json& map, const FieldSet& items) {
  if (!map.is_object() || map.empty() || shape.atomic_map()) return map;
  json out = json::object();
  for (auto it = map.begin(); it != map.end(); ++it) {
    const FieldSet::Node* node = items.find_field(it.key());
    const std::optional<Shape> member = node == nullptr ? std::nullopt : shape.member(it.key());
    // A member is looked through with the set of its parent, as the original does: of a map that is
    // owned as a whole, only what its names share with the names beside it is left.
    if (member) out[it.key()] = extracted(*member, *it, node->member ? items : node->below);
  }
  return out.empty() ? json() : out;
}

json extracted(const Shape& shape, const json& value, const FieldSet& items) {
  const unsigned forms = shape.forms_for(&value);
  if ((forms & Shape::map) != 0) return extracted_members(shape, value, items);
  if ((forms & Shape::scalar) != 0) return value;
  return extracted_items(shape, value, items);
}

}  // namespace

json remove_items(const Shape& shape, const json& value, const FieldSet& items) {
  return without(shape, value, items);
}

json extract_items(const Shape& shape, const json& value, const FieldSet& items) {
  return extracted(shape, value, items);
}

}  // namespace fakeapi::cluster::fields
