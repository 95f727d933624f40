// A scenario made flat: at which time which operation is sent to the API, and which address begins
// or ceases to listen. Two sources lead here, a scenario file and a recorded trace; everything that
// replays reads only this.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::scenario {

/// A request that the cluster's own hand sends, as kubelet, a user or a recorded trace would.
struct Operate {
  std::string method;
  std::string path;
  std::string content_type;
  std::string body;
};

/// What really listens: the truth that no API object can tell.
struct Listen {
  std::string service;  // for whom it counts in the truth
  std::string pod;
  std::string address;  // "10.20.0.1"
  std::vector<int> ports;
  bool listening = false;
};

/// The API server is there, or it refuses connections and cuts the ones it has.
struct SetApi {
  bool up = true;
};

struct PauseControllers {
  bool paused = true;
};

using Action = std::variant<Operate, Listen, SetApi, PauseControllers>;

struct Step {
  cluster::Duration at{};  // since the start; steps are sorted, equal times keep the file's order
  std::string why;         // the file's own words, for the picture; may be empty
  std::vector<Action> actions;
};

/// A Service as the picture needs it: its lane's name and how many Pods it has.
struct ServiceInfo {
  std::string namespace_name;
  std::string name;
  int pods = 0;
};

struct Timeline {
  std::string name;   // the file's name without folder and extension
  std::string about;  // one sentence
  std::vector<ServiceInfo> services;
  // The Nodes on which the Pods are. They have registered before the first step, as kubelets do:
  // the EndpointSlice controller leaves a Pod out whose Node does not exist.
  std::vector<std::string> nodes;
  std::vector<Step> steps;
};

}  // namespace fakeapi::scenario
