// Problems as text and in order.
#include "fakeapi/scenario/language/problem.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace fakeapi::scenario {
namespace {

auto order(const Problem& problem) {
  return std::tie(problem.line, problem.column, problem.message);
}

std::string placed(const Problem& problem) {
  std::string text = fmt::format("{}:{}: {}", problem.line, problem.column, problem.message);
  if (!problem.suggestion.empty())
    text += fmt::format(" (did you mean \"{}\"?)", problem.suggestion);
  return text;
}

}  // namespace

std::string to_string(const Problem& problem) {
  return fmt::format("{}:{}", problem.file, placed(problem));
}

std::string to_line(const Problem& problem) { return "line " + placed(problem); }

void Report::add(Place place, std::string message, std::string suggestion) {
  problems_.push_back({file_, place.line, place.column, std::move(message), std::move(suggestion)});
}

std::vector<Problem> Report::take() {
  std::stable_sort(problems_.begin(), problems_.end(),
                   [](const Problem& a, const Problem& b) { return order(a) < order(b); });
  auto last = std::unique(problems_.begin(), problems_.end(),
                          [](const Problem& a, const Problem& b) { return order(a) == order(b); });
  problems_.erase(last, problems_.end());
  return std::move(problems_);
}

}  // namespace fakeapi::scenario
