// What really listens at one moment of a log: the only witness that a start can be judged by, since
// the API may be behind the Pods by seconds (EndpointSlices are written by a controller that
// watches them).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fakeapi/lanes/event.hpp"
#include "fakeapi/lanes/vocabulary.hpp"

namespace fakeapi::lanes {

/// A service that was never heard of counts as not listening: nothing that is not known counts as
/// ready.
class Truth {
 public:
  /// Learns which services the log speaks of; what they do is heard one by one, in order.
  explicit Truth(const std::vector<Event>& events);

  /// Events of other lanes change nothing.
  void hear(const Event& event);

  /// False: the log has no truth, and nothing can be judged.
  bool has_services() const { return !services_.empty(); }
  bool all_listen() const;
  /// A service is known to have nothing that listens.
  bool any_is_empty() const;

  /// "mysql 1/3, kafka 3/3 listened"
  std::string listening() const;
  /// "nothing listened", with the names when the log has several services.
  std::string missing() const;

 private:
  struct Service {
    std::string name;
    std::optional<Readiness> now;
  };
  std::vector<Service> services_;
};

}  // namespace fakeapi::lanes
