// The parser of the log's words. It is forgiving where event.cpp is strict: a word that is not
// known here is still something that happened, and is drawn as a mark.
#include "fakeapi/lanes/vocabulary.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/core.h>

namespace fakeapi::lanes {
namespace {

constexpr std::size_t digits_max = 9;  // what fits an int for certain

std::optional<int> parse_count(std::string_view text) {
  if (text.empty() || text.size() > digits_max) return std::nullopt;
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  int count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

}  // namespace

LaneName lane_name(std::string_view lane) {
  if (lane.empty()) return {LaneKind::whole, ""};
  if (lane == "steps") return {LaneKind::steps, ""};
  if (lane == "verdict") return {LaneKind::verdict, ""};
  if (lane == "api") return {LaneKind::api_server, "API server"};
  for (const auto& [prefix, kind] : {std::pair{std::string_view{"truth/"}, LaneKind::truth},
                                     std::pair{std::string_view{"api/"}, LaneKind::api},
                                     std::pair{std::string_view{"client/"}, LaneKind::client},
                                     std::pair{std::string_view{"fault/"}, LaneKind::fault},
                                     std::pair{std::string_view{"subject/"}, LaneKind::subject}}) {
    if (lane.size() > prefix.size() && lane.substr(0, prefix.size()) == prefix) {
      return {kind, std::string{lane.substr(prefix.size())}};
    }
  }
  return {LaneKind::other, std::string{lane}};
}

std::optional<Readiness> parse_readiness(std::string_view what) {
  constexpr std::string_view word = "ready ";
  const std::size_t slash = what.find('/');
  if (what.substr(0, word.size()) != word || slash == std::string_view::npos) return std::nullopt;
  const auto ready = parse_count(what.substr(word.size(), slash - word.size()));
  const auto pods = parse_count(what.substr(slash + 1));
  if (!ready || !pods) return std::nullopt;
  return Readiness{*ready, *pods};
}

std::optional<int> parse_answered(std::string_view what) {
  constexpr std::string_view word = "answered ";
  if (what.substr(0, word.size()) != word) return std::nullopt;
  const auto status = parse_count(what.substr(word.size()));
  if (!status || (*status != 0 && (*status < 100 || *status > 599))) return std::nullopt;
  return status;
}

std::optional<StreamChange> parse_stream(std::string_view what) {
  constexpr std::string_view word = "stream ";
  if (what.substr(0, word.size()) != word) return std::nullopt;
  what.remove_prefix(word.size());
  const std::size_t blank = what.find(' ');
  const auto number = parse_count(what.substr(0, blank));
  if (!number || blank == std::string_view::npos) return std::nullopt;
  const std::string_view happened = what.substr(blank + 1);
  if (happened != "open" && happened != "ended") return std::nullopt;
  return StreamChange{*number, happened == "open"};
}

std::vector<Event> in_order(std::vector<Event> events) {
  std::erase_if(events, [](const Event& event) { return !std::isfinite(event.at_seconds); });
  std::stable_sort(events.begin(), events.end(), [](const Event& left, const Event& right) {
    return left.at_seconds < right.at_seconds;
  });
  return events;
}

double end_of(const std::vector<Event>& events) {
  std::optional<double> end;
  double last = 0;
  for (const Event& event : events) {
    if (!std::isfinite(event.at_seconds)) continue;
    if (event.lane.empty() && event.what == "end") {
      end = std::max(end.value_or(event.at_seconds), event.at_seconds);
    }
    last = std::max(last, event.at_seconds);
  }
  return std::max(0.0, end.value_or(last));
}

std::string seconds_text(double seconds) {
  constexpr double plain_max = 1e5;  // beyond a day, digits after the point only take room
  return std::abs(seconds) < plain_max ? fmt::format("{:.1f} s", seconds)
                                       : fmt::format("{:.2g} s", seconds);
}

}  // namespace fakeapi::lanes
