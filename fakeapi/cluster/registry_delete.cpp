// Deleting: at once, after a grace period, or when finalizers are gone (registry/rest/delete.go;
// recordings: traces/graceful-termination.json, pods-services.json).
#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/registry.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// A hundred years: what is asked for beyond them is written down, but no clock reaches it.
constexpr std::int64_t grace_seconds_shown_max = 100LL * 365 * 24 * 3600;

std::optional<Failure> precondition_failure(const Kind& kind, const Object& object,
                                            const DeleteOptions& options) {
  const auto refuse = [&](std::string why) {
    return conflict(kind.qualified_kind(), kind.kind, kind.group, object.name(), why);
  };
  if (options.uid && *options.uid != object.uid()) {
    return refuse(
        fmt::format("the UID in the precondition ({}) does not match the UID in record ({}). The "
                    "object might have been deleted and then recreated",
                    *options.uid, object.uid()));
  }
  if (options.resource_version && parse_decimal(*options.resource_version) != object.version()) {
    return refuse(
        fmt::format("the ResourceVersion in the precondition ({}) does not match the "
                    "ResourceVersion in record ({}). The object might have been modified",
                    *options.resource_version, object.version()));
  }
  return std::nullopt;
}

// registry/core/pod/strategy.go CheckGracefulDelete: nobody will confirm the end of a Pod that runs
// nowhere.
std::int64_t pod_grace(const json& pod, std::optional<std::int64_t> asked) {
  const json* own = find_at(pod, {"spec", "terminationGracePeriodSeconds"});
  std::int64_t grace =
      asked.value_or(own != nullptr && own->is_number_integer() ? own->get<std::int64_t>() : 0);
  const std::string phase = string_at(pod, {"status", "phase"});
  if (string_at(pod, {"spec", "nodeName"}).empty() || phase == "Failed" || phase == "Succeeded")
    grace = 0;
  return grace < 0 ? 1 : grace;
}

// What the garbage collector must do before the object may go (registry/store.go,
// deletionFinalizersForGarbageCollection). True when the list changed.
bool set_collection_finalizers(json& metadata, const DeleteOptions& options) {
  json kept = json::array();
  std::string wish;
  for (const json& one : rules::elements(metadata, "finalizers")) {
    if (one == orphan_finalizer || one == foreground_finalizer) {
      wish = one;
    } else {
      kept.push_back(one);
    }
  }
  if (options.propagation == "Background" || options.orphan_dependents == false) wish.clear();
  if (options.propagation == "Orphan" || options.orphan_dependents == true) wish = orphan_finalizer;
  if (options.propagation == "Foreground") wish = foreground_finalizer;
  if (!wish.empty()) kept.push_back(wish);
  const bool changed = kept != metadata.value("finalizers", json::array());
  metadata.erase("finalizers");
  if (!kept.empty()) metadata["finalizers"] = std::move(kept);
  return changed;
}

}  // namespace

json Registry::marked_deleted(Instant now, const json& object, std::int64_t grace) const {
  json marked = object;
  json& metadata = marked["metadata"];
  // The generation counts the first mark only (recording: 2 after both deletes).
  if (!metadata.contains("deletionTimestamp") && metadata.contains("generation")) {
    metadata["generation"] = metadata["generation"].get<std::int64_t>() + 1;
  }
  metadata["deletionTimestamp"] =
      timestamp(now + std::chrono::seconds(std::min(grace, grace_seconds_shown_max)));
  metadata["deletionGracePeriodSeconds"] = grace;
  return marked;
}

Written Registry::erased(const Kind& kind, json last) {
  if (kind.rules.release != nullptr) kind.rules.release(last, context_);
  return Written{store_.remove(kind, std::move(last)), false, true};
}

Result<Written> Registry::remove_gracefully(Instant now, const Kind& kind, const ObjectPtr& old,
                                            std::int64_t grace, const DeleteOptions& options) {
  json wanted = old->json();
  const json& metadata = wanted["metadata"];
  const bool asked_anew = set_collection_finalizers(wanted["metadata"], options);
  const bool finalizers = metadata.contains("finalizers");
  const bool dry_run = options.dry_run;
  if (metadata.contains("deletionTimestamp") && !asked_anew) {
    // Only a shorter grace period changes anything.
    const auto left = metadata.value("deletionGracePeriodSeconds", std::int64_t{0});
    const bool awaited = grace > 0 || finalizers || kind.finalized_by_controller;
    if (grace > left || (grace == left && awaited)) return Written{old, false, false};
  }
  if (dry_run) return Written{old, false, false};
  json marked = marked_deleted(now, wanted, grace);
  if (kind.finalized_by_controller) marked["status"]["phase"] = "Terminating";
  const ObjectPtr stored = store_.put(kind, std::move(marked));
  if (grace > 0 || finalizers || kind.finalized_by_controller) return Written{stored, false, false};
  return erased(kind, stored->json());
}

Result<Written> Registry::remove(Instant now, const Kind& kind, const std::string& namespace_name,
                                 const std::string& name, const DeleteOptions& options) {
  const ObjectPtr old = store_.find(kind, namespace_name, name);
  if (!old) return not_found(kind, name);
  if (auto failure = precondition_failure(kind, *old, options)) return *failure;
  if (kind.graceful_delete) {
    const std::int64_t grace = pod_grace(old->json(), options.grace_period_seconds);
    return remove_gracefully(now, kind, old, grace, options);
  }
  json metadata = old->json()["metadata"];
  set_collection_finalizers(metadata, options);
  const bool stays = kind.finalized_by_controller || metadata.contains("finalizers");
  if (stays) return remove_gracefully(now, kind, old, 0, options);
  if (options.dry_run) return Written{old, false, true};
  return erased(kind, old->json());
}

void Registry::erase(const Kind& kind, const ObjectPtr& object) { erased(kind, object->json()); }

}  // namespace fakeapi::cluster
