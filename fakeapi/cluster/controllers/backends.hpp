// What the controllers of Endpoints and of EndpointSlices agree on: which Pods back a Service, with
// which address and which ports (endpointslice/util/controller_utils.go, pkg/api/v1/pod/util.go).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/cluster/controllers/work_queue.hpp"
#include "fakeapi/cluster/store.hpp"

namespace fakeapi::cluster::backends {

inline constexpr const char* service_name_label = "kubernetes.io/service-name";
inline constexpr const char* slice_managed_by_label = "endpointslice.kubernetes.io/managed-by";
inline constexpr const char* headless_label = "service.kubernetes.io/headless";
inline constexpr const char* trigger_time_annotation =
    "endpoints.kubernetes.io/last-change-trigger-time";

/// A selector that is missing or empty means that somebody else writes the endpoints.
bool has_selector(const nlohmann::json& service);
bool is_headless(const nlohmann::json& service);
bool publishes_not_ready(const nlohmann::json& service);

/// The Pods that the Service selects, by name.
std::vector<ObjectPtr> selected_pods(const Store& store, const Object& service);

bool is_ready(const nlohmann::json& pod);
bool is_terminating(const nlohmann::json& pod);
/// Not before a Pod has an address, and not after it Succeeded or Failed.
bool is_backend(const nlohmann::json& pod, bool include_terminating);
/// The Pod's addresses of a family ("IPv4", "IPv6").
std::vector<std::string> addresses_of(const nlohmann::json& pod, std::string_view family);
/// The families of a Service, at least one.
std::vector<std::string> families_of(const nlohmann::json& service);
/// spec.hostname, where it names the Pod inside the headless Service.
std::string hostname_of(const nlohmann::json& pod, const Object& service);
/// A number stands for itself; a name is looked up in the Pod's containers.
std::optional<std::int64_t> find_port(const nlohmann::json& pod,
                                      const nlohmann::json& service_port);
nlohmann::json target_ref(const Object& pod);

/// Adds to `queue` the Services that a change of a Service or a Pod concerns.
void enqueue_services(const Store& store, WorkQueue& queue, Instant now, const Kind& kind,
                      const Event& event);

/// When the change happened that the next write answers: the annotation last-change-trigger-time
/// (endpointslice/util/trigger_time_tracker.go).
class TriggerTimes {
 public:
  /// RFC 3339, or empty when nothing has a newer time than at the last call.
  std::string next(const Key& key, const Object& service, const std::vector<ObjectPtr>& pods);
  void forget(const Key& key) { known_.erase(key); }

 private:
  struct Times {
    std::string service;
    std::map<std::string, std::string> pods;
  };
  std::map<Key, Times, KeyLess> known_;
};

}  // namespace fakeapi::cluster::backends
