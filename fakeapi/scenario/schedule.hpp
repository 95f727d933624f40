// Which step of a scenario fires when: at its time, again and again, or after what the clients have
// done. It knows nothing of what a step means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "fakeapi/scenario/model.hpp"

namespace fakeapi::scenario {

class Schedule {
 public:
  /// The scenario must outlive this. Times are on the scenario's clock.
  Schedule(const Scenario& scenario, std::uint64_t seed);

  struct Firing {
    const ScenarioStep* step;
    cluster::Duration at;
    int round;  // from 0
  };
  /// When the next step fires; nothing while only triggers are left.
  std::optional<cluster::Duration> next() const;
  /// The next step that is due by `now`. Equal times come in the file's order.
  std::optional<Firing> take(cluster::Duration now);
  /// Steps that still wait for clients.
  std::size_t waiting() const;

  /// A request has come. Streams are told as well, with a number of their own, and when they end.
  void request_came(cluster::Duration now, const fault::Arrival& arrival);
  void stream_opened(cluster::Duration now, std::uint64_t number, const fault::Arrival& arrival);
  void stream_ended(std::uint64_t number);

 private:
  struct Waiting {
    std::size_t step;
    std::uint64_t seen = 0;             // requests that count
    std::set<std::uint64_t> open = {};  // watches that count
  };
  void start(std::size_t step, cluster::Duration base);
  cluster::Duration drawn(std::size_t step, const Distribution& distribution, std::string_view part,
                          int round) const;

  const Scenario& scenario_;
  std::uint64_t seed_;
  // By time, then by the file's order.
  std::multimap<std::pair<cluster::Duration, std::size_t>, Firing> pending_;
  std::vector<Waiting> waiting_;
  std::vector<std::uint64_t> keys_;  // of each step's draws, among equal steps
};

}  // namespace fakeapi::scenario
