// Environments that were written for other programs and are understood where nothing is asked of
// this one, so that an image can be swapped without touching a chart: kubernetes-entrypoint
// (DEPENDENCY_SERVICE, NAMESPACE, COMMAND; opendev.org/airship/kubernetes-entrypoint, util/env) and
// the shell recipes around SERVICE and NAMESPACE.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "waiter/cli/arguments.hpp"
#include "waiter/net/cluster_access.hpp"

namespace waiter::cli {

struct Inherited {
  std::vector<std::string> dependencies;  // DEPs
  std::string namespace_name;             // of those that name none; "": the Pod's own
  std::vector<std::string> command;       // to be run afterwards; may be empty
  std::vector<std::string> notes;         // for the log: what was understood
};

/// Nothing where no such variable is set.
std::variant<std::monostate, Inherited, Mistake> inherited(const net::Environment& environment);

}  // namespace waiter::cli
