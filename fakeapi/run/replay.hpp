// Carries out a timeline in real time: operations on the cluster, listeners, the API server's
// presence. And it notes in an event log what was true and what the API showed.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "fakeapi/cluster/cluster.hpp"
#include "fakeapi/run/api_lane.hpp"
#include "fakeapi/run/event_log.hpp"
#include "fakeapi/run/pod_network.hpp"
#include "fakeapi/scenario/timeline.hpp"
#include "fakeapi/scenario/truth.hpp"
#include "fakeapi/server/api_server.hpp"
#include "fakeapi/server/pod_listeners.hpp"

namespace fakeapi::run {

class Replay {
 public:
  /// All of them must outlive this.
  Replay(scenario::Timeline timeline, PodNetwork pods, cluster::Cluster& cluster,
         server::ApiServer& server, server::PodListeners& listeners, EventLog& log);

  /// From now on the log is told what is true and what the API shows; before, the world is being
  /// made. The state so far is written as that of the start.
  void begin();
  /// Does every step that is due. A text says what could not be done; the steps after it are not
  /// done then.
  std::optional<std::string> advance(cluster::Instant now);
  std::optional<cluster::Instant> next_deadline() const;

 private:
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::Operate& operate);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::Listen& listen);
  std::optional<std::string> carry_out(cluster::Instant now, const scenario::SetApi& api);
  std::optional<std::string> carry_out(cluster::Instant now,
                                       const scenario::PauseControllers& pause);
  std::string out_of(const std::string& service, int ready) const;

  scenario::Timeline timeline_;
  PodNetwork pods_;
  cluster::Cluster& cluster_;
  server::ApiServer& server_;
  server::PodListeners& listeners_;
  EventLog& log_;
  scenario::Truth truth_;
  ApiLane api_lane_;
  std::map<std::string, int> shown_;  // by Service
  bool begun_ = false;
  std::size_t next_ = 0;
};

}  // namespace fakeapi::run
