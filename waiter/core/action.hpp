// Everything that the engine may ask for. The session turns lists and watches into requests; a
// driver carries out the rest. Reports are values with reasons; what they read like is decided
// where they are written.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "waiter/core/event.hpp"
#include "waiter/core/exit_code.hpp"
#include "waiter/core/selection.hpp"
#include "waiter/core/status.hpp"

namespace waiter::core {

struct SendList {
  ReflectorId reflector = 0;
  Selection selection;
  bool one = false;  // get the object itself: `selection` is by name
};
struct OpenWatch {
  ReflectorId reflector = 0;
  Selection selection;
  std::string resource_version;  // "": as of now, and what is there comes first (sendInitialEvents)
  Duration lifetime{};           // timeoutSeconds; whole seconds
};
/// A list beside the open watch: is what the view holds still so?
struct ConfirmView {
  ReflectorId reflector = 0;
  Selection selection;
};
/// Drop the list or watch that is under way.
struct Abandon {
  ReflectorId reflector = 0;
};
/// Why has this Service no endpoints? It may not exist, or be of a type that never has any.
struct AskService {
  std::string namespace_name;
  std::string service;
};
struct Connect {
  ProbeId probe = 0;
  Target target;
  Duration limit{};
};

/// The status of one dependency is another than before.
struct ReportDependency {
  DependencyStatus status;
};
/// A source has a new trouble, and when the next attempt is made.
struct ReportTrouble {
  Selection selection;
  Failure failure;
  Duration retry_in{};
};
/// From here on another resource is read than the user may expect, and why.
struct ReportFallback {
  std::string namespace_name;
  Failure because;
};
struct ReportRecovery {
  std::string namespace_name;
};
struct ReportHeartbeat {
  Snapshot snapshot;
  Duration waited{};
};
struct ReportEnd {
  ExitCode code = ExitCode::ready;
  Snapshot snapshot;
  Duration waited{};
};

/// The dependencies as a whole are met, are lost (unmet for longer than lost_after), or are met
/// again. In Mode::follow, which goes on after it.
struct VerdictChanged {
  bool met = false;
  Snapshot snapshot;
  Duration waited{};  // since Started
};

/// Stop everything: this is the program's exit code. The last action of all.
struct Finish {
  ExitCode code = ExitCode::ready;
};

using Action = std::variant<SendList, OpenWatch, ConfirmView, Abandon, AskService, Connect,
                            ReportDependency, ReportTrouble, ReportFallback, ReportRecovery,
                            ReportHeartbeat, ReportEnd, VerdictChanged, Finish>;
using Actions = std::vector<Action>;

}  // namespace waiter::core
