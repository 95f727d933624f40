// What happened in a run, as far as expectations and rules for clients are about it. Real time is
// the cluster's (Instant); scenario time is what the file's times are on (Duration since 0).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fakeapi/cluster/api/route.hpp"
#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::scenario {

struct RequestSeen {
  std::uint64_t number = 0;  // from 1
  cluster::Instant real{};
  cluster::Duration at{};
  std::uint64_t connection = 0;
  std::string user_agent;
  cluster::Attributes attributes;
  std::string target;
  std::optional<std::string> resource_version;  // as asked for
  bool has_timeout = false;                     // timeoutSeconds
  bool wants_initial_events = false;            // sendInitialEvents
  std::uint64_t token = 0;                      // a hash of the bearer token; 0: there was none
  int status = 0;                               // 0: there was no answer
  std::optional<int> retry_after_seconds;
  std::string fault;
  bool is_stream = false;
  std::optional<cluster::Instant> ended;  // of a stream
};

/// How the command ended.
struct Ended {
  std::optional<int> code;  // nothing: by a signal
  int signal = 0;
  cluster::Duration at{};
};

struct Record {
  std::vector<RequestSeen> requests;  // in order
  /// Service -> how many Pods listen, from which time on; in order.
  std::map<std::string, std::vector<std::pair<cluster::Duration, int>>> truth;
  /// When the service account's token was renewed, so that its file held a new one.
  std::vector<cluster::Instant> token_renewals;
  std::optional<Ended> ended;  // nothing: it still ran when the run was over
  std::string output;          // of the command, both streams
  cluster::Duration end{};     // of the run
};

}  // namespace fakeapi::scenario
