// Creating and replacing objects. Deleting is in registry_delete.cpp.
#include "fakeapi/cluster/registry.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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

json status_update(const json& object, const json& old) {
  json merged = old;
  merged["status"] = object.value("status", json::object());
  for (const char* key : {"labels", "annotations", "finalizers"}) {
    const json* given = find_at(object, {"metadata", key});
    if (given != nullptr) {
      merged["metadata"][key] = *given;
    } else {
      merged["metadata"].erase(key);
    }
  }
  return merged;
}

bool content_differs(const Kind& kind, const json& object, const json& old) {
  for (std::string_view key : kind.content) {
    if (key == "status") continue;
    const std::string name(key);
    if (object.value(name, json()) != old.value(name, json())) return true;
  }
  if (!kind.labels_count) return false;
  return object["metadata"].value("labels", json()) != old.at("metadata").value("labels", json());
}

}  // namespace

Registry::Registry(Store& store, RegistryOptions options)
    : store_(store), options_(options), random_(options.seed) {
  context_.allow_loopback_addresses = options_.allow_loopback_addresses;
  context_.allotment = &allotment_;
}

std::string Registry::timestamp(Instant now) const {
  return rfc3339(options_.wall_time_seconds, now);
}

Failure Registry::invalid_or(const Kind& kind, const json& object, FieldErrors errors) const {
  return invalid(kind, string_at(object, {"metadata", "name"}), std::move(errors));
}

std::optional<Failure> Registry::namespace_failure(const Kind& kind,
                                                   const std::string& namespace_name,
                                                   const json& object) const {
  if (!kind.namespaced) return std::nullopt;
  const Kind& spaces = kind_of("namespaces");
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

void Registry::shape(const Kind& kind, json& object) const {
  object["kind"] = kind.kind;
  object["apiVersion"] = kind.api_version();
  rules::shape_metadata(object);
  kind.rules.shape(object);
}

FieldErrors Registry::validate(const Kind& kind, const json& object, const json* old) const {
  FieldErrors errors;
  rules::validate_metadata(kind, object, errors);
  if (kind.rules.validate != nullptr) kind.rules.validate(object, old, context_, errors);
  return errors;
}

Result<Written> Registry::create(Instant now, const Kind& kind, const std::string& namespace_name,
                                 json object, bool dry_run) {
  if (auto failure = namespace_failure(kind, namespace_name, object)) return *failure;
  json& metadata = rules::object_at(object, "metadata");
  if (!string_at(metadata, {"resourceVersion"}).empty()) {
    return bad_request("resourceVersion should not be set on objects to be created");
  }
  for (const char* key : {"deletionTimestamp", "deletionGracePeriodSeconds", "generation"})
    metadata.erase(key);
  if (kind.namespaced) metadata["namespace"] = namespace_name;
  if (!name_it(kind, namespace_name, metadata)) {
    return already_exists(kind, string_at(metadata, {"generateName"}));
  }
  metadata["uid"] = random_uid(random_);
  metadata["creationTimestamp"] = timestamp(now);
  if (kind.counts_generations) metadata["generation"] = 1;
  shape(kind, object);
  if (auto errors = validate(kind, object, nullptr); !errors.empty()) {
    return invalid_or(kind, object, std::move(errors));
  }
  const std::string name = string_at(object, {"metadata", "name"});
  if (store_.find(kind, namespace_name, name)) return already_exists(kind, name);
  if (dry_run)
    return Written{std::make_shared<const Object>(std::make_shared<const json>(std::move(object))),
                   true, false};
  if (kind.rules.before_create != nullptr) kind.rules.before_create(object, context_);
  return Written{store_.put(kind, std::move(object)), true, false};
}

Result<Written> Registry::update(Instant now, const Kind& kind, const std::string& namespace_name,
                                 const std::string& name, json object, std::string_view subresource,
                                 bool dry_run) {
  const ObjectPtr old = store_.find(kind, namespace_name, name);
  const std::string sent_version = string_at(object, {"metadata", "resourceVersion"});
  const std::string sent_uid = string_at(object, {"metadata", "uid"});
  if (!old) {
    if (!kind.create_on_update || !subresource.empty() || !sent_version.empty() ||
        !sent_uid.empty()) {
      return not_found(kind, name);
    }
    return create(now, kind, namespace_name, std::move(object), dry_run);
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
  if (!subresource.empty()) object = status_update(object, old->json());
  rules::object_at(object, "metadata");
  carry_metadata(object, old->json());
  shape(kind, object);
  if (subresource.empty() && kind.rules.before_update != nullptr) {
    kind.rules.before_update(object, old->json(), context_);
  }
  if (auto errors = validate(kind, object, &old->json()); !errors.empty()) {
    return invalid_or(kind, object, std::move(errors));
  }
  return commit_update(kind, old, std::move(object), dry_run);
}

Result<Written> Registry::commit_update(const Kind& kind, const ObjectPtr& old, json object,
                                        bool dry_run) {
  if (object == old->json()) return Written{old, false, false};
  if (kind.counts_generations && content_differs(kind, object, old->json())) {
    object["metadata"]["generation"] = old->json()["metadata"].value("generation", 0) + 1;
  }
  if (dry_run)
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
