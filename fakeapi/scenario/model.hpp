// A scenario file as typed values, still in the file's words: patterns not yet matched to Pods,
// addresses not given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/scenario/language.hpp"
#include "fakeapi/scenario/problem.hpp"

namespace fakeapi::scenario {

/// Which address a state asks for.
struct AddressWish {
  enum class Kind { keep, next, given };
  Kind kind = Kind::keep;  // keep: the one it has; the next free one if it has none
  std::uint16_t host = 0;  // of given
};

struct PodState {
  Shows shows = Shows::pending;
  std::optional<bool> listens;  // nothing: as before
  AddressWish address;
};

/// One line of a step's `pods`.
struct PodEntry {
  std::string pattern;  // a Pod's name, or a prefix and '*'
  PodState state;
  Place place;
};

struct Service {
  std::string name;
  std::vector<std::pair<std::string, int>> ports;  // in the file's order
  int pods = 0;
};

struct ScenarioStep {
  cluster::Duration at{};
  std::string why;
  std::vector<PodEntry> pods;  // in the file's order
  std::optional<bool> api_up;
  std::optional<bool> controllers_paused;
};

struct Scenario {
  std::string about;
  std::string namespace_name = "default";
  std::vector<Service> services;    // in the file's order
  std::vector<ScenarioStep> steps;  // sorted by time, the file's order for equal times
};

struct PodName {
  std::string name;
  std::size_t service = 0;  // index into Scenario::services
};

/// All Pods, by Service and number.
std::vector<PodName> pods_of(const Scenario& scenario);

bool is_wildcard(std::string_view pattern);

/// Whether a name, or a prefix and '*', means this Pod.
bool matches(std::string_view pattern, std::string_view pod);

}  // namespace fakeapi::scenario
