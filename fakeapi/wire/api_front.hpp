// The front of the fake API: every request passes the fault plan, then the cluster answers, and the
// log keeps what became of it. The server and the simulator both stand before it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "fakeapi/cluster/cluster.hpp"
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

  Exchange answer(cluster::Instant now, const Caller& caller, const cluster::Request& request);
  /// What becomes of a connection that has just come. Not for ConnectFault::refuse: nobody listens
  /// while faults().refuses(now).
  ConnectFault meet(cluster::Instant now, std::uint64_t connection);

  FaultPlan& faults() { return faults_; }
  RequestLog& log() { return log_; }

 private:
  Exchange disturbed(cluster::Instant now, const cluster::Request& request,
                     const cluster::Attributes& attributes, const Decision& decision);

  cluster::Cluster& cluster_;
  UserOf user_of_;
  FaultPlan faults_;
  RequestLog log_;
};

}  // namespace fakeapi::wire
