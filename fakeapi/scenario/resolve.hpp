// Who is meant and what that comes to: patterns become Pods, "the next free address" becomes an
// address, and each step becomes the list of Pods that it speaks of, before and after.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fakeapi/scenario/model.hpp"

namespace fakeapi::scenario {

/// A Pod at one moment.
struct PodNow {
  Shows shows = Shows::absent;
  bool ready = false;      // its condition; a terminating Pod keeps the last
  bool listens = false;    // the truth
  std::uint16_t host = 0;  // its address is 10.20 and these two bytes; 0 is none
};

/// Whether the Pod afterwards is another object than before, of the same name: a Pod cannot be
/// undeleted, nor lose the address that it has.
bool is_new_pod(const PodNow& before, const PodNow& after);

struct PodChange {
  std::size_t pod = 0;  // index into the list of Pods
  PodNow before;
  PodNow after;  // may equal before
};

struct ResolvedStep {
  cluster::Duration at{};
  std::string why;
  std::optional<bool> api_up;
  std::optional<bool> controllers_paused;
  std::vector<PodChange> changes;  // by Pod
};

/// The first step is at 0 and speaks of all Pods; there is one more than the file has where the
/// file begins later. What is impossible goes to the report.
std::vector<ResolvedStep> resolve(const Scenario& scenario, const std::vector<PodName>& pods,
                                  Report& report);

}  // namespace fakeapi::scenario
