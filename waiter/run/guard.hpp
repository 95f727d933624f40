// The mode `guard`, a native sidecar (a restartable init container, KEP-753): its startup probe
// gates the Pod's start, then it watches for ever and tells over HTTP.
#pragma once

#include <cstdint>
#include <string>

#include "waiter/core/guard_policy.hpp"
#include "waiter/run/driver.hpp"

namespace waiter::run {

struct GuardOptions {
  using Policy = core::GuardPolicy::OnLost;
  Setup setup;  // Mode::follow
  Policy policy = Policy::observe;
  /// kubelet asks at the Pod's address. "" is every address of both families.
  std::string listen_address;
  std::uint16_t port = 8086;  // 0: a free one, which the log names
};

/// Runs until SIGTERM, SIGINT or, with Policy::exit, until a dependency is lost. An address that
/// cannot be listened at is told in one line and ends with 2.
core::ExitCode guard(GuardOptions options);

/// `probe`: asks the guard of the same Pod for /startupz, /readyz or /livez; 0 or 1.
core::ExitCode probe(const std::string& path, std::uint16_t port);

}  // namespace waiter::run
