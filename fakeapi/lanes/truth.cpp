// Bookkeeping of the truth lanes, in the order in which the log first names them.
#include "fakeapi/lanes/truth.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace fakeapi::lanes {

Truth::Truth(const std::vector<Event>& events) {
  for (const Event& event : events) {
    LaneName lane = lane_name(event.lane);
    if (lane.kind != LaneKind::truth || !parse_readiness(event.what)) continue;
    const bool is_known =
        std::any_of(services_.begin(), services_.end(),
                    [&](const Service& known) { return known.name == lane.name; });
    if (!is_known) services_.push_back({std::move(lane.name), std::nullopt});
  }
}

void Truth::hear(const Event& event) {
  const LaneName lane = lane_name(event.lane);
  if (lane.kind != LaneKind::truth) return;
  const auto readiness = parse_readiness(event.what);
  if (!readiness) return;
  for (Service& service : services_) {
    if (service.name == lane.name) service.now = readiness;
  }
}

bool Truth::all_listen() const {
  return std::all_of(services_.begin(), services_.end(),
                     [](const Service& service) { return service.now && service.now->ready > 0; });
}

bool Truth::any_is_empty() const {
  return std::any_of(services_.begin(), services_.end(),
                     [](const Service& service) { return service.now && service.now->ready == 0; });
}

std::string Truth::listening() const {
  std::string text;
  for (const Service& service : services_) {
    const Readiness now = service.now.value_or(Readiness{});
    text += fmt::format("{}{} {}/{}", text.empty() ? "" : ", ", service.name, now.ready, now.pods);
  }
  return text + " listened";
}

std::string Truth::missing() const {
  if (services_.size() == 1) return "nothing listened";
  std::string text;
  for (const Service& service : services_) {
    if (service.now && service.now->ready > 0) continue;
    text += (text.empty() ? "nothing listened for " : ", ") + service.name;
  }
  return text;
}

}  // namespace fakeapi::lanes
