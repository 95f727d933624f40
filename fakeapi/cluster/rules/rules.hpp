// What the API server does to objects of each kind: one file for a few kinds that belong together,
// one function a rule. kinds.cpp puts them into rows.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/kinds.hpp"

namespace fakeapi::cluster {

/// Virtual addresses and node ports in the order of their first use: deterministic, and not handed
/// out twice at a time before all of them are taken.
class Allotment {
 public:
  /// The next free address of 10.0.128.0/17, the half of 10.0.0.0/16 that kube-apiserver hands out
  /// first.
  std::string cluster_ip();
  /// The next free port of 30000..32767.
  int node_port();
  void take_ip(const std::string& ip) { ips_.insert(ip); }
  void free_ip(const std::string& ip) { ips_.erase(ip); }
  void free_port(int port) { ports_.erase(port); }

 private:
  std::set<std::string> ips_;
  std::set<int> ports_;
  std::uint32_t last_ip_ = 0;
  int last_port_ = 0;
};

/// What rules may know of the cluster.
struct RuleContext {
  bool allow_loopback_addresses = false;
  Allotment* allotment = nullptr;
  std::string now;  // the time as objects write it
  std::function<std::string()> new_uid;
};

namespace rules {

Rules namespace_rules();
Rules node_rules();
Rules service_rules();
Rules pod_rules();
Rules endpoints_rules();
Rules endpoint_slice_rules();
Rules config_map_rules();
Rules secret_rules();
Rules event_rules();
Rules new_event_rules();  // events.k8s.io
Rules service_account_rules();
Rules lease_rules();
Rules deployment_rules();
Rules replica_set_rules();
Rules stateful_set_rules();
Rules daemon_set_rules();
Rules job_rules();
Rules role_rules();  // Role and ClusterRole
Rules role_binding_rules();
Rules custom_definition_rules();
Rules custom_resource_rules(bool has_status);

/// Sets a key that is missing or null.
void set_default(nlohmann::json& object, const char* key, const nlohmann::json& value);
/// Removes keys whose value is null or empty, as Go's omitempty does. Only the named ones.
void drop_empty(nlohmann::json& object, std::initializer_list<const char*> keys);
/// The elements of the array at `key`; none when there is no array: what a client wrote may have
/// any type.
std::span<nlohmann::json> elements(nlohmann::json& object, const char* key);
std::span<const nlohmann::json> elements(const nlohmann::json& object, const char* key);
/// The object at `key`, created when it is missing or no object.
nlohmann::json& object_at(nlohmann::json& object, const char* key);
/// "subsets[0]"
std::string at(const std::string& path, std::size_t index);

/// Rules for metadata that hold for all kinds: names, labels, annotations, owners, finalizers.
void validate_metadata(const Kind& kind, const nlohmann::json& object, const nlohmann::json* old,
                       FieldErrors& errors);
/// "TCP", "UDP", "SCTP".
void validate_protocol(const nlohmann::json& port, const std::string& field, FieldErrors& errors);

/// A Pod's spec, also inside the templates of workloads (pkg/apis/core/v1/defaults.go,
/// SetDefaults_PodSpec).
void default_pod_spec(nlohmann::json& spec);
void validate_pod_spec(const nlohmann::json& spec, const std::string& path, FieldErrors& errors);

/// metav1.LabelSelector (apimachinery meta/v1/validation).
void validate_label_selector(const nlohmann::json& selector, const std::string& path,
                             FieldErrors& errors);

}  // namespace rules
}  // namespace fakeapi::cluster
