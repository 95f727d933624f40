// The chain of managers of apimachinery pkg/util/managedfields/internal (fieldmanager.go,
// newDefaultFieldManager) as straight code: version check, kubectl's annotation, objects without
// entries, the cap on update managers, names, times, fields that nobody owns, and inside of it all
// the updater.
#include "fakeapi/cluster/fields/managed_fields.hpp"

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "fakeapi/cluster/fields/cap.hpp"
#include "fakeapi/cluster/fields/conflict.hpp"
#include "fakeapi/cluster/fields/last_applied.hpp"
#include "fakeapi/cluster/fields/managers.hpp"
#include "fakeapi/cluster/fields/ownership.hpp"
#include "fakeapi/cluster/fields/shape.hpp"
#include "fakeapi/cluster/fields/typed.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

// stripmeta.go: never owned by anybody.
const FieldSet& unowned_fields() {
  static const FieldSet set = set_of_fields({{"apiVersion"},
                                             {"kind"},
                                             {"metadata"},
                                             {"metadata", "name"},
                                             {"metadata", "namespace"},
                                             {"metadata", "creationTimestamp"},
                                             {"metadata", "selfLink"},
                                             {"metadata", "uid"},
                                             {"metadata", "clusterName"},
                                             {"metadata", "generation"},
                                             {"metadata", "managedFields"},
                                             {"metadata", "resourceVersion"}});
  return set;
}

void strip(Managers& managers, const std::string& self) {
  const auto it = managers.find(self);
  if (it == managers.end()) return;
  it->second.owned = OwnedFields(difference(it->second.owned.set(), unowned_fields()));
  if (it->second.owned.empty()) managers.erase(it);
}

ManagerEntry entry_of(const Manager& manager, std::string_view api_version, bool applied) {
  ManagerEntry out;
  out.manager = manager.name.empty() ? "unknown" : manager.name;
  out.applied = applied;
  out.api_version = api_version;
  out.subresource = manager.subresource;
  return out;
}

// managedfieldsupdater.go, Update: what the write changed goes to its manager, with a new time, on
// top of what the manager owned.
void record_update(const Writing& writing, const json& live, const json& object,
                   const Manager& manager, Managers& managers) {
  const std::string self = "current-operation";  // no identifier, so nobody's
  take_ownership(writing, live, object, managers, self);
  strip(managers, self);
  if (auto node = managers.extract(self)) {
    const ManagerEntry as = entry_of(manager, writing.api_version, false);
    ManagerEntry& mine = managers[as.identifier()];
    FieldSet set = united(node.mapped().owned.set(), mine.owned.set());
    mine = as;
    mine.owned = OwnedFields(std::move(set));
    mine.time = manager.time;
  }
  cap_update_managers(managers);
}

std::string text_at(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

struct Entries {
  Managers managers;
  bool sent = false;  // by the client, and so perhaps for other types
};

// decodeLiveOrNew: what was sent unless there is none of it or it cannot be read.
Entries entries_of(const UpdateRequest& request, json sent) {
  const json* live = request.live == nullptr ? nullptr : managed_fields_of(*request.live);
  if (request.manager.subresource.empty() && !sent.is_null()) {
    if (asks_for_reset(sent)) return {};
    if (live != nullptr && *live == sent) return {stored_managers(std::move(sent)), false};
    auto managers = read_managers(sent);
    if (managers.index() == 0 && !std::get<Managers>(managers).empty())
      return {std::get<Managers>(std::move(managers)), true};
  }
  return {live == nullptr ? Managers{} : stored_managers(*live), false};
}

bool has_uid(const json* object) {
  if (object == nullptr) return false;
  const auto metadata = object->find("metadata");
  return metadata != object->end() && metadata->is_object() && !text_at(*metadata, "uid").empty();
}

// The schema of a custom resource can change under its objects.
bool has_fixed_types(const schema::Type* type) { return type != nullptr && !type->custom; }

// schema.ParseGroupVersion: at most one slash. An entry with more makes the whole update fail.
bool readable_versions(const Managers& managers) {
  return std::all_of(managers.begin(), managers.end(), [](const auto& one) {
    const std::string& version = one.second.api_version;
    return std::count(version.begin(), version.end(), '/') <= 1;
  });
}

struct GroupVersionKind {
  std::string group, version, kind;
  bool operator==(const GroupVersionKind&) const = default;
  std::string text() const { return group + "/" + version + ", Kind=" + kind; }
};

GroupVersionKind kind_of(const std::string& api_version, const std::string& kind) {
  const std::size_t slash = api_version.find('/');
  if (slash == std::string::npos) return {{}, api_version, kind};
  if (api_version.find('/', slash + 1) != std::string::npos) return {};
  return {api_version.substr(0, slash), api_version.substr(slash + 1), kind};
}

// objectGVKNN: how messages name an object.
std::string name_of(const json& object, const GroupVersionKind& kind) {
  const auto metadata = object.find("metadata");
  const json none = json::object();
  const json& meta = metadata != object.end() && metadata->is_object() ? *metadata : none;
  return text_at(meta, "namespace") + "/" + text_at(meta, "name") + "; " + kind.text();
}

// What apierrors has no constructor for ends as a 500 without a reason.
Failure plain_error(std::string message) { return {500, "", std::move(message), std::nullopt, {}}; }

Failure not_typed(std::string_view what, const json& object, const GroupVersionKind& kind,
                  const std::string& why) {
  return plain_error(fmt::format(fmt::runtime(what), name_of(object, kind), why));
}

// versioncheck.go.
std::optional<Failure> wrong_kind(const ApplyRequest& request) {
  const GroupVersionKind actual =
      kind_of(text_at(*request.config, "apiVersion"), text_at(*request.config, "kind"));
  if (actual == kind_of(request.api_version, request.kind)) return std::nullopt;
  return bad_request("invalid object type: " + actual.text());
}

// structuredmerge.go, Apply.
std::optional<Failure> unfit(const ApplyRequest& request, const json& live) {
  const Shape shape(request.type);
  const json& config = *request.config;
  const GroupVersionKind kind = kind_of(request.api_version, request.kind);
  const json* sent = managed_fields_of(config);
  if (sent != nullptr && sent->is_array()) return bad_request("metadata.managedFields must be nil");
  if (std::string why = mismatch(shape, config, Duplicates::refused); !why.empty())
    return not_typed("failed to create typed patch object ({}): {}", config, kind, why);
  if (std::string why = mismatch(shape, live, Duplicates::allowed); !why.empty())
    return not_typed("failed to create typed live object ({}): {}", live, kind, why);
  return std::nullopt;
}

// skipnonapplied.go: what was there before anybody applied belongs to a manager of its own.
std::optional<Failure> own_what_is_there(const ApplyRequest& request, const Writing& writing,
                                         const json& live, Managers& managers) {
  if (!managers.empty()) return std::nullopt;
  if (std::string why = mismatch(writing.shape, live, Duplicates::allowed); !why.empty()) {
    return not_typed(
        "failed to create manager for existing fields: failed to convert new object ({}) to smd "
        "typed: {}",
        live, kind_of(request.api_version, request.kind), why);
  }
  const Manager before{"before-first-apply", request.manager.subresource,
                       request.manager.reset_fields, request.manager.time};
  const json zero = zero_object(request.type, request.api_version, request.kind);
  record_update(writing, zero, live, before, managers);
  return std::nullopt;
}

// lastappliedmanager.go: conflicts that the annotation explains are none.
Conflicts unexplained(const ApplyRequest& request, const Writing& writing, const json& live,
                      Conflicts conflicts) {
  if (request.manager.name != migrating_manager) return conflicts;
  const auto known = last_applied_fields(writing.shape, live, request.api_version);
  if (known) std::erase_if(conflicts, [&](const Conflict& one) { return known->has(one.path); });
  return conflicts;
}

std::variant<Merged, Conflicts> merged(const ApplyRequest& request, const Writing& writing,
                                       const json& live, const Managers& managers) {
  const ManagerEntry as = entry_of(request.manager, request.api_version, true);
  auto outcome = apply_config(writing, live, *request.config, managers, as, request.force);
  if (outcome.index() == 0) return outcome;
  Conflicts left = unexplained(request, writing, live, std::get<Conflicts>(std::move(outcome)));
  if (!left.empty()) return left;
  return apply_config(writing, live, *request.config, managers, as, true);
}

Applied finished(const ApplyRequest& request, const json& live, Merged outcome) {
  const std::string self = entry_of(request.manager, request.api_version, true).identifier();
  strip(outcome.managers, self);
  Applied out;
  out.changed = outcome.object.has_value();
  out.object = out.changed ? std::move(*outcome.object) : live;
  const auto mine = outcome.managers.find(self);
  if (out.changed && mine != outcome.managers.end()) mine->second.time = request.manager.time;
  if (request.manager.name == migrating_manager) update_last_applied(*request.config, out.object);
  take_managed_fields(out.object);
  put_managers(std::move(outcome.managers), out.object);
  return out;
}

json without_managed_fields(json object) {
  take_managed_fields(object);
  return object;
}

}  // namespace

json update_managers(UpdateRequest request) {
  json& object = request.object;
  Entries entries = entries_of(request, take_managed_fields(object));
  Managers& managers = entries.managers;
  // skipnonapplied.go: what is there and has no entries is not tracked.
  if (managers.empty() && has_uid(request.live)) return std::move(object);

  const Writing writing{Shape(request.type), text_at(object, "apiVersion"),
                        request.manager.reset_fields,
                        !entries.sent && has_fixed_types(request.type)};
  const json zero = request.live != nullptr
                        ? json()
                        : zero_object(request.type, writing.api_version, text_at(object, "kind"));
  const json& live = request.live != nullptr ? *request.live : zero;
  if (!readable_versions(managers) ||
      !mismatch(writing.shape, object, Duplicates::allowed).empty() ||
      // What is stored of a built-in kind went through this before.
      (request.live != nullptr && !has_fixed_types(request.type) &&
       !mismatch(writing.shape, live, Duplicates::allowed).empty())) {
    // UpdateNoErrors: the write goes on, with the entries that there were.
    if (const json* kept = managed_fields_of(live)) object["metadata"]["managedFields"] = *kept;
    return std::move(object);
  }
  record_update(writing, live, object, request.manager, managers);
  put_managers(std::move(managers), object);
  return std::move(object);
}

Result<Applied> apply(const ApplyRequest& request) {
  const json live = request.live != nullptr
                        ? *request.live
                        : zero_object(request.type, request.api_version, request.kind);
  const json* entries = managed_fields_of(live);
  Managers managers = entries == nullptr ? Managers{} : stored_managers(*entries);
  if (auto failure = wrong_kind(request)) return *failure;
  const Writing writing{Shape(request.type), request.api_version, request.manager.reset_fields,
                        has_fixed_types(request.type)};
  if (auto failure = own_what_is_there(request, writing, live, managers)) return *failure;
  if (auto failure = unfit(request, live)) return *failure;
  auto outcome = merged(request, writing, live, managers);
  if (const Conflicts* conflicts = std::get_if<Conflicts>(&outcome))
    return apply_conflict(*conflicts, managers);
  return finished(request, live, std::get<Merged>(std::move(outcome)));
}

void keep_times_of_unchanged(const json& live, json& object) {
  const json* before = managed_fields_of(live);
  const json* after = managed_fields_of(object);
  if (before == nullptr || after == nullptr || *before == *after) return;
  const auto untimed = [](json entries) {
    for (json& entry : entries) entry.erase("time");
    return entries;
  };
  if (before->size() != after->size() || untimed(*before) != untimed(*after)) return;
  if (without_managed_fields(live) != without_managed_fields(object)) return;
  object["metadata"]["managedFields"] = *before;
}

}  // namespace fakeapi::cluster::fields
