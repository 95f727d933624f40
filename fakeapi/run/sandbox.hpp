// A network of its own for this process and its children, in which every Pod address of the
// simulated cluster is a real address of the loopback interface: nothing outside can be reached,
// and nothing outside is changed.
#pragma once

#include <optional>
#include <string>

namespace fakeapi::run {

/// The Pod network: every address in it can be bound and connected to once the sandbox is entered.
inline constexpr const char* pod_network = "10.20.0.0/16";

struct SandboxError {
  std::string message;
};

/// Puts the process into a new network namespace; without the right to do that, into a new user
/// namespace as well, in which its user and group keep their numbers (user_namespaces(7)), so that
/// files it makes have the same owner as before. Then brings `lo` up and routes the Pod network to
/// it. Must be called before any thread is started. Children inherit the network. After an error
/// the process may be left in a namespace without any network: end it.
std::optional<SandboxError> enter_sandbox();

/// This process can bind a Pod address: it is in a sandbox, or the machine was set up for it.
bool pod_network_is_here();

}  // namespace fakeapi::run
