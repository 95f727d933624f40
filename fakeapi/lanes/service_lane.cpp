// Each lane is a walk through the whole log that keeps what its own state depends on: for the API's
// lane its own last word, the truth of the same service, and whether the server is up.
#include "fakeapi/lanes/service_lane.hpp"

#include <optional>

#include <fmt/core.h>

#include "fakeapi/lanes/lane_builder.hpp"

namespace fakeapi::lanes {
namespace {

State state_of(Readiness readiness) {
  if (readiness.ready == 0) return State::none;
  return readiness.ready < readiness.pods ? State::some : State::all;
}

std::vector<std::string> labels_of(Readiness readiness, std::string_view verb) {
  const std::string count = fmt::format("{}/{}", readiness.ready, readiness.pods);
  return {fmt::format("{} {}", count, verb), count, fmt::format("{}", readiness.ready)};
}

struct ApiSeen {
  std::optional<Readiness> shown;
  std::optional<Readiness> truth;
  bool is_up = true;
};

void draw(LaneBuilder& builder, const ApiSeen& seen, const Event& event) {
  if (!seen.is_up) {
    builder.begin(event.at_seconds, State::unreachable, {"API unreachable", "down", "?"},
                  event.why);
    return;
  }
  if (!seen.shown) {
    builder.end(event.at_seconds);
    return;
  }
  const bool is_stale = seen.shown->ready > 0 && seen.truth && seen.truth->ready == 0;
  if (!is_stale) {
    builder.begin(event.at_seconds, state_of(*seen.shown), labels_of(*seen.shown, "shown"),
                  event.why);
    return;
  }
  const std::string count = fmt::format("{}/{}", seen.shown->ready, seen.shown->pods);
  builder.begin(event.at_seconds, State::stale,
                {fmt::format("STALE: {} shown, none listens", count),
                 fmt::format("STALE: {} shown", count), "STALE " + count, "STALE"},
                event.why);
}

}  // namespace

Lane truth_lane(const std::vector<Event>& ordered, const std::string& lane, double end_seconds) {
  LaneBuilder builder{LaneKind::truth, lane_name(lane).name};
  for (const Event& event : ordered) {
    if (event.lane != lane) continue;
    if (const auto readiness = parse_readiness(event.what)) {
      auto labels = labels_of(*readiness, readiness->ready == 1 ? "listens" : "listen");
      if (readiness->ready == 0) labels[0] = labels[1] + ": nothing listens";
      builder.begin(event.at_seconds, state_of(*readiness), std::move(labels), event.why);
    } else {
      builder.add_plain(event);
    }
  }
  return std::move(builder).finish(end_seconds);
}

Lane api_server_lane(const std::vector<Event>& ordered, double end_seconds) {
  LaneBuilder builder{LaneKind::api_server, lane_name("api").name};
  for (const Event& event : ordered) {
    if (event.lane != "api") continue;
    if (event.what == "up") {
      builder.begin(event.at_seconds, State::up, {"answers", "up"}, event.why);
    } else if (event.what == "down") {
      builder.begin(event.at_seconds, State::unreachable, {"refuses connections", "down", "?"},
                    event.why);
    } else {
      builder.add_plain(event);
    }
  }
  return std::move(builder).finish(end_seconds);
}

Lane api_lane(const std::vector<Event>& ordered, const std::string& lane, double end_seconds) {
  const std::string service = lane_name(lane).name;
  LaneBuilder builder{LaneKind::api, service};
  ApiSeen seen;
  for (const Event& event : ordered) {
    const auto readiness = parse_readiness(event.what);
    if (event.lane == lane && readiness) {
      seen.shown = readiness;
    } else if (event.lane == lane) {
      builder.add_plain(event);
      continue;
    } else if (event.lane == "truth/" + service && readiness) {
      seen.truth = readiness;
    } else if (event.lane == "api" && (event.what == "up" || event.what == "down")) {
      seen.is_up = event.what == "up";
    } else {
      continue;
    }
    draw(builder, seen, event);
  }
  return std::move(builder).finish(end_seconds);
}

}  // namespace fakeapi::lanes
