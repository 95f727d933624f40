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
#include "waiter/core/selection.hpp"

namespace waiter::core {

/// Why a dependency is met or not.
enum class Reason {
  not_synced,     // no complete list yet: nothing is known
  no_slices,      // the API has no EndpointSlice (or Endpoints) of this Service
  no_service,     // and no such Service
  external_name,  // a Service of type ExternalName has no endpoints, ever
  own_pod,  // too few, and this very Pod is one of them: it cannot become ready before it starts
  no_such_port,   // there are slices, none has the wanted port
  too_few,        // fewer ready backends than needed
  not_stable,     // enough are ready, but not for long enough
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
  bool satisfied = false;  // as the user wants it: met, or (until_gone) not met
  bool blocking = true;    // neither it nor one of its alternatives is as wanted
  Reason reason = Reason::not_synced;
  int ready = 0;
  int total = 0;
  int needed = 1;
  int answering = 0;                   // accepted a connection in the last round of verification
  std::vector<Backend> waiting_for;    // backends that are not ready, a few of them
  std::vector<Unanswered> unanswered;  // from the last round of verification, a few of them
  int flaps = 0;                       // how often it was met by the API's word and then was not
  Duration unmet_for{};                // since when it has not been met without a break
  Duration met_for{};     // since when it has been met by the API's word without a break
  Duration stable_for{};  // how long it must have been
};

/// The state of one list and watch.
struct SourceStatus {
  Selection selection;
  bool synced = false;  // a complete list was taken once
  bool watching = false;
  bool polling = false;            // a watch is not allowed: asked again and again
  std::optional<Failure> trouble;  // the last failure, until something succeeds again
};

struct Snapshot {
  bool until_gone = false;  // wanted is that none is met
  std::vector<DependencyStatus> dependencies;
  std::vector<SourceStatus> sources;
};

}  // namespace waiter::core
