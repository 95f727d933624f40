// What the API shows, as an event log has it: for each Service the number of addresses that its
// EndpointSlices call ready, followed change by change.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "fakeapi/cluster/cluster.hpp"

namespace fakeapi::run {

class ApiLane {
 public:
  struct Shown {
    std::string namespace_name;
    std::string service;
    int ready = 0;
  };
  /// The Service whose number has changed with this, if one has.
  std::optional<Shown> observe(const cluster::Change& change);

 private:
  struct Slice {
    std::string namespace_name;
    std::string service;
    int ready = 0;
  };
  int total(const Slice& of) const;
  std::map<std::string, Slice> slices_;  // by namespace/name
};

}  // namespace fakeapi::run
