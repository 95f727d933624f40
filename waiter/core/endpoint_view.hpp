// What the API says about the backends of a Service: all its EndpointSlices joined, duplicates
// removed, absent conditions read as the API defines them. This file holds the rule of what counts
// as ready.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "waiter/core/clock.hpp"
#include "waiter/core/dependency.hpp"
#include "waiter/core/slice.hpp"

namespace waiter::core {

struct Target {
  std::string address;
  int port = 0;
  friend bool operator==(const Target&, const Target&) = default;
};

enum class BackendState { ready, not_ready, terminating };  // in order: the less ready, the later

/// One backend: usually a Pod, whatever number of slices and address families it stands in.
struct Backend {
  std::string key;   // targetRef.uid, or the address where there is no targetRef
  std::string name;  // the Pod's name, or the address
  BackendState state = BackendState::not_ready;
  std::vector<Target> tcp_targets;  // where a connection would prove that it listens
  Duration unready_for{};           // in a status: since when it was seen not ready
};

struct ServiceView {
  int slices = 0;                 // 0: no EndpointSlice of this Service exists
  bool port_seen = false;         // some slice has the wanted port
  std::vector<Backend> backends;  // with the wanted port, sorted by key
  int ready() const;
  int total() const { return static_cast<int>(backends.size()); }
};

/// An endpoint counts exactly when `ready` is not false, `serving` is not false and `terminating`
/// is not true: absent is true, true and false (EndpointConditions in the API documentation).
/// Looking at `serving` as well sees through Services with publishNotReadyAddresses, whose `ready`
/// is always true.
BackendState state_of(const SliceEndpoint& endpoint);

/// The slices of one watched set (a namespace), by name.
class EndpointView {
 public:
  /// The complete truth of a list: what is not in it is gone.
  void replace(std::vector<Slice> slices);
  void upsert(Slice slice);
  void erase(const std::string& name);

  /// The backends of a Service that have `port` ("" is every port; a name, or the number of the
  /// target port).
  ServiceView service(const Dependency& dependency) const;
  const std::map<std::string, Slice>& slices() const { return slices_; }
  /// The same objects in the same versions.
  bool holds(const std::vector<Slice>& slices) const;

 private:
  std::map<std::string, Slice> slices_;
};

}  // namespace waiter::core
