// Writing: what happens to an object between a request and the store. The API and the controllers
// write through here, so every stored object has a uid, a version and its defaults, and every rule
// is applied once (kube-apiserver: registry/generic/registry/store.go).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/random.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/store.hpp"
#include "fakeapi/cluster/wall_time.hpp"

namespace fakeapi::cluster {

struct Written {
  ObjectPtr object;
  bool created = false;
  bool gone = false;  // removed from the store, as opposed to marked for deletion
};

/// Finalizers that the garbage collector works on (metav1.FinalizerOrphanDependents,
/// FinalizerDeleteDependents).
inline constexpr const char* orphan_finalizer = "orphan";
inline constexpr const char* foreground_finalizer = "foregroundDeletion";

struct DeleteOptions {
  std::optional<std::int64_t> grace_period_seconds;
  std::optional<std::string> uid, resource_version;  // preconditions
  bool dry_run = false;
  std::string propagation;                // "Foreground", "Background", "Orphan" or empty
  std::optional<bool> orphan_dependents;  // the old way to say so
};

struct RegistryOptions {
  std::uint64_t seed = 1;
  WallTime wall_time{};  // at Instant{}
  bool allow_loopback_addresses = false;
};

/// How an object is written.
struct WriteOptions {
  bool dry_run = false;
  /// Who is said to manage the fields that are written (metadata.managedFields); empty: nobody
  /// keeps book.
  std::string manager;
  /// metadata.managedFields of the new object are right already: a server-side apply made them.
  bool managed = false;
  /// "status", "finalize" or empty. A status update changes nothing else but labels and annotations
  /// (recording: pod-status-ignores-spec).
  std::string_view subresource = {};
  /// The object is in its stored form already: the cluster's own start.
  bool canonical = false;
  /// The object has been decoded as its kind already, by the reader of a request; the value is its
  /// schema::Decoded::kept_empty.
  std::optional<bool> decoded = {};
};

class Registry {
 public:
  Registry(Store& store, RegistryOptions options);

  /// `object` is what the client sent, decoded; its kind and namespace are already checked against
  /// the path. A name is made where only generateName is given.
  Result<Written> create(Instant now, const Kind& kind, const std::string& namespace_name,
                         nlohmann::json object, const WriteOptions& options = {});

  /// Replaces an object. What is stored already stays as it is, version included.
  Result<Written> update(Instant now, const Kind& kind, const std::string& namespace_name,
                         const std::string& name, nlohmann::json object,
                         const WriteOptions& options = {});

  /// Gives a Pod its Node. The spec is not the client's to change otherwise.
  Result<Written> bind(Instant now, const ObjectPtr& pod, const std::string& node, bool dry_run);

  Result<Written> remove(Instant now, const Kind& kind, const std::string& namespace_name,
                         const std::string& name, const DeleteOptions& options = {});

  /// A server-side apply up to the point where the object is decoded and stored: the merged object
  /// with its managedFields, or the conflicts.
  Result<nlohmann::json> apply(Instant now, const Kind& kind, const ObjectPtr& live,
                               const nlohmann::json& configuration, const std::string& subresource,
                               const std::string& manager, bool force) const;

  /// Removes whatever finalizers and grace periods say: the end of a Namespace, garbage collection.
  void erase(const Kind& kind, const ObjectPtr& object);

  /// The time as objects write it.
  std::string timestamp(Instant now) const;

 private:
  Failure invalid_or(const Kind& kind, const nlohmann::json& object, FieldErrors errors) const;
  std::optional<Failure> namespace_failure(const Kind& kind, const std::string& namespace_name,
                                           const nlohmann::json& object) const;
  bool name_it(const Kind& kind, const std::string& namespace_name, nlohmann::json& metadata);
  /// True when it kept empty lists that are null once they are stored.
  bool shape(const Kind& kind, nlohmann::json& object, const WriteOptions& options) const;
  void manage(Instant now, const Kind& kind, const nlohmann::json* live, nlohmann::json& object,
              const WriteOptions& options) const;
  FieldErrors validate(const Kind& kind, const nlohmann::json& object,
                       const nlohmann::json* old) const;
  Result<Written> commit_update(const Kind& kind, const ObjectPtr& old, nlohmann::json object,
                                const WriteOptions& options);
  Result<Written> remove_gracefully(Instant now, const Kind& kind, const ObjectPtr& old,
                                    std::int64_t grace, const DeleteOptions& options);
  nlohmann::json marked_deleted(Instant now, const nlohmann::json& object,
                                std::int64_t grace) const;
  Written erased(const Kind& kind, nlohmann::json last);

  Store& store_;
  RegistryOptions options_;
  Random random_;
  Allotment allotment_;
  mutable RuleContext context_;
};

}  // namespace fakeapi::cluster
