// The sentences are few, and each is only said when the log proves it: that the API misled is said
// when one of its lanes was stale at the very moment of the start.
#include "fakeapi/lanes/conclusion.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <fmt/core.h>

namespace fakeapi::lanes {
namespace {

bool is_stale_at(const Picture& picture, double at_seconds) {
  for (const Lane& lane : picture.lanes) {
    for (const Interval& interval : lane.intervals) {
      if (interval.state == State::stale && interval.span.from_seconds <= at_seconds &&
          at_seconds <= interval.span.to_seconds) {
        return true;
      }
    }
  }
  return false;
}

void add_sentence(Picture& picture, const std::string& sentence) {
  picture.conclusion += (picture.conclusion.empty() ? "" : " ") + sentence;
}

void conclude_starts(Picture& picture) {
  std::set<std::string> wrong;
  std::set<std::string> all;
  bool is_stale = true;
  for (const Verdict& verdict : picture.verdicts) {
    all.insert(verdict.subject);
    if (verdict.occasion != Occasion::start || verdict.right) continue;
    wrong.insert(verdict.subject);
    is_stale = is_stale && is_stale_at(picture, verdict.at_seconds);
  }
  if (wrong.empty()) return;
  const char* reason =
      is_stale ? "the API showed ready addresses where nothing listened." : "nothing listened yet.";
  const std::string who =
      all.size() == 1 ? *wrong.begin() : fmt::format("{} of {}", wrong.size(), all.size());
  add_sentence(picture, fmt::format("{} started too early: {}", who, reason));
}

void conclude_restarts(Picture& picture) {
  const auto count =
      std::count_if(picture.verdicts.begin(), picture.verdicts.end(), [](const Verdict& verdict) {
        return verdict.occasion == Occasion::restart && !verdict.right;
      });
  if (count == 0) return;
  add_sentence(
      picture,
      fmt::format("{} restart{} while nothing listened: no init container gates a restart.", count,
                  count == 1 ? "" : "s"));
}

void conclude_the_idle(Picture& picture) {
  for (const Verdict& verdict : picture.verdicts) {
    if (verdict.occasion != Occasion::never) continue;
    add_sentence(picture, fmt::format("{} never started, although everything listened at the end.",
                                      verdict.subject));
  }
}

void conclude_expectations(Picture& picture) {
  const std::vector<Expectation>& all = picture.expectations;
  if (all.empty()) return;
  const auto count = [&](Result result) {
    return std::count_if(all.begin(), all.end(),
                         [&](const Expectation& one) { return one.result == result; });
  };
  const auto failed = std::find_if(
      all.begin(), all.end(), [](const Expectation& one) { return one.result == Result::failed; });
  std::string& text = picture.expectations_met;
  text = fmt::format("{} of {} expectation{} met", count(Result::passed), all.size(),
                     all.size() == 1 ? "" : "s");
  if (count(Result::skipped) > 0) text += fmt::format(", {} skipped", count(Result::skipped));
  if (failed != all.end()) text += ". Failed: " + failed->sentence;
  if (failed != all.end()) {
    picture.expectations_outcome = Outcome::some_wrong;
  } else if (count(Result::skipped) == 0) {
    picture.expectations_outcome = Outcome::all_right;
  }
}

}  // namespace

void conclude(Picture& picture) {
  conclude_expectations(picture);
  if (picture.verdicts.empty()) return;
  conclude_starts(picture);
  conclude_restarts(picture);
  conclude_the_idle(picture);
  picture.outcome = picture.conclusion.empty() ? Outcome::all_right : Outcome::some_wrong;
  if (picture.outcome == Outcome::all_right) {
    picture.conclusion = "Every start was right: something listened.";
  }
}

}  // namespace fakeapi::lanes
