// From a log to the picture: sorts the lanes, numbers the steps, and comes to the conclusion that
// stands under the title, because a reader gives a picture five seconds.
#include "fakeapi/lanes/picture.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "fakeapi/lanes/conclusion.hpp"
#include "fakeapi/lanes/lane_builder.hpp"
#include "fakeapi/lanes/letters.hpp"
#include "fakeapi/lanes/service_lane.hpp"
#include "fakeapi/lanes/subject_lane.hpp"
#include "fakeapi/lanes/traffic_lane.hpp"
#include "fakeapi/lanes/truth.hpp"

namespace fakeapi::lanes {
namespace {

constexpr std::size_t ticks_max = 10;  // labels of seven characters still fit between them

/// Multiples of 1, 2 or 5 times a power of ten, which is what people count in.
std::vector<double> ticks_until(double end_seconds) {
  double step = std::pow(10.0, std::floor(std::log10(end_seconds)) - 1);
  const double wanted = end_seconds / static_cast<double>(ticks_max);
  for (const double factor : {2.0, 2.5, 2.0, 2.0, 2.5}) {
    if (step >= wanted) break;
    step *= factor;
  }
  std::vector<double> ticks;
  for (std::size_t count = 0; count <= ticks_max; ++count) {
    const double at_seconds = step * static_cast<double>(count);
    if (at_seconds > end_seconds) break;
    ticks.push_back(at_seconds);
  }
  return ticks;
}

std::vector<Span> spans_without_listeners(const std::vector<Event>& ordered, double end_seconds) {
  std::vector<Span> spans;
  Truth truth{ordered};
  double from_seconds = 0;
  bool is_empty = false;
  const auto close = [&](double to_seconds) {
    const Span span{std::clamp(from_seconds, 0.0, end_seconds),
                    std::clamp(to_seconds, 0.0, end_seconds)};
    if (is_empty && span.to_seconds > span.from_seconds) spans.push_back(span);
  };
  for (const Event& event : ordered) {
    truth.hear(event);
    if (truth.any_is_empty() == is_empty) continue;
    close(event.at_seconds);
    is_empty = !is_empty;
    from_seconds = event.at_seconds;
  }
  close(end_seconds);
  return spans;
}

void add_words(Picture& picture, const Event& event) {
  if (event.what == "end") return;
  if (event.what == "title") {
    picture.title = printable(event.why);
  } else if (event.what == "mechanism") {
    picture.mechanism = printable(event.why);
  } else if (event.what == "note") {
    picture.notes.push_back(printable(event.why));
  } else {
    picture.notes.push_back(seconds_text(event.at_seconds) + " " + text_of(event));
  }
}

void add_expectation(Picture& picture, const Event& event) {
  for (const auto& [what, result] :
       {std::pair{"passed", Result::passed}, std::pair{"failed", Result::failed},
        std::pair{"skipped", Result::skipped}}) {
    if (event.what != what) continue;
    picture.expectations.push_back({result, printable(event.why)});
    return;
  }
  picture.notes.push_back(seconds_text(event.at_seconds) + " " + text_of(event));
}

void add_step(Picture& picture, const Event& event) {
  const auto number = static_cast<int>(picture.steps.size()) + 1;
  picture.steps.push_back(
      {number, event.at_seconds, event.at_seconds <= picture.end_seconds, text_of(event)});
}

Lane other_lane(const std::vector<Event>& ordered, const std::string& lane, double end_seconds) {
  LaneBuilder builder{LaneKind::other, lane};
  for (const Event& event : ordered) {
    if (event.lane == lane) builder.add_plain(event);
  }
  return std::move(builder).finish(end_seconds);
}

Lane make_lane(const std::vector<Event>& ordered, const std::string& lane, const Picture& picture) {
  switch (lane_name(lane).kind) {
    case LaneKind::truth:
      return truth_lane(ordered, lane, picture.end_seconds);
    case LaneKind::api_server:
      return api_server_lane(ordered, picture.end_seconds);
    case LaneKind::api:
      return api_lane(ordered, lane, picture.end_seconds);
    case LaneKind::client:
      return client_lane(ordered, lane, picture.end_seconds);
    case LaneKind::fault:
      return fault_lane(ordered, lane, picture.end_seconds);
    case LaneKind::subject:
      return subject_lane(ordered, lane, picture.verdicts, picture.end_seconds);
    default:
      return other_lane(ordered, lane, picture.end_seconds);
  }
}

/// Names of the lanes that are drawn, in the picture's order: by kind, then by first appearance.
std::vector<std::string> lanes_of(const std::vector<Event>& ordered) {
  std::vector<std::pair<LaneKind, std::string>> lanes;
  std::set<std::string> known;
  for (const Event& event : ordered) {
    const LaneKind kind = lane_name(event.lane).kind;
    if (kind == LaneKind::whole || kind == LaneKind::steps || kind == LaneKind::verdict) continue;
    if (known.insert(event.lane).second) lanes.emplace_back(kind, event.lane);
  }
  std::stable_sort(lanes.begin(), lanes.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  std::vector<std::string> names;
  for (auto& [kind, lane] : lanes) names.push_back(std::move(lane));
  return names;
}

}  // namespace

std::string_view meaning(State state) {
  switch (state) {
    case State::none:
      return "none ready";
    case State::some:
      return "some ready";
    case State::all:
      return "all ready";
    case State::stale:
      return "STALE: shown, but nothing listens";
    case State::unreachable:
      return "API server unreachable";
    case State::up:
      return "API server answers";
    case State::waiting:
      return "waits";
    case State::believes:
      return "believes ready";
    case State::exited:
      return "exited";
    case State::running:
      return "workload runs";
    case State::too_early:
      return "workload started too early";
    case State::app_down:
      return "app down";
    case State::fault:
      return "fault active";
  }
  return "";
}

std::string_view heading(LaneKind kind) {
  switch (kind) {
    case LaneKind::truth:
      return "WHAT REALLY LISTENS";
    case LaneKind::api_server:
    case LaneKind::api:
      return "WHAT THE API SHOWS";
    case LaneKind::client:
      return "WHAT CLIENTS ASKED";
    case LaneKind::fault:
      return "FAULTS";
    case LaneKind::subject:
      return "WHO STARTS WHEN";
    default:
      return "OTHER EVENTS";
  }
}

std::string_view word(Result result) {
  if (result == Result::passed) return "PASSED";
  return result == Result::failed ? "FAILED" : "SKIPPED";
}

std::string_view word(MarkKind kind) {
  switch (kind) {
    case MarkKind::right:
      return "RIGHT";
    case MarkKind::wrong:
      return "WRONG";
    case MarkKind::never:
      return "NEVER";
    case MarkKind::plain:
    case MarkKind::unjudged:
      return "";
  }
  return "";
}

Picture make_picture(const std::vector<Event>& events) {
  const std::vector<Event> ordered = in_order(events);
  Picture picture;
  picture.title = "What was true, what the API showed, and who started";
  // A log that ends where it begins still has one second to be drawn in.
  const double end_seconds = end_of(ordered);
  picture.end_seconds = end_seconds > 1e-6 ? end_seconds : 1;
  picture.ticks_seconds = ticks_until(picture.end_seconds);
  picture.nothing_listens = spans_without_listeners(ordered, picture.end_seconds);
  picture.verdicts = judge(ordered);
  for (const Event& event : ordered) {
    const LaneKind kind = lane_name(event.lane).kind;
    if (kind == LaneKind::whole) add_words(picture, event);
    if (kind == LaneKind::steps) add_step(picture, event);
    if (kind == LaneKind::verdict) add_expectation(picture, event);
  }
  const std::vector<std::string> lanes = lanes_of(ordered);
  const std::size_t drawn = std::min(lanes.size(), lanes_max);
  picture.lanes_left_out = lanes.size() - drawn;
  for (std::size_t index = 0; index < drawn; ++index) {
    picture.lanes.push_back(make_lane(ordered, lanes[index], picture));
  }
  for (Verdict& verdict : picture.verdicts) {
    verdict.subject = printable(verdict.subject);
    verdict.why = printable(verdict.why);
  }
  conclude(picture);
  return picture;
}

}  // namespace fakeapi::lanes
