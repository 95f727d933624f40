// The algebra walks two sorted lists of nodes side by side.
#include "fakeapi/cluster/fields/field_set.hpp"

#include <algorithm>

namespace fakeapi::cluster::fields {
namespace {

using Node = FieldSet::Node;

// Calls `use(left or nullptr, right or nullptr)` for each element of either, in order.
template <class Use>
void side_by_side(const FieldSet& left, const FieldSet& right, Use use) {
  auto l = left.nodes().begin();
  auto r = right.nodes().begin();
  const auto l_end = left.nodes().end();
  const auto r_end = right.nodes().end();
  while (l != l_end || r != r_end) {
    int order = 0;
    if (l == l_end) {
      order = 1;
    } else if (r == r_end) {
      order = -1;
    } else {
      order = l->element.compare(r->element);
    }
    use(order <= 0 ? &*l : nullptr, order >= 0 ? &*r : nullptr);
    if (order <= 0) ++l;
    if (order >= 0) ++r;
  }
}

}  // namespace

const Node* FieldSet::find(const PathElement& element) const {
  const auto it = std::lower_bound(
      nodes_.begin(), nodes_.end(), element,
      [](const Node& node, const PathElement& sought) { return node.element.compare(sought) < 0; });
  return it != nodes_.end() && it->element == element ? &*it : nullptr;
}

const Node* FieldSet::find_field(std::string_view name) const {
  const auto it = std::lower_bound(nodes_.begin(), nodes_.end(), name,
                                   [](const Node& node, std::string_view sought) {
                                     return node.element.compare_to_field(sought) < 0;
                                   });
  return it != nodes_.end() && it->element.compare_to_field(name) == 0 ? &*it : nullptr;
}

bool FieldSet::has(const Path& path) const {
  const FieldSet* set = this;
  const Node* node = nullptr;
  for (const PathElement& element : path) {
    node = set->find(element);
    if (node == nullptr) return false;
    set = &node->below;
  }
  return node != nullptr && node->member;
}

std::size_t FieldSet::size() const {
  std::size_t count = 0;
  for (const Node& node : nodes_) count += (node.member ? 1U : 0U) + node.below.size();
  return count;
}

bool FieldSet::operator==(const FieldSet& other) const {
  return std::equal(nodes_.begin(), nodes_.end(), other.nodes_.begin(), other.nodes_.end(),
                    [](const Node& a, const Node& b) {
                      return a.member == b.member && a.element == b.element && a.below == b.below;
                    });
}

Node& FieldSet::at(const PathElement& element) {
  const auto it = std::lower_bound(
      nodes_.begin(), nodes_.end(), element,
      [](const Node& node, const PathElement& sought) { return node.element.compare(sought) < 0; });
  if (it != nodes_.end() && it->element == element) return *it;
  return *nodes_.insert(it, Node{element, false, {}});
}

void FieldSet::insert(const Path& path) {
  FieldSet* set = this;
  Node* node = nullptr;
  for (const PathElement& element : path) {
    node = &set->at(element);
    set = &node->below;
  }
  if (node != nullptr) node->member = true;
}

void FieldSet::add(PathElement element, bool member, FieldSet below) {
  if (!member && below.empty()) return;
  if (nodes_.empty() || nodes_.back().element < element) {
    nodes_.push_back(Node{std::move(element), member, std::move(below)});
    return;
  }
  Node& node = at(element);
  node.member = node.member || member;
  node.below = node.below.empty() ? std::move(below) : united(node.below, below);
}

void FieldSet::for_each(const std::function<void(const Path&)>& visit) const {
  Path prefix;
  visit_below(prefix, visit);
}

void FieldSet::visit_below(Path& prefix, const std::function<void(const Path&)>& visit) const {
  for (const Node& node : nodes_) {
    if (!node.member) continue;
    prefix.push_back(node.element);
    visit(prefix);
    prefix.pop_back();
  }
  for (const Node& node : nodes_) {
    if (node.below.empty()) continue;
    prefix.push_back(node.element);
    node.below.visit_below(prefix, visit);
    prefix.pop_back();
  }
}

FieldSet united(const FieldSet& left, const FieldSet& right) {
  if (left.empty()) return right;
  if (right.empty()) return left;
  FieldSet out;
  side_by_side(left, right, [&](const Node* l, const Node* r) {
    if (l != nullptr && r != nullptr) {
      out.add(l->element, l->member || r->member, united(l->below, r->below));
    } else {
      const Node& one = l != nullptr ? *l : *r;
      out.add(one.element, one.member, one.below);
    }
  });
  return out;
}

FieldSet intersection(const FieldSet& left, const FieldSet& right) {
  FieldSet out;
  if (left.empty() || right.empty()) return out;
  side_by_side(left, right, [&](const Node* l, const Node* r) {
    if (l == nullptr || r == nullptr) return;
    out.add(l->element, l->member && r->member, intersection(l->below, r->below));
  });
  return out;
}

FieldSet difference(const FieldSet& left, const FieldSet& right) {
  if (left.empty() || right.empty()) return left;
  FieldSet out;
  side_by_side(left, right, [&](const Node* l, const Node* r) {
    if (l == nullptr) return;
    if (r == nullptr) {
      out.add(l->element, l->member, l->below);
    } else {
      out.add(l->element, l->member && !r->member, difference(l->below, r->below));
    }
  });
  return out;
}

FieldSet recursive_difference(const FieldSet& left, const FieldSet& right) {
  if (left.empty() || right.empty()) return left;
  FieldSet out;
  side_by_side(left, right, [&](const Node* l, const Node* r) {
    if (l == nullptr || (r != nullptr && r->member)) return;
    out.add(l->element, l->member,
            r == nullptr ? l->below : recursive_difference(l->below, r->below));
  });
  return out;
}

FieldSet leaves(const FieldSet& set) {
  FieldSet out;
  for (const Node& node : set.nodes())
    out.add(node.element, node.member && node.below.empty(), leaves(node.below));
  return out;
}

FieldSet set_of_fields(std::initializer_list<std::initializer_list<std::string_view>> paths) {
  FieldSet out;
  for (const auto& names : paths) {
    Path path;
    for (std::string_view name : names) path.push_back(PathElement::field(name));
    out.insert(path);
  }
  return out;
}

}  // namespace fakeapi::cluster::fields
