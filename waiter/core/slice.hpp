// One EndpointSlice (discovery.k8s.io/v1), or one Endpoints object (v1), as far as readiness needs
// it. The conditions keep the difference between false and absent, because absent means something
// else for each of them (see endpoint_view).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace waiter::core {

struct SlicePort {
  std::string name;           // "" for the unnamed port
  std::optional<int> number;  // absent: every port
  bool tcp = true;            // an absent protocol is TCP
};

struct SliceEndpoint {
  std::vector<std::string>
      addresses;  // only the first has a meaning (API documentation of Endpoint.addresses)
  std::optional<bool> ready;
  std::optional<bool> serving;
  std::optional<bool> terminating;
  std::string target_uid;   // targetRef.uid, "" when absent
  std::string target_name;  // targetRef.name, "" when absent
  /// In Endpoints each subset has ports of its own; absent: those of the slice.
  std::optional<std::vector<SlicePort>> ports;
};

struct Slice {
  std::string name;
  std::string resource_version;
  std::string service;  // label kubernetes.io/service-name, or the name of the Endpoints
  bool fqdn = false;  // addressType FQDN: names, not addresses; has no meaning to kube-proxy either
  std::vector<SlicePort> ports;
  std::vector<SliceEndpoint> endpoints;
};

}  // namespace waiter::core
