// Which objects a request is about: the EndpointSlices of some Services, or their Endpoints.
#pragma once

#include <string>
#include <vector>

namespace waiter::core {

enum class Resource { endpoint_slices, endpoints };

struct Selection {
  Resource resource = Resource::endpoint_slices;
  std::string namespace_name;
  /// EndpointSlices are selected by the label that names their Service. Endpoints have none: the
  /// whole namespace is read, and others are dropped, unless `by_name`.
  std::vector<std::string> services;
  /// Endpoints of one Service, by fieldSelector=metadata.name, for which a right that is restricted
  /// by resourceNames is enough (kubernetes.io/docs/reference/access-authn-authz/rbac, "Referring
  /// to resources").
  bool by_name = false;
};

}  // namespace waiter::core
