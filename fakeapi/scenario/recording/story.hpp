// What was seen becomes a story: the objects at the start and then each change that means
// something, one after the other. A new resourceVersion or a heartbeat alone is no change.
#pragma once

#include <chrono>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/scenario/recording/recording.hpp"

namespace fakeapi::scenario::recording {

struct Change {
  enum class What {
    apply,      // the object is as `object` says
    terminate,  // a Pod was deleted and has `grace` to end; `object` is its small form
    gone        // `object` has kind, apiVersion and metadata
  };
  std::chrono::milliseconds at{};
  What what = What::apply;
  std::chrono::seconds grace{};
  nlohmann::json object;
  nlohmann::json before;  // of apply: the small form until now; null where there was none
};

struct Story {
  std::vector<nlohmann::json> initial;  // small forms: Services, Pods, Endpoints, EndpointSlices
  std::vector<Change> changes;          // times do not fall
  std::chrono::milliseconds length{};
  std::string namespace_name;
};

/// Times are rounded to milliseconds and made monotonic; what is no recorded kind is left out.
Story story_of(const Recording& recording);

}  // namespace fakeapi::scenario::recording
