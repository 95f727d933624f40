// What differs between two values (structured-merge-diff typed/compare.go). Parts that are equal
// are passed over at once: most of an object is in most writes.
#include <map>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/typed.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

// What was found at one place: of the value itself, and below it.
struct Found {
  bool added = false, modified = false, removed = false;
  Comparison below;

  void put_at(const PathElement& element, Found found) {
    below.added.add(element, found.added, std::move(found.below.added));
    below.modified.add(element, found.modified, std::move(found.below.modified));
    below.removed.add(element, found.removed, std::move(found.below.removed));
  }
  bool any() const {
    return added || modified || removed || !below.added.empty() || !below.modified.empty() ||
           !below.removed.empty();
  }
};

Found compare_at(const Shape& shape, const json* before, const json* after);

// Where nothing below is looked at.
void compare_leaf(const json* before, const json* after, Found& found) {
  if (before == nullptr) {
    found.added = true;
  } else if (after == nullptr) {
    found.removed = true;
  } else if (*before != *after) {
    found.modified = true;
  }
}

bool has_content(const json* value) { return value != nullptr && !value->empty(); }

const json* only_if(bool fits, const json* value) { return fits ? value : nullptr; }

void compare_member(const Shape& shape, const std::string& name, const json* before,
                    const json* after, Found& found) {
  if (before != nullptr && after != nullptr && *before == *after) return;
  const std::optional<Shape> member = shape.member(name);
  if (!member) return;
  Found inside = compare_at(*member, before, after);
  if (inside.any()) found.put_at(PathElement::field(name), std::move(inside));
}

// True when the two are one leaf.
bool compare_maps(const Shape& shape, const json* before, const json* after, Found& found) {
  const json* l = only_if(before != nullptr && before->is_object(), before);
  const json* r = only_if(after != nullptr && after->is_object(), after);
  // Two empty ones are a leaf, so that {} and null differ.
  if (shape.atomic_map() || (!has_content(l) && !has_content(r))) {
    compare_leaf(before, after, found);
    return true;
  }
  static const json empty = json::object();
  const json& left = l != nullptr ? *l : empty;
  const json& right = r != nullptr ? *r : empty;
  auto a = left.begin();
  auto b = right.begin();
  while (a != left.end() || b != right.end()) {
    int order = 0;
    if (a == left.end()) {
      order = 1;
    } else if (b == right.end()) {
      order = -1;
    } else {
      order = a.key().compare(b.key());
    }
    const std::string& name = order <= 0 ? a.key() : b.key();
    compare_member(shape, name, order <= 0 ? &*a : nullptr, order >= 0 ? &*b : nullptr, found);
    if (order <= 0) ++a;
    if (order >= 0) ++b;
  }
  return false;
}

using Items = std::vector<const json*>;

bool same_items(const Items& left, const Items& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const json* a, const json* b) { return *a == *b; });
}

// Items that share their keys are owned together, by the item's path alone.
Found compare_items(const Shape& item_shape, const Items& before, const Items& after) {
  const auto one_of = [](const Items& items) { return items.empty() ? nullptr : items.front(); };
  Found found;
  if (before.size() <= 1 && after.size() <= 1) {
    return compare_at(item_shape, one_of(before), one_of(after));
  }
  if (before.size() >= 2 && after.size() >= 2) {
    found.modified = !same_items(before, after);
  } else if (before.size() >= 2) {
    if (!after.empty()) found = compare_at(item_shape, nullptr, after.front());
    found.removed = true;
  } else {
    if (!before.empty()) found = compare_at(item_shape, before.front(), nullptr);
    found.added = true;
  }
  return found;
}

bool compare_lists(const Shape& shape, const json* before, const json* after, Found& found) {
  const json* l = only_if(before != nullptr && before->is_array(), before);
  const json* r = only_if(after != nullptr && after->is_array(), after);
  if (!shape.associative() || (!has_content(l) && !has_content(r))) {
    compare_leaf(before, after, found);
    return true;
  }
  std::map<PathElement, std::pair<Items, Items>> items;
  for (const json* list : {l, r}) {
    if (list == nullptr) continue;
    for (const json& item : *list) {
      auto element = element_of_item(shape, item).element;
      if (!element) continue;
      auto& sides = items[std::move(*element)];
      (list == l ? sides.first : sides.second).push_back(&item);
    }
  }
  const std::optional<Shape> item_shape = shape.element();
  for (const auto& [element, sides] : items) {
    Found inside = compare_items(*item_shape, sides.first, sides.second);
    if (inside.any()) found.put_at(element, std::move(inside));
  }
  return false;
}

bool compare_as(unsigned forms, const Shape& shape, const json* before, const json* after,
                Found& found) {
  if ((forms & Shape::map) != 0) return compare_maps(shape, before, after, found);
  if ((forms & Shape::list) != 0 && (forms & Shape::scalar) == 0)
    return compare_lists(shape, before, after, found);
  compare_leaf(before, after, found);
  return true;
}

Found compare_at(const Shape& shape, const json* before, const json* after) {
  Found found;
  if (before != nullptr && after != nullptr && *before == *after) return found;
  const unsigned left = shape.forms_for(before);
  const unsigned right = shape.forms_for(after);
  bool leaf = false;
  if (after == nullptr) {
    leaf = compare_as(left, shape, before, after, found);
  } else if (before == nullptr || left == right) {
    leaf = compare_as(right, shape, before, after, found);
  } else {  // a value that may have any form has changed its form
    compare_as(left, shape, before, after, found);
    leaf = compare_as(right, shape, before, after, found);
  }
  if (!leaf && before == nullptr) found.added = true;
  if (!leaf && before != nullptr && after == nullptr) found.removed = true;
  return found;
}

}  // namespace

Comparison compare(const Shape& shape, const json& before, const json& after) {
  return compare_at(shape, &before, &after).below;
}

}  // namespace fakeapi::cluster::fields
