// The judge: walks through the log once and asks the truth at each start.
#include "fakeapi/lanes/verdict.hpp"

#include <algorithm>
#include <optional>

#include "fakeapi/lanes/truth.hpp"
#include "fakeapi/lanes/vocabulary.hpp"

namespace fakeapi::lanes {
namespace {

struct Subject {
  std::string name;
  bool waited = false;
  bool ran = false;
};

std::optional<Occasion> occasion_of(const Event& event) {
  if (event.what == "starts workload") return Occasion::start;
  if (event.what == "workload restarted") return Occasion::restart;
  return std::nullopt;
}

Subject& subject_of(std::vector<Subject>& subjects, const std::string& name) {
  for (Subject& subject : subjects) {
    if (subject.name == name) return subject;
  }
  return subjects.emplace_back(Subject{name});
}

void note(Subject& subject, const Event& event) {
  if (event.what == "started" || event.what == "believes ready" ||
      event.what == "believes not-ready" || event.what == "killed" ||
      event.what.rfind("exited ", 0) == 0) {
    subject.waited = true;
  }
  // It has not waited to the end: it is done, whatever that was.
  if (event.what == "exited 0") subject.ran = true;
  // An app that is up was started by somebody, even when the log does not say when.
  if (occasion_of(event) || event.what == "app up") subject.ran = true;
}

std::vector<Verdict> verdicts_on_the_idle(const std::vector<Subject>& subjects,
                                          const std::vector<Event>& ordered) {
  const double end_seconds = end_of(ordered);
  Truth at_end{ordered};
  for (const Event& event : ordered) {
    if (event.at_seconds <= end_seconds) at_end.hear(event);
  }
  std::vector<Verdict> verdicts;
  if (!at_end.all_listen()) return verdicts;
  for (const Subject& subject : subjects) {
    if (!subject.waited || subject.ran) continue;
    verdicts.push_back({subject.name, end_seconds, false, at_end.listening(), Occasion::never});
  }
  return verdicts;
}

}  // namespace

std::vector<Verdict> judge(const std::vector<Event>& events) {
  const std::vector<Event> ordered = in_order(events);
  Truth truth{ordered};
  if (!truth.has_services()) return {};
  std::vector<Verdict> verdicts;
  std::vector<Subject> subjects;
  for (const Event& event : ordered) {
    truth.hear(event);
    const LaneName lane = lane_name(event.lane);
    if (lane.kind != LaneKind::subject) continue;
    note(subject_of(subjects, lane.name), event);
    const auto occasion = occasion_of(event);
    if (!occasion) continue;
    const bool right = truth.all_listen();
    verdicts.push_back({lane.name, event.at_seconds, right,
                        right ? truth.listening() : truth.missing(), *occasion});
  }
  const std::vector<Verdict> idle = verdicts_on_the_idle(subjects, ordered);
  verdicts.insert(verdicts.end(), idle.begin(), idle.end());
  return verdicts;
}

}  // namespace fakeapi::lanes
