// The connections that carry no request: one to spare, so that the read before a verdict costs one
// round trip, and those of streams that have ended and are opened again. A handshake costs more CPU
// than all else that a minute of waiting brings.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "waiter/net/connection.hpp"

namespace waiter::net {

class IdleConnections {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  enum class For { one_answer, stream };

  /// Null when there is none with this credential.
  ConnectionPtr take(Instant now, For use, std::uint64_t credential);
  void keep(Instant now, ConnectionPtr connection);
  bool has_spare(Instant now);
  void clear() { idle_.clear(); }

  void stream_begins();
  void stream_ended() { --streams_; }

 private:
  struct Idle {
    ConnectionPtr connection;
    Instant since;
  };
  void drop_old(Instant now);

  std::vector<Idle> idle_;  // the newest last
  std::size_t streams_ = 0;
  std::size_t streams_most_ = 0;  // that were open at once
};

}  // namespace waiter::net
