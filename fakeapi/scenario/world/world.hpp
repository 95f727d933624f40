// The world of a scenario as it is at one moment, and what must be done so that it becomes what a
// step says. Only differences are done: a step may repeat what is so already.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/scenario/model.hpp"

namespace fakeapi::scenario {

class AppliedPods;

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

class World {
 public:
  /// Nothing is there yet. The scenario must outlive this.
  explicit World(const Scenario& scenario);
  ~World();

  /// The namespace, the Services and their Pods, all pending, and of the Pods what `step` says of
  /// them in its place; without a step nothing more. To be called once, first.
  std::vector<Action> create(const ScenarioStep* step, int round, Report& report);

  /// What makes it so as the step says. Rounds count from 0. What is impossible goes to the report.
  ///
  /// The order, and why:
  ///   1. api: down          nobody sees half a step: what follows is cut off from the clients
  ///   first
  ///   2. controllers: paused  nothing of this step gets into Endpoints
  ///   3. etcd goes back, history is forgotten, rights and tokens change
  ///   4. what ceases to listen, then DELETEs and POSTs, then what begins to listen
  ///   5. the PATCHes        kubelet reports what is already true, never what will be
  ///   6. objects that the file gives itself
  ///   7. controllers: running  they see the whole step at once
  ///   8. the watch cache, and api: up last: who comes back finds the step done
  std::vector<Action> perform(const ScenarioStep& step, int round, Report& report);

  /// How many Pods of each Service there are, in the order of the Services.
  std::vector<int> pod_counts() const;

 private:
  struct Wanted;
  using WantedPods = std::map<std::size_t, Wanted>;

  std::vector<PodChange> all_pending();
  void rescale(const ScenarioStep& step);
  /// The Pod of the scenario's own Services that this names; nothing for any other object.
  std::optional<std::size_t> own_pod(const Remove& remove) const;
  WantedPods wanted_by(const ScenarioStep& step, int round) const;
  std::vector<PodChange> changes_of(const WantedPods& wanted, Report& report);
  PodNow after(std::size_t pod, const Wanted& wanted, Report& report) const;
  bool speaks_of(std::size_t pod, const PodState& state) const;
  void release(std::uint16_t host, std::size_t pod);
  void claim(const PodChange& change, const Wanted& wanted, Report& report);
  void give_next(PodChange& change);
  void remember_ready();
  void add_namespace(const std::string& name, std::vector<Action>& actions);

  void emit(const std::vector<PodChange>& changes, std::vector<Action>& actions) const;
  void emit_services(const ScenarioStep& step, std::vector<Action>& actions);
  void emit_objects(const ScenarioStep& step, std::vector<Action>& actions);
  void note_service(const std::string& namespace_name, const std::string& name, bool there);

  const Scenario& scenario_;
  std::vector<PodName> pods_;
  std::map<std::string_view, std::size_t> by_name_;
  std::vector<PodNow> states_;
  std::vector<int> scale_;  // of each Service: how many Pods it ought to have
  std::vector<bool> was_ready_;
  std::vector<bool> services_there_;
  std::set<std::string> namespaces_;
  std::map<std::uint16_t, std::size_t> holders_;  // address -> the Pod that has it now
  std::uint16_t last_host_ = 0;
  std::unique_ptr<AppliedPods> applied_;
};

/// All that fires at a time of its own, with its draws, in order.
Timeline expand(const Scenario& scenario, std::uint64_t seed, Report& report);

}  // namespace fakeapi::scenario
