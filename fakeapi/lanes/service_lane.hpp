// Lanes of what is ready: the truth, what the API shows of it, and whether the API server answers
// at all. The API's lane is drawn in the light of the truth: addresses at which nothing listens are
// stale.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/lanes/picture.hpp"

namespace fakeapi::lanes {

/// The events are those of the whole log, in order (vocabulary.hpp).
Lane truth_lane(const std::vector<Event>& ordered, const std::string& lane, double end_seconds);
Lane api_server_lane(const std::vector<Event>& ordered, double end_seconds);
Lane api_lane(const std::vector<Event>& ordered, const std::string& lane, double end_seconds);

}  // namespace fakeapi::lanes
