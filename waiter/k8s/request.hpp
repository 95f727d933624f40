// Paths and queries of the requests that the engine makes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "waiter/core/clock.hpp"

namespace waiter::k8s {

/// List of the EndpointSlices of these Services, as of now (no resourceVersion: not older than the
/// request).
std::string list_target(std::string_view namespace_name, const std::vector<std::string>& services);

/// Watch of the same, from a version on, for at most `lifetime`.
std::string watch_target(std::string_view namespace_name, const std::vector<std::string>& services,
                         std::string_view resource_version, core::Duration lifetime);

/// RFC 3986 2.1: everything but unreserved characters is escaped.
std::string percent_encode(std::string_view text);

}  // namespace waiter::k8s
