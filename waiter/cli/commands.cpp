#include "waiter/cli/commands.hpp"

#include <algorithm>

#include "waiter/core/invariant.hpp"

namespace waiter::cli {
namespace {

constexpr std::string_view waiting_codes = "0 2 77 124 125 130 143";

constexpr std::array<CommandText, command_count> table = {{
    {Command::wait, "wait", "[wait] DEP... [FLAGS]", "wait until all are ready, then exit with 0",
     "For an init container. The command's name may be left out; a Service that has the name of a "
     "command is then written with its namespace.",
     waiting_codes, "wait-for-endpoints --verify=tcp --timeout=10m db/mysql:3306 redis@2"},
    {Command::exec, "exec", "exec DEP... [FLAGS] -- COMMAND [ARG]...",
     "wait, then run a command in place of this process",
     "Gates every start of a container, also those before which init containers do not run again. "
     "The command gets this process: its PID, its signals, its exit code. With --on-lost=term or "
     "restart it becomes a child, which is ended or started again when a dependency is lost.",
     "0 2 69 77 124 125 126 127 130 143",
     "wait-for-endpoints exec db/mysql -- /app/server --port=80"},
    {Command::guard, "guard", "guard DEP... [FLAGS]",
     "watch for ever and tell over HTTP, as a sidecar",
     "For a restartable init container: /startupz holds the Pod's start until all are ready once; "
     "/readyz, /livez, /metrics and /status tell how it is from then on.",
     "0 2 69 77 124 125 130 143", "wait-for-endpoints guard --policy=unready db/mysql"},
    {Command::check, "check", "check DEP... [FLAGS]", "look once: 0 ready, 1 not ready",
     "For scripts. 124 says that it could not be told within --timeout.",
     "0 1 2 77 124 125 130 143", "wait-for-endpoints check --namespace=db mysql && echo ready"},
    {Command::probe, "probe", "probe startup|ready|live [FLAGS]",
     "ask the guard of the same Pod: 0 yes, 1 no",
     "For exec probes, where no other program can ask over HTTP.", "0 1 2 125",
     "wait-for-endpoints probe startup"},
    {Command::install, "install", "install DIR", "copy this program into a shared folder",
     "For `exec` in images that do not have this program: an init container installs it into an "
     "emptyDir volume, the workload's container mounts that.",
     "0 2 125", "wait-for-endpoints install /shared"},
    {Command::rbac, "rbac", "rbac DEP... [FLAGS]", "print the rights that waiting for these needs",
     "The smallest Role and RoleBinding for each namespace, as YAML for `kubectl apply -f -`. "
     "Needs "
     "no cluster.",
     "0 2 125", "wait-for-endpoints rbac --namespace=shop db/mysql | kubectl apply -f -"},
}};

}  // namespace

const std::array<CommandText, command_count>& commands() { return table; }

const CommandText& text_of(Command command) {
  const auto* found = std::find_if(
      table.begin(), table.end(), [=](const CommandText& text) { return text.command == command; });
  core::invariant(found != table.end(), "a command without its text");
  return *found;
}

const CommandText* find_command(std::string_view name) {
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [=](const CommandText& text) { return text.name == name; });
  return found == table.end() ? nullptr : found;
}

}  // namespace waiter::cli
