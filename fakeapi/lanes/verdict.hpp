// Right or wrong: a workload that starts while a dependency has nothing that listens was started
// too early, whatever the API showed and whatever the waiter believed. Only the truth lanes decide.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/lanes/event.hpp"

namespace fakeapi::lanes {

enum class Occasion {
  start,    // `starts workload`
  restart,  // `workload restarted`
  never,    // it waited to the end, although something listened there
};

struct Verdict {
  std::string subject;    // without "subject/"
  double at_seconds = 0;  // of the start; the picture's end for Never
  bool right = false;
  std::string why;  // "nothing listened", "mysql 1/3 listened"
  Occasion occasion = Occasion::start;
};

/// One verdict for each start and restart in order of time, then one for each subject that never
/// started although every service of the truth listened at the end, in order of appearance. At
/// equal times the order of the log counts. Empty when the log has no truth lane, as nothing can be
/// judged then.
std::vector<Verdict> judge(const std::vector<Event>& events);

}  // namespace fakeapi::lanes
