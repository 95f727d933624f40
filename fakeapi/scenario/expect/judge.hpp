// Whether a run was as its scenario expects it: one finding for each expectation, with its reason.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/scenario/expect/expectations.hpp"
#include "fakeapi/scenario/expect/record.hpp"

namespace fakeapi::scenario {

struct Finding {
  std::string expectation;  // "exit 0", "between 13s and 16s"
  bool met = false;
  std::string reason;  // "exited 0 at 14.2 s"
};

/// In the order of the reference page; empty when nothing was expected.
std::vector<Finding> judge(const Expectations& expect, const Record& record);

/// Rules for clients that were broken and that nothing was expected of: worth telling, no failure.
std::vector<Finding> other_habits(const Expectations& expect, const Record& record);

/// "it exited 0 at 14.2 s", "it still ran at 60.0 s".
std::string how_it_ended(const Record& record);

/// How many Pods of a Service listened at a time.
int listening_at(const Record& record, const std::string& service, cluster::Duration at);

}  // namespace fakeapi::scenario
