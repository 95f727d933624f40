// The truth, folded from what begins and ceases to listen: how many Pods of each Service really
// take connections.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fakeapi/scenario/timeline.hpp"

namespace fakeapi::scenario {

class Truth {
 public:
  /// The Services that are counted, all at 0.
  explicit Truth(const std::vector<ServiceInfo>& services);

  /// Actions other than Listen change nothing; nor does one for an unknown Service, or for an
  /// address that the Pod has already left.
  void apply(const Action& action);
  void apply(const Listen& listen);

  /// Service -> number of its Pods that listen, in the order of the Services.
  std::vector<std::pair<std::string, int>> listening() const;

 private:
  struct Lane {
    std::string service;
    std::map<std::string, std::string> pods;  // those that listen -> address
  };
  std::vector<Lane> lanes_;
};

}  // namespace fakeapi::scenario
