// Sets of fields, as trees: what a manager owns, what a write changed. The rules of the algebra are
// those of structured-merge-diff fieldpath/set.go, where a field and what is below it are members
// each on their own.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "fakeapi/cluster/fields/path.hpp"

namespace fakeapi::cluster::fields {

class FieldSet {
 public:
  struct Node;

  bool empty() const;
  /// By element. Each is a member, or has members below it, or both.
  const std::vector<Node>& nodes() const { return nodes_; }
  const Node* find(const PathElement& element) const;
  const Node* find_field(std::string_view name) const;
  bool has(const Path& path) const;
  /// Members, here and below.
  std::size_t size() const;
  bool operator==(const FieldSet& other) const;

  /// The path's last element becomes a member; the whole object (an empty path) is never one.
  void insert(const Path& path);
  /// Adds a node, joined with the one of the same element; costs nothing when it is the last one.
  /// A node that is no member and has none below is passed over.
  void add(PathElement element, bool member, FieldSet below);

  /// Each member once: all of a level before those below them.
  void for_each(const std::function<void(const Path&)>& visit) const;

 private:
  void visit_below(Path& prefix, const std::function<void(const Path&)>& visit) const;
  Node& at(const PathElement& element);

  std::vector<Node> nodes_;
};

struct FieldSet::Node {
  PathElement element;
  bool member = false;
  FieldSet below;
};

inline bool FieldSet::empty() const { return nodes_.empty(); }

FieldSet united(const FieldSet& left, const FieldSet& right);
FieldSet intersection(const FieldSet& left, const FieldSet& right);
/// Members of `left` that are none of `right`, each on its own.
FieldSet difference(const FieldSet& left, const FieldSet& right);
/// A member of `right` takes everything below it out as well.
FieldSet recursive_difference(const FieldSet& left, const FieldSet& right);
/// Members with none below them.
FieldSet leaves(const FieldSet& set);

/// A set of fields by name: {{"status"}, {"metadata", "labels"}}.
FieldSet set_of_fields(std::initializer_list<std::initializer_list<std::string_view>> paths);

}  // namespace fakeapi::cluster::fields
