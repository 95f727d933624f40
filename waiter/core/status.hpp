// What the engine knows about its dependencies and its sources, as values: text for people is made
// of it elsewhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "waiter/core/clock.hpp"
#include "waiter/core/dependency.hpp"
#include "waiter/core/endpoint_view.hpp"
#include "waiter/core/failure.hpp"

namespace waiter::core {

/// Why a dependency is met or not.
enum class Reason {
  not_synced,     // no complete list yet: nothing is known
  no_slices,      // the API has no EndpointSlice of this Service
  no_such_port,   // there are slices, none has the wanted port
  too_few,        // fewer ready backends than needed
  not_verified,   // enough are ready in the API; connecting to them has not been tried or is under
                  // way
  not_answering,  // enough are ready in the API, but too few of them accept a connection
  nothing_to_verify,  // enough are ready, but none has a TCP port to connect to
  met
};

struct Unanswered {
  Target target;
  std::string error;
};

struct DependencyStatus {
  Dependency dependency;
  Reason reason = Reason::not_synced;
  int ready = 0;
  int total = 0;
  int needed = 1;
  int answering = 0;                   // accepted a connection in the last round of verification
  std::vector<Backend> waiting_for;    // backends that are not ready, a few of them
  std::vector<Unanswered> unanswered;  // from the last round of verification, a few of them
  int flaps = 0;                       // how often it was met by the API's word and then was not
  Duration unmet_for{};                // since when it has not been met without a break
};

/// The state of one list and watch.
struct SourceStatus {
  std::string namespace_name;
  bool synced = false;  // a complete list was taken once
  bool watching = false;
  std::optional<Failure> trouble;  // the last failure, until something succeeds again
};

struct Snapshot {
  std::vector<DependencyStatus> dependencies;
  std::vector<SourceStatus> sources;
};

}  // namespace waiter::core
