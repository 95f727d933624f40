// The chain of managers of apimachinery pkg/util/managedfields/internal (fieldmanager.go,
// newDefaultFieldManager) as straight code: version check, kubectl's annotation, objects without
// entries, the cap on update managers, names, times, fields that nobody owns, and inside of it all
// the updater.
#include "fakeapi/cluster/fields/managed_fields.hpp"

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

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
  it->second.set = difference(it->second.set, unowned_fields());
  if (it->second.set.empty()) managers.erase(it);
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
    FieldSet set = united(node.mapped().set, mine.set);
    mine = as;
    mine.set = std::move(set);
    mine.time = manager.time;
  }
  cap_update_managers(managers);
}

std::string text_at(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// decodeLiveOrNew: entries of the object unless there are none or they cannot be read.
Managers managers_of(const UpdateRequest& request) {
  const auto of_live = [&]() -> Managers {
    if (request.live == nullptr) return {};
    auto managers = read_managers(*request.live);
    return managers.index() == 0 ? std::get<Managers>(std::move(managers)) : Managers{};
  };
  if (!request.manager.subresource.empty()) return of_live();
  if (asks_for_reset(request.object)) return {};
  auto managers = read_managers(request.object);
  if (managers.index() != 0 || std::get<Managers>(managers).empty()) return of_live();
  return std::get<Managers>(std::move(managers));
}

bool has_uid(const json* object) {
  if (object == nullptr) return false;
  const auto metadata = object->find("metadata");
  return metadata != object->end() && metadata->is_object() && !text_at(*metadata, "uid").empty();
}

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

std::optional<Failure> refusal(const ApplyRequest& request, const json& live) {
  const Shape shape(request.type);
  const json& config = *request.config;
  const GroupVersionKind expected = kind_of(request.api_version, request.kind);
  const GroupVersionKind actual = kind_of(text_at(config, "apiVersion"), text_at(config, "kind"));
  if (!(actual == expected)) return bad_request("invalid object type: " + actual.text());
  const json* sent = managed_fields_of(config);
  if (sent != nullptr && sent->is_array()) return bad_request("metadata.managedFields must be nil");
  if (std::string why = mismatch(shape, config, Duplicates::refused); !why.empty()) {
    return plain_error("failed to create typed patch object (" + name_of(config, actual) +
                       "): " + why);
  }
  if (std::string why = mismatch(shape, live, Duplicates::allowed); !why.empty()) {
    return plain_error("failed to create typed live object (" + name_of(live, expected) +
                       "): " + why);
  }
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
  write_managers(outcome.managers, out.object);
  return out;
}

json without_managed_fields(json object) {
  take_managed_fields(object);
  return object;
}

}  // namespace

json update_managers(UpdateRequest request) {
  json& object = request.object;
  Managers managers = managers_of(request);
  take_managed_fields(object);
  // skipnonapplied.go: what is there and has no entries is not tracked.
  if (managers.empty() && has_uid(request.live)) return std::move(object);

  const Writing writing{Shape(request.type), text_at(object, "apiVersion"),
                        request.manager.reset_fields};
  const json zero = request.live != nullptr
                        ? json()
                        : zero_object(request.type, writing.api_version, text_at(object, "kind"));
  const json& live = request.live != nullptr ? *request.live : zero;
  if (!readable_versions(managers) ||
      !mismatch(writing.shape, object, Duplicates::allowed).empty() ||
      !mismatch(writing.shape, live, Duplicates::allowed).empty()) {
    // UpdateNoErrors: the write goes on, with the entries that there were.
    if (const json* kept = managed_fields_of(live)) object["metadata"]["managedFields"] = *kept;
    return std::move(object);
  }
  record_update(writing, live, object, request.manager, managers);
  write_managers(managers, object);
  return std::move(object);
}

Result<Applied> apply(const ApplyRequest& request) {
  const json live = request.live != nullptr
                        ? *request.live
                        : zero_object(request.type, request.api_version, request.kind);
  auto read = read_managers(live);
  if (const std::string* error = std::get_if<std::string>(&read))
    return plain_error("failed to decode managed fields: " + *error);
  Managers managers = std::get<Managers>(std::move(read));
  if (auto failure = refusal(request, live)) return *failure;

  const Writing writing{Shape(request.type), request.api_version, request.manager.reset_fields};
  if (managers.empty()) {
    Manager before{"before-first-apply", request.manager.subresource, request.manager.reset_fields,
                   request.manager.time};
    record_update(writing, zero_object(request.type, request.api_version, request.kind), live,
                  before, managers);
  }
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
