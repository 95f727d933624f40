// Clipping and merging, once for all kinds of lanes.
#include "fakeapi/lanes/lane_builder.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "fakeapi/lanes/letters.hpp"

namespace fakeapi::lanes {

namespace {

// Real controllers follow within some hundredths of a second (recordings: traces/*). That lag is
// another thing than what a reader takes a stale address for.
constexpr double lag_seconds_max = 0.05;

void drop_controllers_lag(std::vector<Interval>& intervals) {
  for (std::size_t i = 0; i + 1 < intervals.size(); ++i) {
    const Span& span = intervals[i].span;
    if (intervals[i].state != State::stale || span.to_seconds - span.from_seconds > lag_seconds_max)
      continue;
    if (intervals[i + 1].span.from_seconds <= span.to_seconds)
      intervals[i + 1].span.from_seconds = span.from_seconds;
    intervals.erase(intervals.begin() + static_cast<std::ptrdiff_t>(i--));
  }
}

}  // namespace

LaneBuilder::LaneBuilder(LaneKind kind, std::string name) {
  lane_.kind = kind;
  lane_.name = printable(name);
}

void LaneBuilder::begin(double at_seconds, State state, std::vector<std::string> labels,
                        std::string why) {
  if (open_ && open_->state == state && open_->labels == labels) return;
  end(at_seconds);
  open_ = Interval{{at_seconds, at_seconds}, state, std::move(labels), printable(why)};
}

void LaneBuilder::end(double at_seconds) {
  if (!open_) return;
  open_->span.to_seconds = at_seconds;
  if (at_seconds > open_->span.from_seconds) lane_.intervals.push_back(*std::move(open_));
  open_.reset();
}

void LaneBuilder::add(Mark mark) { lane_.marks.push_back(std::move(mark)); }

void LaneBuilder::add_plain(const Event& event) {
  add({event.at_seconds, MarkKind::plain, text_of(event), "", ""});
}

std::optional<State> LaneBuilder::state() const {
  return open_ ? std::optional{open_->state} : std::nullopt;
}

Lane LaneBuilder::finish(double end_seconds) && {
  end(std::max(end_seconds, open_ ? open_->span.from_seconds : end_seconds));
  for (Interval& interval : lane_.intervals) {
    interval.span.from_seconds = std::clamp(interval.span.from_seconds, 0.0, end_seconds);
    interval.span.to_seconds = std::clamp(interval.span.to_seconds, 0.0, end_seconds);
  }
  std::erase_if(lane_.intervals, [](const Interval& interval) {
    return interval.span.to_seconds <= interval.span.from_seconds;
  });
  drop_controllers_lag(lane_.intervals);
  std::erase_if(lane_.marks, [&](const Mark& mark) {
    return mark.kind == MarkKind::plain && mark.at_seconds > end_seconds;
  });
  for (Mark& mark : lane_.marks) mark.at_seconds = std::clamp(mark.at_seconds, 0.0, end_seconds);
  return std::move(lane_);
}

std::string text_of(const Event& event) {
  if (event.why.empty()) return printable(event.what);
  if (event.what.empty() || event.what == "mark" || event.what == "step") {
    return printable(event.why);
  }
  return printable(event.what + ": " + event.why);
}

}  // namespace fakeapi::lanes
