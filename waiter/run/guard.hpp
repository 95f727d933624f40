// The mode `guard`, a native sidecar (a restartable init container, KEP-753): its startup probe
// gates the Pod's start, then it watches for ever and tells over HTTP.
#pragma once

#include <cstdint>
#include <string>

#include "waiter/run/driver.hpp"

namespace waiter::run {

struct GuardOptions {
  enum class Policy {
    observe,  // tells, and does nothing
    unready,  // /readyz fails while a dependency is lost, and with it the Pod's readiness
    exit      // ends with exit code 69, and kubelet starts the sidecar again
  };
  Setup setup;  // Mode::follow
  Policy policy = Policy::observe;
  std::string listen_address = "0.0.0.0";  // kubelet asks at the Pod's address
  std::uint16_t port = 8086;
};

core::ExitCode guard(GuardOptions options);

/// `probe`: asks the guard of the same Pod for /startupz, /readyz or /livez; 0 or 1.
core::ExitCode probe(const std::string& path, std::uint16_t port);

}  // namespace waiter::run
