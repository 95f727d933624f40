// The algebra of sets, against its definition by members (fieldpath/set.go).
#include "fakeapi/cluster/fields/field_set.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/cluster/fields/test_sets.hpp"

namespace fakeapi::cluster::fields {
namespace {

using testing::random_path;
using testing::random_set;

std::set<Path> members_of(const FieldSet& set) {
  std::set<Path> out;
  set.for_each([&](const Path& path) { out.insert(path); });
  return out;
}

bool below(const Path& path, const Path& parent) {
  return path.size() > parent.size() && std::equal(parent.begin(), parent.end(), path.begin());
}

template <class Keep>
std::set<Path> filtered(const FieldSet& from, Keep keep) {
  std::set<Path> out;
  for (const Path& path : members_of(from)) {
    if (keep(path)) out.insert(path);
  }
  return out;
}

RC_GTEST_PROP(FieldSetsProperty, HaveWhatWasInserted, ()) {
  FieldSet set = random_set();
  const Path path = random_path();
  const std::size_t before = set.size() - (set.has(path) ? 1 : 0);
  set.insert(path);
  set.insert(path);
  RC_ASSERT(set.has(path));
  RC_ASSERT(set.size() == before + 1);
}

RC_GTEST_PROP(FieldSetsProperty, UniteIntersectAndSubtractByMembers, ()) {
  const FieldSet a = random_set();
  const FieldSet b = random_set();
  std::set<Path> both = members_of(a);
  both.merge(members_of(b));
  RC_ASSERT(members_of(united(a, b)) == both);
  RC_ASSERT(members_of(intersection(a, b)) ==
            filtered(a, [&](const Path& path) { return b.has(path); }));
  RC_ASSERT(members_of(difference(a, b)) ==
            filtered(a, [&](const Path& path) { return !b.has(path); }));
}

// RecursiveDifference: a member takes with it everything below it.
RC_GTEST_PROP(FieldSetsProperty, SubtractRecursivelyWhatIsBelowAMember, ()) {
  const FieldSet a = random_set();
  const FieldSet b = random_set();
  const auto taken = members_of(b);
  RC_ASSERT(members_of(recursive_difference(a, b)) == filtered(a, [&](const Path& path) {
              return !b.has(path) && std::none_of(taken.begin(), taken.end(),
                                                  [&](const Path& p) { return below(path, p); });
            }));
}

RC_GTEST_PROP(FieldSetsProperty, LeavesAreMembersWithNoneBelow, ()) {
  const FieldSet set = random_set();
  const auto all = members_of(set);
  RC_ASSERT(members_of(leaves(set)) == filtered(set, [&](const Path& path) {
              return std::none_of(all.begin(), all.end(),
                                  [&](const Path& p) { return below(p, path); });
            }));
}

RC_GTEST_PROP(FieldSetsProperty, AreEqualWhenTheirMembersAre, ()) {
  const FieldSet a = random_set();
  const FieldSet b = random_set();
  RC_ASSERT((a == b) == (members_of(a) == members_of(b)));
  RC_ASSERT(united(difference(a, b), intersection(a, b)) == a);
}

}  // namespace
}  // namespace fakeapi::cluster::fields
