// Lanes of what goes over the wire: a client's requests and streams, and the faults that meet them.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/lanes/picture.hpp"

namespace fakeapi::lanes {

/// The events are those of the whole log, in order (vocabulary.hpp).
Lane client_lane(const std::vector<Event>& ordered, const std::string& lane, double end_seconds);
Lane fault_lane(const std::vector<Event>& ordered, const std::string& lane, double end_seconds);

}  // namespace fakeapi::lanes
