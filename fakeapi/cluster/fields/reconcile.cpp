// Sets that were written for other types (structured-merge-diff typed/reconcile_schema.go). With
// one version of each kind it happens when a client writes managedFields itself: what it claims
// below an atomic list or map becomes the list or map.
#include "fakeapi/cluster/fields/typed.hpp"

namespace fakeapi::cluster::fields {
namespace {

struct Changes {
  FieldSet taken_out;  // with all below
  FieldSet put_in;

  void make_whole(const Path& path) {
    taken_out.insert(path);
    put_in.insert(path);
  }
};

void look_through(const Shape& shape, const FieldSet& set, bool is_whole, Path& path,
                  Changes& changes) {
  const unsigned forms = shape.forms();
  const bool is_map = (forms & Shape::map) != 0;
  const bool is_list = !is_map && (forms & Shape::scalar) == 0;
  if (!is_map && !is_list) return;
  if (is_map && shape.undescribed_map()) return;  // what is deduced from values is never atomic
  if (!is_whole && (is_map ? shape.atomic_map() : !shape.associative())) {
    if (is_list || !set.empty()) changes.make_whole(path);
    return;
  }
  for (const FieldSet::Node& node : set.nodes()) {
    const std::string* name = is_map ? node.element.field_name() : nullptr;
    const std::optional<Shape> inside = name != nullptr ? shape.member(*name) : shape.element();
    if (!inside) continue;
    path.push_back(node.element);
    look_through(*inside, node.below, node.member && node.below.empty(), path, changes);
    path.pop_back();
  }
}

}  // namespace

std::optional<FieldSet> reconciled(const Shape& shape, const FieldSet& set) {
  Changes changes;
  Path path;
  look_through(shape, set, false, path, changes);
  if (changes.put_in.empty()) return std::nullopt;
  return united(recursive_difference(set, changes.taken_out), changes.put_in);
}

}  // namespace fakeapi::cluster::fields
