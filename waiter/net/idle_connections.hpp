// The connections that carry no request: one to spare, so that the read before a verdict costs one
// round trip, and those of streams that have ended and are opened again. A handshake costs more CPU
// than all else that a minute of waiting brings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "waiter/net/connection.hpp"

namespace waiter::net {

class IdleConnections {
 public:
  enum class For { one_answer, stream };

  /// Null when there is none with this credential.
  ConnectionPtr take(For use, std::uint64_t credential);
  void keep(ConnectionPtr connection);
  bool has_spare();
  void clear() { idle_.clear(); }

  void stream_begins();
  void stream_ended() { --streams_; }

 private:
  void drop_those_over();

  std::vector<ConnectionPtr> idle_;  // the newest last
  std::size_t streams_ = 0;
  std::size_t streams_most_ = 0;  // that were open at once
};

}  // namespace waiter::net
