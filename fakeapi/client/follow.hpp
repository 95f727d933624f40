// Lists and watches resources of a cluster until it is told to stop.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/client/access.hpp"
#include "fakeapi/client/reflector.hpp"

namespace fakeapi::client {

struct Handlers {
  std::function<void(const nlohmann::json& object)> initial;  // of the first lists
  std::function<void()> begun;                                // all of them are there
  /// False ends it.
  std::function<bool(bool gone, const nlohmann::json& object)> changed;
  /// One line about what went wrong after the beginning, and is tried again.
  std::function<void(const std::string& line)> trouble;
};

struct Failure {
  enum class Kind {
    credentials,  // token, certificate or plugin cannot be used
    unreachable,  // or its certificate is not accepted
    refused,      // 401
    forbidden,    // 403 on `forbidden`
    unusable,     // it answers, but not as a Kubernetes API server does
    stopped       // told to stop before the first lists were there
  };
  Kind kind;
  std::string message;  // one line
  std::vector<Watched> forbidden;
};

/// Returns after `limit`, counted from the beginning, or at SIGINT or SIGTERM. Before the beginning
/// what fails is a failure; after it, it is told and tried again for ever: an API server that is
/// down is a thing to record. A right to watch that was never there is a failure at any time.
std::optional<Failure> follow(const Access& access, const std::vector<Watched>& what,
                              std::optional<std::chrono::milliseconds> limit,
                              const Handlers& handlers);

}  // namespace fakeapi::client
