// What a guard tells, as a value, and each form in which it tells it: answers to probes, metrics,
// JSON, a page for people. No credentials are among what it is made of.
#pragma once

#include <cstdint>
#include <string>

#include "waiter/core/guard_policy.hpp"
#include "waiter/run/http_server.hpp"
#include "waiter/run/words.hpp"

namespace waiter::run {

struct GuardReport {
  core::GuardPolicy policy;
  core::Snapshot snapshot;
  Surroundings surroundings;
  std::int64_t started_milliseconds = 0;  // Unix time
};

std::string name_of(core::GuardPolicy::OnLost on_lost);
std::string name_of(core::GuardPolicy::Verdict verdict);  // "waiting" while there is none

/// A source has a trouble: what is told may be old.
bool degraded(const core::Snapshot& snapshot);

/// "" where nothing is missing.
std::string missing(const GuardReport& report);

/// Prometheus text format 0.0.4.
std::string metrics(const GuardReport& report);
std::string status_json(const GuardReport& report);
std::string status_page(const GuardReport& report);

/// What a guard answers to GET `path`.
HttpAnswer answer_to(const std::string& path, const GuardReport& report);

}  // namespace waiter::run
