#include "waiter/net/idle_connections.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace waiter::net {
namespace {

// kube-apiserver closes what is idle for 90 s (apiserver/pkg/server/secure_serving.go).
constexpr auto age_max = std::chrono::seconds(60);

}  // namespace

/// A stream takes the one that was idle longest, and what has just answered stays to spare: so
/// neither becomes old while watches are short. An answer wants the one that was alive last.
ConnectionPtr IdleConnections::take(Instant now, For use, std::uint64_t credential) {
  std::erase_if(idle_, [&](const Idle& one) { return one.connection->credential != credential; });
  // One that is old is better than none: a request is sent again where it turns out to be closed.
  if (idle_.size() > 1) drop_old(now);
  if (idle_.empty()) return nullptr;
  const auto taken = use == For::stream ? idle_.begin() : std::prev(idle_.end());
  ConnectionPtr connection = std::move(taken->connection);
  idle_.erase(taken);
  return connection;
}

void IdleConnections::keep(Instant now, ConnectionPtr connection) {
  idle_.push_back({std::move(connection), now});
  const std::size_t idle_max = 1 + streams_most_ - streams_;
  if (idle_.size() > idle_max) idle_.erase(idle_.begin());
}

bool IdleConnections::has_spare(Instant now) {
  drop_old(now);
  return !idle_.empty();
}

void IdleConnections::stream_begins() { streams_most_ = std::max(streams_most_, ++streams_); }

void IdleConnections::drop_old(Instant now) {
  std::erase_if(idle_, [now](const Idle& one) { return now - one.since >= age_max; });
}

}  // namespace waiter::net
