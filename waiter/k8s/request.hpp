// Paths and queries of the requests that the engine makes.
#pragma once

#include <string>
#include <string_view>

#include "waiter/core/clock.hpp"
#include "waiter/core/selection.hpp"

namespace waiter::k8s {

/// The most objects in one page of a list: some 3 MiB of full EndpointSlices.
constexpr int page_objects_max = 100;

/// List as of now (no resourceVersion: not older than the request), the first page or, with its
/// continue token, a later one.
std::string list_target(const core::Selection& selection, std::string_view next_page);

/// Watch from a version on, for at most `lifetime`. Without a version: as of now, beginning with
/// what there is (sendInitialEvents, KEP-3157).
std::string watch_target(const core::Selection& selection, std::string_view resource_version,
                         core::Duration lifetime);

/// The object itself; the selection is by name.
std::string get_target(const core::Selection& selection);

std::string service_target(std::string_view namespace_name, std::string_view service);

/// RFC 3986 2.1: everything but unreserved characters is escaped.
std::string percent_encode(std::string_view text);

}  // namespace waiter::k8s
