// The front of the fake API: every request passes the fault plan, then the cluster answers, and the
// log keeps what became of it. The server and the simulator both stand before it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "fakeapi/cluster/cluster.hpp"
#include "fakeapi/scenario/expect/record.hpp"
#include "fakeapi/wire/exchange.hpp"
#include "fakeapi/wire/fault_plan.hpp"
#include "fakeapi/wire/request_log.hpp"

namespace fakeapi::wire {

class ApiFront {
 public:
  /// The name of who sent these headers, for the text of a 403 that a fault gives.
  using UserOf = std::function<std::string(const cluster::Headers&)>;

  /// The cluster must outlive this, and this all exchanges.
  ApiFront(cluster::Cluster& cluster, std::uint64_t seed, UserOf user_of);

  /// Windows of faults are on the scenario's clock; without a call it is the cluster's.
  using ScenarioTime = std::function<cluster::Duration(cluster::Instant)>;
  void set_scenario_time(ScenarioTime scenario_time) { scenario_time_ = std::move(scenario_time); }
  /// Told of each request when it has its answer, and of the end of each stream by its number. They
  /// must not call back.
  struct Observer {
    /// Whether requests are worth to be told now: taking one apart costs as much as answering it.
    std::function<bool()> wants_requests;
    std::function<void(const scenario::RequestSeen&)> request;
    std::function<void(std::uint64_t number, bool by_server)> stream_end;
    /// A connection that a fault has met before it carried a request.
    std::function<void(const fault::Fault& fault, std::uint64_t connection)> connection_met;
  };
  void set_observer(Observer observer);

  Exchange answer(cluster::Instant now, const Caller& caller, const cluster::Request& request);
  /// What becomes of a connection that has just come. Not for ConnectFault::refuse: nobody listens
  /// while faults().refuses(now).
  fault::ConnectFault meet(cluster::Instant now, std::uint64_t connection);

  FaultPlan& faults() { return faults_; }
  RequestLog& log() { return log_; }

 private:
  Exchange disturbed(cluster::Instant now, const cluster::Request& request,
                     const cluster::Attributes& attributes, const Decision& decision);

  void tell(cluster::Instant now, const Caller& caller, const cluster::Request& request,
            const std::optional<Decision>& decision, const Exchange& exchange) const;
  cluster::Instant window_time(cluster::Instant now) const {
    return scenario_time_ ? cluster::Instant(scenario_time_(now)) : now;
  }

  cluster::Cluster& cluster_;
  UserOf user_of_;
  ScenarioTime scenario_time_;
  Observer observer_;
  FaultPlan faults_;
  RequestLog log_;
};

}  // namespace fakeapi::wire
