// Streams are known by their numbers; a number that is opened again, as in logs of two servers, is
// another stream, and an end belongs to the one that was opened last.
#include "fakeapi/lanes/traffic_lane.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "fakeapi/lanes/lane_builder.hpp"
#include "fakeapi/lanes/letters.hpp"

namespace fakeapi::lanes {
namespace {

/// "watch endpointslices" of "watch endpointslices /apis/...": the target only says where.
std::string label_of(std::string_view text) {
  const std::size_t target = text.find(" /");
  return std::string{text.substr(0, target)};
}

Answer answer_of(int status) {
  if (status == 0) return Answer::no_answer;
  return status < 400 ? Answer::ok : Answer::refused;
}

class ClientWalk {
 public:
  ClientWalk(const std::string& lane, double end_seconds)
      : builder_{LaneKind::client, lane_name(lane).name}, end_seconds_{end_seconds} {}

  void hear(const Event& event) {
    const double at_seconds = std::clamp(event.at_seconds, 0.0, end_seconds_);
    if (event.at_seconds > end_seconds_) return;
    if (const auto status = parse_answered(event.what)) {
      requests_.push_back({at_seconds, answer_of(*status), *status, printable(event.why)});
    } else if (const auto change = parse_stream(event.what)) {
      change->is_open ? open(*change, event, at_seconds) : end(*change, event, at_seconds);
    } else {
      builder_.add_plain(event);
    }
  }

  Lane finish() && {
    Lane lane = std::move(builder_).finish(end_seconds_);
    give_rows(streams_);
    lane.summary = summary_of(requests_, streams_);
    lane.requests = std::move(requests_);
    lane.streams = std::move(streams_);
    return lane;
  }

 private:
  void open(const StreamChange& change, const Event& event, double at_seconds) {
    open_[change.number] = streams_.size();
    Stream stream;
    stream.span = {at_seconds, end_seconds_};
    stream.text = printable(event.why);
    stream.label = label_of(stream.text);
    streams_.push_back(std::move(stream));
  }

  void end(const StreamChange& change, const Event& event, double at_seconds) {
    const auto found = open_.find(change.number);
    if (found == open_.end()) return builder_.add_plain(event);
    Stream& stream = streams_[found->second];
    stream.span.to_seconds = at_seconds;
    stream.is_open = false;
    stream.is_cut = event.why.rfind("fault ", 0) == 0;
    stream.how = printable(event.why);
    open_.erase(found);
  }

  LaneBuilder builder_;
  double end_seconds_;
  std::vector<Request> requests_;
  std::vector<Stream> streams_;
  std::map<int, std::size_t> open_;
};

}  // namespace

Lane client_lane(const std::vector<Event>& ordered, const std::string& lane, double end_seconds) {
  ClientWalk walk{lane, end_seconds};
  for (const Event& event : ordered) {
    if (event.lane == lane) walk.hear(event);
  }
  return std::move(walk).finish();
}

Lane fault_lane(const std::vector<Event>& ordered, const std::string& lane, double end_seconds) {
  LaneBuilder builder{LaneKind::fault, lane_name(lane).name};
  std::vector<Request> met;
  for (const Event& event : ordered) {
    if (event.lane != lane) continue;
    if (event.what == "active") {
      builder.begin(event.at_seconds, State::fault, {printable(event.why), "on"}, event.why);
    } else if (event.what == "over") {
      builder.end(event.at_seconds);
    } else if (event.what == "met" && event.at_seconds <= end_seconds) {
      met.push_back({std::max(0.0, event.at_seconds), Answer::met, 0, printable(event.why)});
    } else {
      builder.add_plain(event);
    }
  }
  Lane drawn = std::move(builder).finish(end_seconds);
  // What the fault does, which its bar may have no room for, comes first.
  if (!drawn.intervals.empty() && !drawn.intervals.front().why.empty()) {
    drawn.summary = drawn.intervals.front().why + "; ";
  }
  if (met.empty()) {
    drawn.summary += "met no request";
  } else {
    drawn.summary += fmt::format("met {} request{}", met.size(), met.size() == 1 ? "" : "s");
    if (!met.front().text.empty()) drawn.summary += ", the first: " + met.front().text;
  }
  drawn.requests = std::move(met);
  return drawn;
}

}  // namespace fakeapi::lanes
