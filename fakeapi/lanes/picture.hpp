// The picture as a model, without a pen: lanes of intervals and marks on one time axis, the
// verdicts, and the moments in which nothing listened. Text and SVG draw this and decide nothing,
// so that they cannot disagree.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/lanes/event.hpp"
#include "fakeapi/lanes/traffic.hpp"
#include "fakeapi/lanes/verdict.hpp"
#include "fakeapi/lanes/vocabulary.hpp"

namespace fakeapi::lanes {

enum class State {
  none,         // truth or API: 0 of M
  some,         // fewer than M
  all,          // M of M or more
  stale,        // the API shows addresses while nothing listens
  unreachable,  // the API server refuses connections
  up,           // the API server answers
  waiting,      // a subject runs and sees no ready dependency
  believes,     // a subject takes its dependency for ready
  exited,       // a subject ended without its workload
  running,      // the workload runs
  too_early,    // the workload runs, and was started while nothing listened
  app_down,
  fault,  // a fault's window is open
};

/// For the legend: "nothing ready".
std::string_view meaning(State state);

struct Interval {
  Span span;  // never empty
  State state = State::none;
  std::vector<std::string>
      labels;  // the same said ever shorter: a drawer takes the first that fits
  std::string why;
};

enum class MarkKind { plain, right, wrong, never, unjudged };

/// A point in time with its text. Only starts and restarts (and Never) have a judgement.
struct Mark {
  double at_seconds = 0;  // inside the picture, even when the event is not
  MarkKind kind = MarkKind::plain;
  std::string label;      // "starts its workload at 6.1 s"
  std::string judgement;  // "nothing listened"
  std::string reason;     // what the subject itself gave as its reason; may be empty
};

/// "RIGHT", "WRONG", "NEVER" or "".
std::string_view word(MarkKind kind);

/// Intervals are in order and do not overlap; between them nothing is known. Marks are in order.
struct Lane {
  LaneKind kind = LaneKind::other;
  std::string name;
  std::vector<Interval> intervals;
  std::vector<Mark> marks;
  std::vector<Request> requests;  // of a client, or those that a fault met; in order
  std::vector<Stream> streams;    // of a client, in order of their beginning
  std::string summary;            // of requests and streams, in words
};

/// What stands over the lanes of this kind: "WHAT CLIENTS ASKED".
std::string_view heading(LaneKind kind);

/// Of the scenario's own words; numbers begin with 1.
struct Step {
  int number = 0;
  double at_seconds = 0;
  bool is_inside = true;  // false: after the end of the picture, without a line in it
  std::string text;
};

enum class Outcome { unjudged, all_right, some_wrong };

enum class Result { passed, failed, skipped };

/// "PASSED".
std::string_view word(Result result);

/// What the scenario's file expects, and whether it came so.
struct Expectation {
  Result result = Result::passed;
  std::string sentence;
};

/// All texts are printable (letters.hpp); all times lie in [0, end_seconds] except those of
/// verdicts and steps.
struct Picture {
  std::string title;
  std::string
      conclusion;  // what the verdicts come to, in a sentence; empty when nothing was judged
  Outcome outcome = Outcome::unjudged;
  std::string expectations_met;  // "4 of 5 expectations met"; empty when there were none
  Outcome expectations_outcome = Outcome::unjudged;
  std::vector<Expectation> expectations;
  std::string mechanism;
  std::vector<std::string> notes;
  double end_seconds = 1;  // never 0, so that there is something to divide by
  std::vector<double> ticks_seconds;
  std::vector<Span> nothing_listens;  // a start in here is wrong
  std::vector<Lane>
      lanes;  // truth, API, clients, faults, subjects, others; each in order of appearance
  std::vector<Step> steps;
  std::vector<Verdict> verdicts;
  std::size_t lanes_left_out = 0;
};

/// More lanes than a screen has lines explain nothing.
inline constexpr std::size_t lanes_max = 64;

/// Never fails: what cannot be understood becomes a mark.
Picture make_picture(const std::vector<Event>& events);

}  // namespace fakeapi::lanes
