// What a step comes to: which operation is sent to the API, which address begins or ceases to
// listen, and what else becomes of the cluster. Two sources lead here, a scenario file and a
// recorded trace; everything that carries out reads only this.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/cluster/user.hpp"

namespace fakeapi::scenario {

/// A request that the cluster's own hand sends, as kubelet, a user or a recorded trace would.
struct Operate {
  std::string method;
  std::string path;
  std::string content_type;
  std::string body;
};

/// An object that is as written, whatever it was before: server-side apply with force, and once
/// more for its status.
struct Apply {
  std::shared_ptr<const nlohmann::json> object;
};

/// An object that is not there afterwards; no error when it was not there before.
struct Remove {
  std::string kind;
  std::string api_version;  // "": the one of the kind that there is
  std::string namespace_name;
  std::string name;
  int grace_period_seconds = 0;
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

/// How a controller follows what it watches.
struct Following {
  bool paused = false;
  cluster::Duration lag{};  // on the scenario's clock; 0: its own
  bool operator==(const Following&) const = default;
};

enum class ControllerOf { endpoints, endpoint_slices };

struct SetController {
  ControllerOf which = ControllerOf::endpoints;
  Following following;
};

/// All history is compacted.
struct ForgetHistory {};

/// The watch cache: held where it is, or so far behind, or neither.
struct SetCache {
  bool held = false;
  cluster::Duration lag{};  // on the scenario's clock
};

/// All is as it was at this time of the scenario.
struct RollBack {
  cluster::Duration to{};
};

/// The service account's token.
struct SetToken {
  bool renewed = true;  // false: it expires, and there is no other
  cluster::Duration old_valid_for{};
};

/// The authority of the server's certificate.
struct SetAuthority {
  bool announced_only = false;  // clients are told of a new one, which is not in use yet
};

struct SetRights {
  cluster::User::Rights rights = cluster::User::Rights::read_endpoints;
};

using Action = std::variant<Operate, Apply, Remove, Listen, SetApi, SetController, ForgetHistory,
                            SetCache, RollBack, SetToken, SetAuthority, SetRights>;

struct Step {
  cluster::Duration at{};  // since the start
  std::string why;         // the file's own words, for the picture; may be empty
  std::vector<Action> actions;
};

/// A Service as the picture needs it: its lane's name and how many Pods it has.
struct ServiceInfo {
  std::string namespace_name;
  std::string name;
  int pods = 0;
};

/// A scenario made flat: all that fires at a time of its own, in order. What waits for a trigger is
/// not in it.
struct Timeline {
  std::string name;
  std::string about;
  std::vector<ServiceInfo> services;
  std::vector<std::string> nodes;
  std::vector<Step> steps;
};

}  // namespace fakeapi::scenario
