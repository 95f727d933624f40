// What the words of an event log mean (docs/event-log.md has the table): which kind of lane a name
// is, what "ready N/M" says, and when the picture ends. Judging and drawing both read the log
// through this file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/lanes/event.hpp"

namespace fakeapi::lanes {

enum class LaneKind {
  whole,       // "": title, mechanism, note, end
  steps,       // "steps": the scenario's own words
  truth,       // "truth/SERVICE"
  api_server,  // "api"
  api,         // "api/SERVICE"
  client,      // "client/NAME": who asks, by the first word of its User-Agent
  fault,       // "fault/NAME"
  subject,     // "subject/NAME"
  verdict,     // "verdict": the expectations of the scenario, not drawn in time
  other,       // anything else: only its marks are drawn
};

struct LaneName {
  LaneKind kind;
  std::string name;  // what follows the slash; the whole lane for Other
};

LaneName lane_name(std::string_view lane);

/// So many of so many Pods listen, or are shown as ready. ready may be larger than pods: old and
/// new addresses.
struct Readiness {
  int ready = 0;
  int pods = 0;

  bool operator==(const Readiness&) const = default;
};

/// "ready N/M", decimal, at most nine digits each; anything else says nothing about readiness.
std::optional<Readiness> parse_readiness(std::string_view what);

/// "answered STATUS": a status of HTTP, three digits (RFC 9110, 15), or 0 when there was no answer.
std::optional<int> parse_answered(std::string_view what);

/// "stream N open" and "stream N ended".
struct StreamChange {
  int number = 0;
  bool is_open = false;

  bool operator==(const StreamChange&) const = default;
};

std::optional<StreamChange> parse_stream(std::string_view what);

/// By time, equal times in the order of the log, which is the order of cause. Times that are not
/// finite are left out.
std::vector<Event> in_order(std::vector<Event> events);

/// When the picture ends: at the last `end` of lane "", otherwise at the last event. 0 for an empty
/// log.
double end_of(const std::vector<Event>& events);

/// "6.1 s".
std::string seconds_text(double seconds);

}  // namespace fakeapi::lanes
