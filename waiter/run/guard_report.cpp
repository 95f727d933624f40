#include "waiter/run/guard_report.hpp"

#include <algorithm>

namespace waiter::run {
namespace {

using core::GuardPolicy;

std::string sentence(GuardPolicy::Why why, const GuardReport& report) {
  // All may be met by the API's word, and the engine has yet to make sure of it.
  const std::string what = missing(report);
  const std::string missing_now = what.empty() ? "nothing is missing, not confirmed yet" : what;
  switch (why) {
    case GuardPolicy::Why::never_met:
      return "waiting: " + missing_now;
    case GuardPolicy::Why::lost:
    case GuardPolicy::Why::lost_and_observed:
      return "lost: " + missing_now;
    case GuardPolicy::Why::met:
    case GuardPolicy::Why::running:
      return "ok";
  }
  return "?";
}

HttpAnswer answer(GuardPolicy::Probe probe, const GuardReport& report) {
  HttpAnswer answer;
  answer.status = probe.ok ? 200 : 503;
  answer.body = (probe.ok ? "ok" : sentence(probe.why, report)) + "\n";
  return answer;
}

}  // namespace

std::string name_of(GuardPolicy::OnLost on_lost) {
  switch (on_lost) {
    case GuardPolicy::OnLost::observe:
      return "observe";
    case GuardPolicy::OnLost::unready:
      return "unready";
    case GuardPolicy::OnLost::exit:
      return "exit";
  }
  return "?";
}

std::string name_of(GuardPolicy::Verdict verdict) {
  switch (verdict) {
    case GuardPolicy::Verdict::none:
      return "waiting";
    case GuardPolicy::Verdict::met:
      return "met";
    case GuardPolicy::Verdict::lost:
      return "lost";
  }
  return "?";
}

bool degraded(const core::Snapshot& snapshot) {
  return std::any_of(snapshot.sources.begin(), snapshot.sources.end(),
                     [](const core::SourceStatus& source) { return source.trouble.has_value(); });
}

std::string missing(const GuardReport& report) {
  return missing(report.snapshot, report.surroundings);
}

HttpAnswer answer_to(const std::string& path, const GuardReport& report) {
  if (path == "/startupz") return answer(report.policy.startup(), report);
  if (path == "/readyz") return answer(report.policy.ready(), report);
  if (path == "/livez") return answer(GuardPolicy::live(), report);
  if (path == "/metrics") {
    return {200, "text/plain; version=0.0.4; charset=utf-8", metrics(report)};
  }
  if (path == "/status") return {200, "application/json", status_json(report)};
  if (path == "/") return {200, "text/html; charset=utf-8", status_page(report)};
  HttpAnswer unknown;
  unknown.status = 404;
  unknown.body =
      "not found; there are /startupz, /readyz, /livez, /metrics, /status and / for people\n";
  return unknown;
}

}  // namespace waiter::run
