// Creating and replacing objects. Deleting is in registry_delete.cpp.
#include "fakeapi/cluster/registry.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/custom/validate.hpp"
#include "fakeapi/cluster/fields/managed_fields.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr int generated_name_attempts_max =
    8;  // registry/generic/registry/store.go maxNameGenerationCreateAttempts

// What the server alone decides; a client that sends it back unchanged, or leaves it out, is right
// either way.
void carry_metadata(json& object, const json& old) {
  json& metadata = object["metadata"];
  const json& before = old.at("metadata");
  for (const char* key : {"name", "namespace", "uid", "creationTimestamp", "generation",
                          "deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion"}) {
    if (const auto it = before.find(key); it != before.end()) {
      metadata[key] = *it;
    } else {
      metadata.erase(key);
    }
  }
}

// Which part of the object a subresource is for; the rest stays as it was.
json subresource_update(std::string_view subresource, const json& object, const json& old) {
  json merged = old;
  const auto take = [&](const char* part, const char* key) {
    const json* given = find_at(object, {part, key});
    if (given != nullptr) {
      merged[part][key] = *given;
    } else if (merged.contains(part)) {
      merged[part].erase(key);
    }
  };
  if (subresource == "finalize") take("spec", "finalizers");
  if (subresource == "ephemeralcontainers") take("spec", "ephemeralContainers");
  if (subresource == "resize") take("spec", "containers");
  if (subresource != "status") {
    merged["metadata"]["managedFields"] = object["metadata"].value("managedFields", json::array());
    return merged;
  }
  if (const auto status = object.find("status"); status != object.end()) {
    merged["status"] = *status;
  } else {
    merged.erase("status");
  }
  for (const char* key : {"labels", "annotations", "finalizers", "managedFields"}) {
    const json* given = find_at(object, {"metadata", key});
    if (given != nullptr) {
      merged["metadata"][key] = *given;
    } else {
      merged["metadata"].erase(key);
    }
  }
  return merged;
}

// Everything but status and metadata (registry strategies, PrepareForUpdate).
bool content_differs(const Kind& kind, const json& object, const json& old) {
  const auto same_without_status = [&](const json& a, const json& b) {
    for (const auto& [key, value] : a.items()) {
      if (key == "metadata" || (key == "status" && kind.has_status)) continue;
      const auto it = b.find(key);
      if (it == b.end() || *it != value) return false;
    }
    return true;
  };
  if (!same_without_status(object, old) || !same_without_status(old, object)) return true;
  if (!kind.labels_count) return false;
  return object["metadata"].value("labels", json()) != old.at("metadata").value("labels", json());
}

// What a resource or its status resets, and so never owns (the strategies' GetResetFields).
const fields::FieldSet* reset_fields(const Kind& kind, std::string_view subresource) {
  static const fields::FieldSet status = fields::set_of_fields({{"status"}});
  static const fields::FieldSet spec = fields::set_of_fields({{"spec"}});
  static const fields::FieldSet pod = fields::set_of_fields(
      {{"spec"}, {"metadata", "deletionTimestamp"}, {"metadata", "ownerReferences"}});
  if (!kind.has_status) return nullptr;
  if (subresource != "status") return &status;
  return kind.graceful_delete ? &pod : &spec;
}

fields::Manager manager_of(const Kind& kind, const std::string& name, std::string_view subresource,
                           std::string time) {
  return {name, std::string(subresource), reset_fields(kind, subresource), std::move(time)};
}

}  // namespace

Registry::Registry(Store& store, RegistryOptions options)
    : store_(store), options_(options), random_(options.seed) {
  context_.allow_loopback_addresses = options_.allow_loopback_addresses;
  context_.allotment = &allotment_;
}

std::string Registry::timestamp(Instant now) const {
  return rfc3339(wall_time(options_.wall_time, now));
}

Failure Registry::invalid_or(const Kind& kind, const json& object, FieldErrors errors) const {
  return invalid(kind, string_at(object, {"metadata", "name"}), std::move(errors));
}

std::optional<Failure> Registry::namespace_failure(const Kind& kind,
                                                   const std::string& namespace_name,
                                                   const json& object) const {
  if (!kind.namespaced) return std::nullopt;
  const Kind& spaces = store_.kinds().of("namespaces");
  const ObjectPtr space = store_.find(spaces, {}, namespace_name);
  if (!space) return not_found(spaces, namespace_name);
  if (string_at(space->json(), {"status", "phase"}) != "Terminating") return std::nullopt;
  const std::string name = string_at(object, {"metadata", "name"});
  Failure failure{403,
                  "Forbidden",
                  {},
                  StatusDetails{name, std::string(kind.group), std::string(kind.plural), {}, {}, 0},
                  {}};
  failure.message = fmt::format(
      "{} {} is forbidden: unable to create new content in namespace {} because it is being "
      "terminated",
      kind.qualified_resource(), in_quotes(name), namespace_name);
  failure.details->causes.push_back(
      {"NamespaceTerminating", fmt::format("namespace {} is being terminated", namespace_name),
       "metadata.namespace"});
  return failure;
}

bool Registry::name_it(const Kind& kind, const std::string& namespace_name, json& metadata) {
  if (!string_at(metadata, {"name"}).empty()) return true;
  const std::string prefix = string_at(metadata, {"generateName"});
  if (prefix.empty()) return true;  // validation says so
  for (int attempt = 0; attempt < generated_name_attempts_max; ++attempt) {
    const std::string name = prefix + random_suffix(random_);
    if (store_.find(kind, namespace_name, name)) continue;
    metadata["name"] = name;
    return true;
  }
  return false;
}

bool Registry::shape(const Kind& kind, json& object, const WriteOptions& options) const {
  object["kind"] = kind.kind;
  object["apiVersion"] = kind.api_version();
  const bool kept_empty =
      options.decoded ? *options.decoded
                      : schema::decode(kind.type(), object, schema::EmptyLists::kept).kept_empty;
  if (kind.rules.defaults != nullptr) kind.rules.defaults(object);
  return kept_empty;
}

FieldErrors Registry::validate(const Kind& kind, const json& object, const json* old) const {
  FieldErrors errors;
  rules::validate_metadata(kind, object, old, errors);
  if (kind.rules.validate != nullptr) kind.rules.validate(object, old, context_, errors);
  if (kind.custom && kind.custom->schema)
    custom::validate(*kind.custom->schema, object, {}, errors);
  return errors;
}

void Registry::manage(Instant now, const Kind& kind, const json* live, json& object,
                      const WriteOptions& options) const {
  if (options.managed) return;
  if (options.manager.empty()) {
    object["metadata"].erase("managedFields");
    if (live == nullptr) return;
    if (const json* kept = find_at(*live, {"metadata", "managedFields"}); kept != nullptr)
      object["metadata"]["managedFields"] = *kept;
    return;
  }
  fields::UpdateRequest request;
  request.live = live;
  request.object = std::move(object);
  request.type = &kind.type();
  request.manager = manager_of(kind, options.manager, options.subresource, timestamp(now));
  object = fields::update_managers(std::move(request));
}

Result<json> Registry::apply(Instant now, const Kind& kind, const ObjectPtr& live,
                             const json& configuration, const std::string& subresource,
                             const std::string& manager, bool force) const {
  fields::ApplyRequest request;
  request.live = live ? &live->json() : nullptr;
  request.config = &configuration;
  request.type = &kind.type();
  request.api_version = kind.api_version();
  request.kind = kind.kind;
  request.manager = manager_of(kind, manager, subresource, timestamp(now));
  request.force = force;
  auto applied = fields::apply(request);
  if (!applied) return applied.failure();
  return std::move(applied->object);
}

Result<Written> Registry::create(Instant now, const Kind& kind, const std::string& namespace_name,
                                 json object, const WriteOptions& options) {
  if (auto failure = namespace_failure(kind, namespace_name, object)) return *failure;
  json& metadata = rules::object_at(object, "metadata");
  if (!string_at(metadata, {"resourceVersion"}).empty()) {
    return bad_request("resourceVersion should not be set on objects to be created");
  }
  for (const char* key :
       {"deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink"})
    metadata.erase(key);
  if (kind.namespaced) {
    metadata["namespace"] = namespace_name;
  } else {
    metadata.erase("namespace");
  }
  if (!name_it(kind, namespace_name, metadata)) {
    return already_exists(kind, string_at(metadata, {"generateName"}));
  }
  metadata["uid"] = random_uid(random_);
  metadata["creationTimestamp"] = timestamp(now);
  if (kind.counts_generations) metadata["generation"] = 1;
  const bool unsettled = !options.canonical && shape(kind, object, options);
  manage(now, kind, nullptr, object, options);
  if (unsettled) schema::decode(kind.type(), object);
  context_.now = timestamp(now);
  if (kind.rules.before_create != nullptr) kind.rules.before_create(object, context_);
  if (auto errors = validate(kind, object, nullptr); !errors.empty()) {
    return invalid_or(kind, object, std::move(errors));
  }
  const std::string name = string_at(object, {"metadata", "name"});
  if (store_.find(kind, namespace_name, name)) return already_exists(kind, name);
  if (options.dry_run)
    return Written{std::make_shared<const Object>(std::make_shared<const json>(std::move(object))),
                   true, false};
  return Written{store_.put(kind, std::move(object)), true, false};
}

Result<Written> Registry::update(Instant now, const Kind& kind, const std::string& namespace_name,
                                 const std::string& name, json object,
                                 const WriteOptions& options) {
  const ObjectPtr old = store_.find(kind, namespace_name, name);
  const std::string sent_version = string_at(object, {"metadata", "resourceVersion"});
  const std::string sent_uid = string_at(object, {"metadata", "uid"});
  if (!old) {
    if (!kind.create_on_update || !options.subresource.empty() || !sent_version.empty() ||
        !sent_uid.empty()) {
      return not_found(kind, name);
    }
    return create(now, kind, namespace_name, std::move(object), options);
  }
  if (!sent_uid.empty() && sent_uid != old->uid()) {
    return update_conflict(
        kind, name,
        fmt::format("Precondition failed: UID in precondition: {}, UID in object meta: {}",
                    sent_uid, old->uid()));
  }
  if (!sent_version.empty() && parse_decimal(sent_version) != old->version()) {
    return modified_meanwhile(kind, name);
  }
  rules::object_at(object, "metadata");
  carry_metadata(object, old->json());
  const bool unsettled = !options.canonical && shape(kind, object, options);
  manage(now, kind, &old->json(), object, options);
  if (unsettled) schema::decode(kind.type(), object);
  if (!options.subresource.empty())
    object = subresource_update(options.subresource, object, old->json());
  if (sent_version.empty() && kind.needs_version_to_update) {
    return invalid_or(
        kind, object,
        {invalid_value("metadata.resourceVersion", "0x0", "must be specified for an update")});
  }
  context_.now = timestamp(now);
  if (options.subresource.empty() && kind.rules.before_update != nullptr) {
    kind.rules.before_update(object, old->json(), context_);
  }
  if (auto errors = validate(kind, object, &old->json()); !errors.empty()) {
    return invalid_or(kind, object, std::move(errors));
  }
  return commit_update(kind, old, std::move(object), options);
}

Result<Written> Registry::bind(Instant now, const ObjectPtr& pod, const std::string& node,
                               bool dry_run) {
  json bound = pod->json();
  bound["spec"]["nodeName"] = node;
  json& conditions = bound["status"]["conditions"];
  if (!conditions.is_array()) conditions = json::array();
  conditions.push_back({{"type", "PodScheduled"},
                        {"status", "True"},
                        {"lastProbeTime", nullptr},
                        {"lastTransitionTime", timestamp(now)}});
  WriteOptions options;
  options.dry_run = dry_run;
  return commit_update(store_.kinds().of("pods"), pod, std::move(bound), options);
}

Result<Written> Registry::commit_update(const Kind& kind, const ObjectPtr& old, json object,
                                        const WriteOptions& options) {
  fields::keep_times_of_unchanged(old->json(), object);
  if (object == old->json()) return Written{old, false, false};
  if (kind.counts_generations && content_differs(kind, object, old->json())) {
    object["metadata"]["generation"] = old->json()["metadata"].value("generation", 0) + 1;
  }
  if (options.dry_run)
    return Written{std::make_shared<const Object>(std::make_shared<const json>(std::move(object))),
                   false, false};
  // The last finalizer is gone and nothing is waited for: the update is the deletion.
  const bool finalized = object["metadata"].contains("deletionTimestamp") &&
                         !object["metadata"].contains("finalizers") &&
                         old->json()["metadata"].contains("finalizers") &&
                         object["metadata"].value("deletionGracePeriodSeconds", 0) == 0;
  if (finalized) return erased(kind, std::move(object));
  return Written{store_.put(kind, std::move(object)), false, false};
}

}  // namespace fakeapi::cluster
