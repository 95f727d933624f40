// The updater. Entries of a version that the kind does not have are dropped, as the real server
// drops those of a version it has forgotten.
#include "fakeapi/cluster/fields/ownership.hpp"

#include "fakeapi/cluster/fields/typed.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

void reconcile(const Writing& writing, Managers& managers) {
  std::erase_if(managers,
                [&](const auto& one) { return one.second.api_version != writing.api_version; });
  if (writing.types_are_fixed) return;
  for (auto& [identifier, entry] : managers) {
    if (auto set = reconciled(writing.shape, entry.owned.set()))
      entry.owned = OwnedFields(std::move(*set));
  }
}

FieldSet without_reset(const Writing& writing, FieldSet set) {
  return writing.reset_fields == nullptr ? std::move(set)
                                         : recursive_difference(set, *writing.reset_fields);
}

Comparison changes(const Writing& writing, const json& live, const json& object) {
  Comparison found = compare(writing.shape, live, object);
  if (writing.reset_fields == nullptr) return found;
  return {without_reset(writing, std::move(found.added)),
          without_reset(writing, std::move(found.modified)),
          without_reset(writing, std::move(found.removed))};
}

// What others own of what was written, by manager.
using Taken = std::vector<std::pair<Managers::iterator, FieldSet>>;
Taken taken_from_others(Managers& managers, const FieldSet& written, const std::string& self) {
  Taken out;
  for (auto it = managers.begin(); it != managers.end(); ++it) {
    if (it->first == self || !it->second.owned.may_have_any(written)) continue;
    FieldSet set = intersection(it->second.owned.set(), written);
    if (!set.empty()) out.emplace_back(it, std::move(set));
  }
  return out;
}

void take_from(ManagerEntry& entry, const FieldSet& fields) {
  if (entry.owned.may_have_any(fields))
    entry.owned = OwnedFields(difference(entry.owned.set(), fields));
}

void settle(Managers& managers, const Taken& taken, const FieldSet& removed,
            const std::string& self) {
  for (const auto& [it, set] : taken) take_from(it->second, set);
  for (auto& [identifier, entry] : managers) {
    if (identifier != self) take_from(entry, removed);
  }
  std::erase_if(managers, [](const auto& one) { return one.second.owned.empty(); });
}

Conflicts conflicts_of(const Taken& taken) {
  Conflicts out;
  for (const auto& [it, set] : taken) {
    set.for_each([&, identifier = &it->first](const Path& path) {
      out.push_back({*identifier, path});
    });
  }
  return out;
}

// Takes away from `merged` what the manager applied before, unless somebody owns it now, the
// manager itself included.
json pruned(const Shape& shape, json merged, const Managers& managers, const FieldSet& last) {
  if (last.empty()) return merged;
  const FieldSet named_last = with_named_fields(shape, last);
  const FieldSet all = with_named_fields(shape, to_field_set(shape, merged));
  const auto fields_of = [&](const json& value) {
    return with_named_fields(shape, to_field_set(shape, value));
  };
  FieldSet owned;
  for (const auto& [identifier, entry] : managers) owned = united(owned, entry.owned.set());

  json out = remove_items(shape, merged, named_last);
  const FieldSet kept = united(fields_of(out), with_named_fields(shape, owned));
  out = remove_items(shape, merged, difference(all, kept));
  // Only what was the manager's may go: items that nobody owns stay.
  return remove_items(shape, merged, intersection(difference(all, fields_of(out)), named_last));
}

}  // namespace

void take_ownership(const Writing& writing, const json& live, const json& object,
                    Managers& managers, const std::string& self) {
  reconcile(writing, managers);
  const Comparison found = changes(writing, live, object);
  const FieldSet written = united(found.modified, found.added);
  settle(managers, taken_from_others(managers, written, self), found.removed, self);
  ManagerEntry& mine = managers[self];
  mine.applied = false;
  mine.api_version = writing.api_version;
  mine.owned = OwnedFields(
      without_reset(writing, united(difference(mine.owned.set(), found.removed), written)));
  if (mine.owned.empty()) managers.erase(self);
}

std::variant<Merged, Conflicts> apply_config(const Writing& writing, const json& live,
                                             const json& config, Managers managers,
                                             const ManagerEntry& as, bool force) {
  reconcile(writing, managers);
  const std::string self = as.identifier();
  const FieldSet last = managers[self].owned.set();
  managers[self].owned = OwnedFields(without_reset(writing, to_field_set(writing.shape, config)));
  json object = pruned(writing.shape, merge(writing.shape, live, config), managers, last);

  const Comparison found = changes(writing, live, object);
  const Taken taken = taken_from_others(managers, united(found.modified, found.added), self);
  if (!force && !taken.empty()) return conflicts_of(taken);
  ManagerEntry& mine = managers[self];
  ManagerEntry before = std::move(mine);
  mine = as;
  mine.time = std::move(before.time);
  mine.owned = std::move(before.owned);
  settle(managers, taken, found.removed, self);

  Merged out;
  if (object != live) out.object = std::move(object);
  out.managers = std::move(managers);
  return out;
}

}  // namespace fakeapi::cluster::fields
