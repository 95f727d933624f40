// The engine's values as sentences for people: what is missing and why, what went wrong and what to
// do. The only place where the texts of log lines are made.
#pragma once

#include <string>

#include "waiter/core/action.hpp"

namespace waiter::run {

/// Where the API server is and where its credentials come from, for messages.
struct Surroundings {
  std::string server;     // https://10.96.0.1:443
  std::string ca_source;  // a path, or where it was given
  std::string token_source;
  bool in_pod = false;  // the Pod's own access, and not a kubeconfig
};

/// "0 of 3 backends ready, 1 needed: mysql-0 not ready, mysql-1 terminating"
std::string describe(const core::DependencyStatus& status);

/// A short word for the reason, for machines: "too_few".
std::string name_of(core::Reason reason);
std::string name_of(core::Cause cause);
std::string name_of(core::BackendState state);  // "not ready"

/// What failed, on what, and what to do.
std::string describe(const core::Failure& failure, const core::Selection& selection,
                     const Surroundings& surroundings);

/// All that stands in the way: troubles with the API server first, then each dependency that is not
/// met and for how long. "" when nothing does.
std::string missing(const core::Snapshot& snapshot, const Surroundings& surroundings);

/// How the wait ended, and what was missing then.
std::string describe(const core::ReportEnd& end, const Surroundings& surroundings);

/// "1.5 s", "2 min 5 s"
std::string describe(core::Duration duration);

}  // namespace waiter::run
