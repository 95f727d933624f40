// A subject's lane: it waits, believes, lets its workload start, and the workload runs, rightly or
// too early.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/verdict.hpp"

namespace fakeapi::lanes {

/// The events are those of the whole log, in order; the verdicts are judge()'s of the same log.
Lane subject_lane(const std::vector<Event>& ordered, const std::string& lane,
                  const std::vector<Verdict>& verdicts, double end_seconds);

}  // namespace fakeapi::lanes
