// What the program under test must do, as a scenario says it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fakeapi/scenario/fault/fault.hpp"

namespace fakeapi::scenario {

/// How the program ends.
struct ExitWish {
  bool running = false;    // it does not
  bool any = false;        // with whatever code
  std::vector<int> codes;  // with one of these
};

struct NamedRequests {
  std::string text;  // as the file has it
  fault::Match match;
};

/// Upper or lower bounds of what clients do; what is not there is not bounded.
struct Counts {
  fault::Match request;
  std::optional<std::uint64_t> requests;
  std::optional<std::uint64_t> requests_per_second;
  std::optional<std::uint64_t> connections;
  std::optional<std::uint64_t> watches;
};

struct Expectations {
  std::optional<ExitWish> exit;
  std::optional<fault::Window> between;
  std::vector<std::pair<std::string, int>> truth;  // Service -> Pods that listen
  std::vector<NamedRequests> order;
  std::vector<Counts> at_most;
  std::vector<Counts> at_least;
  std::vector<std::string> no;  // rules of lint.hpp
  std::vector<std::string> says;

  bool empty() const {
    return !exit && !between && truth.empty() && order.empty() && at_most.empty() &&
           at_least.empty() && no.empty() && says.empty();
  }
};

}  // namespace fakeapi::scenario
