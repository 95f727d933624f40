// Plays a scenario on a cluster: fires its steps when they are due, carries out what they come to,
// and notes in an event log what was true, what the API showed and what clients asked. It sleeps on
// nothing: a driver hands the time in.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fakeapi/cluster/cluster.hpp"
#include "fakeapi/run/api_lane.hpp"
#include "fakeapi/run/event_log.hpp"
#include "fakeapi/run/pod_network.hpp"
#include "fakeapi/scenario/clock.hpp"
#include "fakeapi/scenario/expect/record.hpp"
#include "fakeapi/scenario/model.hpp"
#include "fakeapi/scenario/schedule.hpp"
#include "fakeapi/scenario/world/truth.hpp"
#include "fakeapi/scenario/world/world.hpp"
#include "fakeapi/server/pod_listeners.hpp"
#include "fakeapi/wire/fault_plan.hpp"

namespace fakeapi::run {

/// What a scenario does beyond the cluster. A text says what could not be done.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  virtual std::optional<std::string> set_api_up(bool up) = 0;
  /// What the service account's directory holds, and the server shows.
  virtual std::optional<std::string> set_token(cluster::Instant now,
                                               const scenario::SetToken& token) = 0;
  virtual std::optional<std::string> set_authority(const scenario::SetAuthority& authority) = 0;
  virtual void set_rights(cluster::Instant now, cluster::User::Rights rights) = 0;
  /// All watches and connections end in order.
  virtual void end_connections() = 0;
};

class Play {
 public:
  struct Parts {  // all of them outlive this
    cluster::Cluster& cluster;
    wire::FaultPlan& faults;
    server::PodListeners& listeners;
    Surroundings& surroundings;
    EventLog& log;
  };
  struct Options {
    std::uint64_t seed = 1;
    double speed = 1;
    PodNetwork pods = PodNetwork::real;
    bool keeps_record = false;  // of all requests: a run that is judged
  };
  Play(scenario::Scenario scenario, Options options, Parts parts);

  /// From now on the log is told what is true and what the API shows; before, the world is being
  /// made. The state so far is written as that of the start.
  void begin();
  /// Does every step that is due. A text says what could not be done; the steps after it are not
  /// done then.
  std::optional<std::string> advance(cluster::Instant now);
  std::optional<cluster::Instant> next_deadline(cluster::Instant now) const;

  /// Whether anything would come of request_came().
  bool wants_requests() const;
  void request_came(const scenario::RequestSeen& request);
  void stream_ended(cluster::Instant now, std::uint64_t number, bool by_server);
  void connection_met(cluster::Instant now, const fault::Fault& fault, std::uint64_t connection);

  const scenario::Clock& clock() const { return clock_; }
  /// For the control API. The clock does not stand while the API server takes no connections, as
  /// nobody could let it go on: it runs until it takes some, and stands then.
  void pause(cluster::Instant now);
  void resume(cluster::Instant now);
  void set_speed(cluster::Instant now, double speed);
  /// All steps on the way are done at once; backward it is a new epoch. As advance().
  std::optional<std::string> seek(cluster::Instant now, cluster::Duration time);
  bool pauses_when_back() const { return pauses_when_back_; }
  /// The next step that has a time of its own; nothing when there is none.
  std::optional<cluster::Duration> next_step() const { return schedule_->next(); }
  /// All is as at the start, under new versions; the scenario begins anew.
  std::optional<std::string> restart(cluster::Instant now);
  std::uint64_t epoch() const { return parts_.log.epoch(); }
  std::uint64_t seed() const { return options_.seed; }
  std::size_t waiting_steps() const { return schedule_->waiting(); }
  /// One step of the language, without a time: it is carried out now. The text says what is wrong
  /// with it, or what was refused.
  std::optional<std::string> perform_now(cluster::Instant now, const std::string& text);

  const scenario::Scenario& scenario() const { return scenario_; }
  scenario::Record& record() { return record_; }
  /// What happens, for a person who looks on: each line of the log that is a step.
  std::function<void(cluster::Duration at, const std::string& why)> on_step;

 private:
  std::optional<std::string> perform(cluster::Instant now,
                                     const scenario::Schedule::Firing& firing);
  std::optional<std::string> carry_out_all(cluster::Instant now,
                                           const std::vector<scenario::Action>& actions);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::Operate& operate);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::Apply& apply);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::Remove& remove);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::Listen& listen);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::SetApi& api);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::SetController& set);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::ForgetHistory&);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::SetCache& cache);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::RollBack& back);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::SetToken& token);
  std::optional<std::string> carry_out(cluster::Instant now,
                                       const scenario::SetAuthority& authority);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::SetRights& rights);

  /// The scenario from its beginning.
  void reset();
  std::optional<std::string> take_steps(cluster::Instant now, cluster::Duration until);
  bool is_reachable(cluster::Instant now) const;
  void stay_reachable(cluster::Instant now);
  void set_back(cluster::Instant now);
  std::optional<std::string> would_lock_out(const scenario::ScenarioStep& step,
                                            cluster::Duration now) const;
  void note_version(cluster::Instant now);
  std::optional<std::string> heal(cluster::Instant now);
  /// Controllers and the watch cache are as in a cluster that is well.
  void let_all_follow(cluster::Instant now);
  void follow_clock(cluster::Instant now);
  void move_caches(cluster::Instant now);
  void open_replica(cluster::Duration time_now, const std::string& fault,
                    const fault::Replica& replica);
  void close_replica();
  std::uint64_t version_at(cluster::Duration wanted) const;
  void follow_windows(cluster::Duration time);
  std::optional<cluster::Duration> next_time(cluster::Duration now) const;
  void changed(cluster::Instant now, const cluster::Change& change);
  void note(cluster::Duration at, std::string lane, std::string what, std::string why);
  std::string out_of(const std::string& service, int ready) const;
  cluster::Duration time(cluster::Instant now) const { return clock_.at(now); }

  scenario::Scenario scenario_;
  Options options_;
  Parts parts_;
  scenario::Clock clock_;
  std::shared_ptr<const cluster::Cluster::Snapshot> start_;
  std::optional<scenario::Schedule> schedule_;
  std::optional<scenario::World> world_;
  std::optional<scenario::Truth> truth_;
  ApiLane api_lane_;
  std::map<std::string, int> shown_;  // by Service
  scenario::Record record_;
  std::map<scenario::ControllerOf, scenario::Following> following_;
  std::optional<cluster::Duration> cache_lag_;
  bool cache_held_ = false;
  std::string replica_of_;  // the fault that has it
  std::optional<cluster::Duration> replica_lag_;
  bool api_up_ = true;
  bool created_ = false;
  bool begun_ = false;
  bool healed_ = false;
  bool pauses_when_back_ = false;
  std::optional<cluster::Duration> jumped_to_;         // the time of the step that a seek is at
  std::map<std::string, bool> windows_;                // fault -> it is open
  std::map<std::uint64_t, std::string> open_streams_;  // number -> its lane
  // Which version was the newest from which time on; only where a step asks for the past.
  std::deque<std::pair<cluster::Duration, std::uint64_t>> versions_;
  bool keeps_versions_ = false;
  std::uint64_t start_version_ = 0;
};

}  // namespace fakeapi::run
