// What a subject says of itself is drawn as it says it; whether a start was right is the judge's
// word alone.
#include "fakeapi/lanes/subject_lane.hpp"

#include <optional>

#include <fmt/core.h>

#include "fakeapi/lanes/lane_builder.hpp"
#include "fakeapi/lanes/letters.hpp"

namespace fakeapi::lanes {
namespace {

class SubjectWalk {
 public:
  SubjectWalk(const std::string& lane, const std::vector<Verdict>& verdicts)
      : builder_{LaneKind::subject, lane_name(lane).name} {
    for (const Verdict& verdict : verdicts) {
      if (verdict.subject == lane_name(lane).name) verdicts_.push_back(verdict);
    }
  }

  void hear(const Event& event) {
    if (event.what == "starts workload") {
      start(event, Occasion::start);
    } else if (event.what == "workload restarted") {
      start(event, Occasion::restart);
    } else if (event.what == "app up") {
      builder_.begin(event.at_seconds, State::running, {"app up", "up"}, event.why);
    } else if (event.what == "app down") {
      builder_.begin(event.at_seconds, State::app_down, {"app down", "down"}, event.why);
    } else if (event.what.rfind("exited ", 0) == 0 || event.what == "killed") {
      exit(event);
    } else if (!wait(event)) {
      builder_.add_plain(event);
    }
  }

  Lane finish(double end_seconds) && {
    for (const Verdict& verdict : verdicts_) {
      if (verdict.occasion != Occasion::never) continue;
      builder_.add({verdict.at_seconds, MarkKind::never, "never starts its workload",
                    printable(verdict.why), ""});
    }
    return std::move(builder_).finish(end_seconds);
  }

 private:
  /// A waiter's words count until its workload runs; afterwards they are marks beside it, until it
  /// is started again.
  bool wait(const Event& event) {
    if (event.what == "started") has_started_ = false;
    const bool is_waiting = event.what == "started" || event.what == "believes not-ready";
    if (has_started_ || (!is_waiting && event.what != "believes ready")) return false;
    if (is_waiting) {
      builder_.begin(event.at_seconds, State::waiting, {"waits"}, event.why);
    } else {
      builder_.begin(event.at_seconds, State::believes, {"believes ready", "ready"}, event.why);
    }
    return true;
  }

  /// An init container exits with 0 and then its Pod's workload starts: the start says all of it.
  void exit(const Event& event) {
    if (event.what == "exited 0" && has_started_) return;
    builder_.begin(event.at_seconds, State::exited, {printable(event.what)}, event.why);
    if (event.what != "exited 0") builder_.add_plain(event);
  }

  void start(const Event& event, Occasion occasion) {
    has_started_ = true;
    const auto verdict = next_verdict();
    const char* verb = occasion == Occasion::start ? "starts its workload" : "restarted";
    Mark mark{event.at_seconds, MarkKind::unjudged,
              fmt::format("{} at {}", verb, seconds_text(event.at_seconds)), "",
              printable(event.why)};
    if (verdict) {
      mark.kind = verdict->right ? MarkKind::right : MarkKind::wrong;
      mark.judgement = printable(verdict->why);
    }
    const bool is_wrong = mark.kind == MarkKind::wrong;
    builder_.add(std::move(mark));
    if (is_wrong) {
      builder_.begin(event.at_seconds, State::too_early, {"workload runs, too early", "too early"},
                     event.why);
    } else {
      builder_.begin(event.at_seconds, State::running, {"workload runs", "runs"}, event.why);
    }
  }

  /// Verdicts come in the order of the starts that they judge.
  std::optional<Verdict> next_verdict() {
    if (verdict_ == verdicts_.size()) return std::nullopt;
    return verdicts_[verdict_++];
  }

  LaneBuilder builder_;
  std::vector<Verdict> verdicts_;
  std::size_t verdict_ = 0;
  bool has_started_ = false;
};

}  // namespace

Lane subject_lane(const std::vector<Event>& ordered, const std::string& lane,
                  const std::vector<Verdict>& verdicts, double end_seconds) {
  SubjectWalk walk{lane, verdicts};
  for (const Event& event : ordered) {
    if (event.lane == lane) walk.hear(event);
  }
  return std::move(walk).finish(end_seconds);
}

}  // namespace fakeapi::lanes
