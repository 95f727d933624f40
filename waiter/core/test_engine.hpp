// Drives one engine in virtual time, for tests: the network is played by hand, and what the engine
// asks for is kept.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "waiter/core/engine.hpp"

namespace waiter::core {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline Slice slice(const std::string& version, std::vector<std::pair<std::string, bool>> backends) {
  Slice slice{"mysql-abcde", version, "mysql", false, {{"tcp", 3306, true}}, {}};
  for (const auto& [address, ready] : backends) {
    slice.endpoints.push_back(
        {{address}, ready, ready, false, "uid-" + address, "pod-" + address, std::nullopt});
  }
  return slice;
}

/// Drives one engine and keeps what it asked for.
class EngineTest : public testing::Test {
 protected:
  void start(Verify verify = Verify::none, std::optional<Duration> timeout = {}, int minimum = 1) {
    EngineOptions options;
    options.groups = {{{"db", "mysql", "", {Minimum::Unit::count, minimum}}}};
    options.verify = verify;
    options.timeout = timeout;
    options.confirm = false;
    begin(options);
  }
  /// An engine whose server declines to stream lists, so that lists and watches are apart.
  void begin(const EngineOptions& options) {
    engine_.emplace(options);
    give(Started{});
    for (const OpenWatch& watch : taken<OpenWatch>()) {
      give(
          RequestFailed{watch.reflector, {Cause::rejected, 422, "WatchList is off", std::nullopt}});
    }
  }
  void give(const Event& event) {
    for (Action& action : engine_->handle(now_, event)) actions_.push_back(std::move(action));
  }
  void wait(Duration duration) {
    now_ += duration;
    give(DeadlineReached{});
  }
  /// Time passes until the engine's next deadline.
  void wait_for_deadline() {
    ASSERT_TRUE(engine_->next_deadline().has_value());
    now_ = *engine_->next_deadline();
    give(DeadlineReached{});
  }
  template <class What>
  std::vector<What> taken() {
    std::vector<What> found;
    for (const Action& action : std::exchange(actions_, {})) {
      if (const auto* what = std::get_if<What>(&action)) found.push_back(*what);
    }
    return found;
  }
  void forget() { actions_.clear(); }
  void list_and_open(Slice first) {
    give(Listed{0, first.resource_version, {first}});
    give(WatchOpened{0});
  }
  std::optional<ExitCode> finished() {
    const auto ends = taken<Finish>();
    return ends.empty() ? std::nullopt : std::optional(ends.front().code);
  }
  Reason reason() { return engine_->snapshot(now_).dependencies.front().reason; }

  std::optional<Engine> engine_;
  Instant now_{};
  std::vector<Action> actions_;
};

}  // namespace waiter::core
