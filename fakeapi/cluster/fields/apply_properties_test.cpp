// Laws of server-side apply that hold for any objects and any managers.
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/cluster/fields/fields_v1.hpp"
#include "fakeapi/cluster/fields/managed_fields.hpp"
#include "fakeapi/cluster/fields/test_types.hpp"
#include "fakeapi/cluster/fields/typed.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;
using testing::workload;

const testing::Workload& types() {
  static const testing::Workload one;
  return one;
}

template <class T>
T any_of(std::vector<T> values) {
  return values[*rc::gen::inRange<std::size_t>(0, values.size())];
}
bool maybe() { return *rc::gen::arbitrary<bool>(); }

json random_ports() {
  json out = json::array();
  for (int port : {80, 443}) {
    if (maybe()) out.push_back({{"port", port}, {"name", any_of<std::string>({"x", "y"})}});
  }
  return out;
}

json random_containers() {
  json out = json::array();
  for (const char* name : {"web", "log", "side"}) {
    if (!maybe()) continue;
    json one = {{"name", name}};
    if (maybe()) one["image"] = any_of<std::string>({"1", "2"});
    if (maybe()) one["args"] = json::array({any_of<std::string>({"a", "b"})});
    if (maybe()) one["ports"] = random_ports();
    out.push_back(std::move(one));
  }
  if (maybe()) std::reverse(out.begin(), out.end());
  return out;
}

json random_spec() {
  json out = json::object();
  if (maybe()) out["replicas"] = *rc::gen::inRange(0, 3);
  if (maybe()) out["paused"] = maybe();
  if (maybe()) out["selector"] = {{any_of<std::string>({"a", "b"}), "x"}};
  if (maybe()) {
    out["zones"] = json::array();
    for (const char* zone : {"x", "y", "z"}) {
      if (maybe()) out["zones"].push_back(zone);
    }
  }
  if (maybe()) out["config"] = {{any_of<std::string>({"a", "b"}), any_of<std::string>({"1", "2"})}};
  if (maybe()) out["extra"] = json::parse(any_of<std::string>({"1", "[]", R"({"a":[1],"b":2})"}));
  if (maybe()) out["containers"] = random_containers();
  return out;
}

Manager named(const std::string& name, int second) {
  return {name, "", nullptr, "2026-01-01T00:00:" + std::to_string(10 + second) + "Z"};
}

// As decoding leaves an object: without nulls.
json decoded(json value) {
  if (value.is_array()) {
    for (json& one : value) one = decoded(std::move(one));
  }
  if (!value.is_object()) return value;
  json out = json::object();
  for (auto& [key, one] : value.items()) {
    if (!one.is_null()) out[key] = decoded(std::move(one));
  }
  return out;
}

json applied_raw(const json& live, const json& config, const std::string& name, int second) {
  const auto result = apply({live.is_null() ? nullptr : &live, &config, types().type, "apps/v1",
                             "Workload", named(name, second), true});
  RC_ASSERT(static_cast<bool>(result));
  return result->object;
}

json applied(const json& live, const json& config, const std::string& name, int second) {
  json out = decoded(applied_raw(live, config, name, second));
  out["metadata"]["uid"] = "u";
  return out;
}

// An object with a history of a few writers.
json random_object() {
  json live;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    const std::string name = any_of<std::string>({"a", "b", "c"});
    json next = workload(random_spec());
    if (maybe()) {
      live = applied(live, next, name, 10 - i);
    } else {
      live = update_managers(
          {live.is_null() ? nullptr : &live, next, types().type, named(name, 10 - i)});
      live["metadata"]["uid"] = "u";
    }
  }
  return live;
}

FieldSet owned_by(const json& object, const std::string& name, const std::string& operation) {
  for (const json& entry : object["metadata"].value("managedFields", json::array())) {
    if (entry["manager"] == name && entry["operation"] == operation)
      return std::get<FieldSet>(parse_fields_v1(entry["fieldsV1"]));
  }
  return {};
}

FieldSet fields_of(const json& object) { return to_field_set(Shape(types().type), object); }

FieldSet without_identity(const FieldSet& set) {
  return recursive_difference(
      set, set_of_fields({{"apiVersion"}, {"kind"}, {"metadata", "name"}, {"metadata"}}));
}

// Of a configuration that owns something: an object without any entry is one that nobody applied.
RC_GTEST_PROP(ApplyProperty, TwiceIsAsGoodAsOnce, ()) {
  const json live = random_object();
  json config = workload(random_spec());
  config["spec"]["replicas"] = 3;
  const json once = applied(live, config, "me", 20);
  const auto again = apply({&once, &config, types().type, "apps/v1", "Workload", named("me", 30)});
  RC_ASSERT(static_cast<bool>(again));
  RC_ASSERT(!again->changed);
  RC_ASSERT(again->object == once);
}

RC_GTEST_PROP(ApplyProperty, MakesTheObjectHaveAllThatIsApplied, ()) {
  const json config = workload(random_spec());
  const json object = applied(random_object(), config, "me", 20);
  // Named fields included: an empty map that is applied is no field of its own once it has content.
  RC_ASSERT(difference(fields_of(config), with_named_fields(Shape(types().type), fields_of(object)))
                .empty());
  RC_ASSERT(compare(Shape(types().type), object, config).modified.empty());
  RC_ASSERT(compare(Shape(types().type), object, config).added.empty());
}

RC_GTEST_PROP(ApplyProperty, OwnsExactlyWhatItSays, ()) {
  const json config = workload(random_spec());
  const json object = applied(random_object(), config, "me", 20);
  RC_ASSERT(owned_by(object, "me", "Apply") == without_identity(fields_of(config)));
}

// Whatever is gone was the applier's, and nobody else's. Declared fields go with the last of what
// they hold, items with all that they hold; what has no type is replaced when its form changes.
RC_GTEST_PROP(ApplyProperty, RemovesOnlyWhatTheApplierAloneOwned, ()) {
  const Shape shape(types().type);
  const json live = random_object();
  if (live.is_null()) return;
  const json before = applied(live, workload(random_spec()), "me", 20);
  const json after = applied_raw(before, workload(random_spec()), "me", 30);
  const FieldSet gone = recursive_difference(compare(shape, before, after).removed,
                                             set_of_fields({{"spec", "extra"}}));
  const FieldSet mine = with_named_fields(shape, owned_by(before, "me", "Apply"));
  RC_ASSERT(recursive_difference(gone, mine).empty());
  for (const char* other : {"a", "b", "c"}) {
    for (const char* operation : {"Apply", "Update"})
      RC_ASSERT(intersection(leaves(owned_by(after, other, operation)), gone).empty());
  }
}

RC_GTEST_PROP(ApplyProperty, OfNothingTakesAwayWhatOnlyTheApplierOwned, ()) {
  const json config = workload(random_spec());
  json nothing = config;
  nothing.erase("spec");
  const json object = applied(json(), config, "me", 20);
  const json after = applied_raw(object, nothing, "me", 30);
  RC_ASSERT(owned_by(after, "me", "Apply").empty());
  const FieldSet spec = difference(fields_of(config), fields_of(nothing));
  RC_ASSERT(intersection(leaves(spec), fields_of(decoded(after))).empty());
}

// Two managers never disagree about a value, so one update owner a field is left after an update.
RC_GTEST_PROP(ApplyProperty, AnUpdateLeavesNoOtherOwnerOfWhatItChanged, ()) {
  const json live = random_object();
  if (live.is_null() || !live["metadata"].contains("managedFields")) return;
  const json next = workload(random_spec());
  const json object = update_managers({&live, next, types().type, named("me", 40)});
  const Comparison found = compare(Shape(types().type), live, next);
  const FieldSet written = without_identity(united(found.modified, found.added));
  RC_ASSERT(difference(written, owned_by(object, "me", "Update")).empty());
  for (const char* other : {"a", "b", "c"}) {
    for (const char* operation : {"Apply", "Update"}) {
      RC_ASSERT(intersection(owned_by(object, other, operation), written).empty());
      RC_ASSERT(intersection(owned_by(object, other, operation), found.removed).empty());
    }
  }
}

// Entries that are left unread must be what reading would have made of them.
RC_GTEST_PROP(ApplyProperty, UntouchedEntriesStayWhatTheyAre, ()) {
  const json live = random_object();
  if (live.is_null()) return;
  const json next = workload(random_spec());
  json sent = next;
  // Told apart from the stored entries by their order, they are read as a client's.
  json entries = live["metadata"].value("managedFields", json::array());
  std::reverse(entries.begin(), entries.end());
  if (entries.size() < 2) return;
  sent["metadata"]["managedFields"] = entries;
  RC_ASSERT(update_managers({&live, sent, types().type, named("me", 40)}) ==
            update_managers({&live, next, types().type, named("me", 40)}));
}

}  // namespace
}  // namespace fakeapi::cluster::fields
