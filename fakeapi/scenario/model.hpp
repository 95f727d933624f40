// A scenario file as typed values, still in the file's words: patterns not yet matched to Pods,
// addresses not given, nothing drawn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/scenario/expect/expectations.hpp"
#include "fakeapi/scenario/fault/fault.hpp"
#include "fakeapi/scenario/language/distribution.hpp"
#include "fakeapi/scenario/language/problem.hpp"
#include "fakeapi/scenario/language/table.hpp"
#include "fakeapi/scenario/timeline.hpp"

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
  bool keeps_shows = false;  // only the truth changes
  /// Of which Pods this says something; of others it says nothing.
  enum class Only { all, with_address, ready_before_restart };
  Only only = Only::all;
};

/// One line of a step's `pods`.
struct PodEntry {
  std::string pattern;           // a Pod's name, or a prefix and '*'
  std::vector<PodState> rounds;  // one for each round of `every`, then from the first again
  Place place;
};

struct Service {
  std::string name;
  std::vector<std::pair<std::string, int>> ports;  // in the file's order
  int pods = 0;                                    // from the start
  int pods_max = 0;                                // at any time, by `scale`
};

/// What the clients must have done.
struct Trigger {
  std::uint64_t watches = 0;  // so many are open at the same time; 0: the nth request has come
  std::uint64_t nth = 1;
  fault::Match request;
};

/// When a step fires: the delays are added up, from the start or from the trigger on.
struct Timing {
  std::optional<Trigger> trigger;
  std::vector<Distribution> delays;
  std::optional<Distribution> every;
  int times = 1;
};

/// What a step says is so from its time on; what is not named stays.
struct ScenarioStep {
  Timing timing;
  std::string why;
  std::string draw_name;  // of what is drawn for it: its own text, so that no other line matters
  Place place;
  std::vector<PodEntry> pods;                          // in the file's order
  std::vector<std::pair<std::string, int>> scale;      // Service -> Pods
  std::vector<std::pair<std::string, bool>> services;  // Service -> is there
  std::optional<bool> api_up;
  std::optional<Following> endpoints;  // the controller
  std::optional<Following> endpoint_slices;
  std::vector<std::shared_ptr<const nlohmann::json>> apply;
  std::vector<Remove> remove;
  bool forgets_history = false;
  std::optional<SetCache> cache;
  std::optional<RollBack> roll_back;
  std::optional<SetToken> token;
  std::optional<SetAuthority> authority;
  std::optional<SetRights> rights;
  bool remembers_ready = false;  // who is ready now, for ready_before_restart
  std::vector<Action> recorded;  // of a recorded trace: as they are
};

struct Scenario {
  std::string name;   // the file's name without folder and extension
  std::string about;  // one sentence
  std::string namespace_name = "default";
  std::uint64_t seed = 1;
  std::vector<Service> services;  // in the file's order
  // Of recordings and manifests: they have lanes, and nothing of them is made here.
  std::vector<ServiceInfo> other_services;
  // The Nodes on which the Pods are. They have registered before the first step, as kubelets do:
  // the EndpointSlice controller leaves a Pod out whose Node does not exist.
  std::vector<std::string> nodes;
  std::vector<ScenarioStep> steps;  // sorted by time, the file's order for equal times
  std::vector<fault::Fault> faults;
  std::optional<cluster::Duration> heal;  // nothing: never
  cluster::Duration end{};
  Expectations expect;
};

/// When a step fires if nothing is drawn; nothing where it has a trigger.
std::optional<cluster::Duration> nominal_time(const Timing& timing);

struct PodName {
  std::string name;
  std::size_t service = 0;  // index into Scenario::services
  int number = 0;
};

/// All Pods that there may ever be, by Service and number.
std::vector<PodName> pods_of(const Scenario& scenario);

/// As lanes have them: name and how many Pods at the start.
std::vector<ServiceInfo> service_infos(const Scenario& scenario);

bool is_wildcard(std::string_view pattern);

/// Whether a name, or a prefix and '*', means this Pod.
bool matches(std::string_view pattern, std::string_view pod);

}  // namespace fakeapi::scenario
