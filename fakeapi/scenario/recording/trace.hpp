// The other way in: a recording of what kubelet and users sent to a real API server becomes a
// scenario.
#pragma once

#include <string_view>

#include "fakeapi/scenario/load.hpp"

namespace fakeapi::scenario {

/// Reads a recorded trace: {"name", "about", "namespace", "operations": [{"at", "method", "path",
/// "body", "contentType"}]}, times in seconds, other keys ignored. Each operation becomes a step at
/// its time.
///
/// The Nodes that its Pods name exist from the start. (The recorded cluster had no kubelet and so
/// no Nodes, and its EndpointSlices stayed empty while its Endpoints did not; whoever wants that
/// feeds the operations to an empty cluster.)
///
/// A recording does not say what listens, so a Pod is taken to listen while its own Ready condition
/// is True and it has an address, ports and neither succeeded nor failed: the recorded cluster
/// never lies. A Pod counts for the first Service of the recording whose selector matches the
/// labels with which it was created. Ready is followed through PATCHes of its status; a DELETE ends
/// it only where the grace period is 0.
Loaded load_trace(std::string_view json, std::string_view file_name);

}  // namespace fakeapi::scenario
