#include "waiter/net/idle_connections.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace waiter::net {

/// A stream takes the one that was idle longest, and what has just answered stays to spare: so
/// neither is idle for longer than a watch takes. An answer wants the one that was alive last.
ConnectionPtr IdleConnections::take(For use, std::uint64_t credential) {
  std::erase_if(idle_, [&](const ConnectionPtr& one) { return one->credential != credential; });
  drop_those_over();
  if (idle_.empty()) return nullptr;
  const auto taken = use == For::stream ? idle_.begin() : std::prev(idle_.end());
  ConnectionPtr connection = std::move(*taken);
  idle_.erase(taken);
  return connection;
}

void IdleConnections::keep(ConnectionPtr connection) {
  idle_.push_back(std::move(connection));
  const std::size_t idle_max = 1 + streams_most_ - streams_;
  if (idle_.size() > idle_max) idle_.erase(idle_.begin());
}

bool IdleConnections::has_spare() {
  drop_those_over();
  return !idle_.empty();
}

void IdleConnections::stream_begins() { streams_most_ = std::max(streams_most_, ++streams_); }

void IdleConnections::drop_those_over() {
  std::erase_if(idle_, [](const ConnectionPtr& one) { return one->is_over(); });
}

}  // namespace waiter::net
