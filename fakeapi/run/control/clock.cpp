// The scenario's clock, its steps and its events, by request.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"
#include "fakeapi/run/control/answers.hpp"
#include "fakeapi/run/control/control.hpp"
#include "fakeapi/run/control/event_wait.hpp"
#include "fakeapi/scenario/language/distribution.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::run {

using nlohmann::ordered_json;
using wire::Exchange;

namespace {

// Nobody looks on for longer, and sums of durations stay far from the end of 64 bits.
constexpr cluster::Duration seek_max = std::chrono::hours(24);

double in_seconds(cluster::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

/// Of those that have a time of their own; as nothing was drawn.
std::optional<cluster::Duration> last_step(const scenario::Scenario& scenario) {
  std::optional<cluster::Duration> last;
  for (const auto& step : scenario.steps)
    last = std::max(last, scenario::nominal_time(step.timing));
  return last;
}

std::optional<double> parse_speed(const std::string& text) {
  double speed = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), speed);
  const bool whole = error == std::errc{} && stop == text.data() + text.size();
  if (!whole || !(speed >= scenario::speed_min && speed <= scenario::speed_max))
    return std::nullopt;
  return speed;
}

}  // namespace

void Control::attach(Play& play, EventLog& log, std::function<void()> rearm) {
  play_ = &play;
  log_ = &log;
  rearm_ = std::move(rearm);
}

ordered_json Control::clock_json(cluster::Instant now) const {
  ordered_json clock = {{"time", in_seconds(play_->clock().at(now))},
                        {"paused", play_->clock().paused()},
                        {"pauses-when-back", play_->pauses_when_back()},
                        {"speed", play_->clock().speed()},
                        {"epoch", play_->epoch()},
                        {"end", in_seconds(play_->scenario().end)}};
  const auto next = play_->next_step();
  clock["next-step"] = next ? ordered_json(in_seconds(*next)) : ordered_json(nullptr);
  const auto last = last_step(play_->scenario());
  clock["last-step"] = last ? ordered_json(in_seconds(*last)) : ordered_json(nullptr);
  clock["waiting-steps"] = play_->waiting_steps();
  return clock;
}

Exchange Control::clock_answer(const Call& call) {
  if (rearm_) rearm_();
  return answered(call.now, 200, clock_json(call.now));
}

// The answer comes when the controllers have followed, unless the scenario holds them back.
Exchange Control::moved_answer(const Call& call) {
  if (rearm_) rearm_();
  return answered(call.now + controllers_follow, 200, clock_json(call.now));
}

Exchange Control::status(const Call& call) {
  ordered_json status = {{"fakeapi", WFE_VERSION},
                         {"clock", play_ == nullptr ? in_seconds(call.now.time_since_epoch())
                                                    : in_seconds(play_->clock().at(call.now))},
                         {"resourceVersion", std::to_string(parts_.cluster.version())},
                         {"cache", std::to_string(parts_.cluster.cached_version())},
                         {"connections", parts_.server.connection_count()},
                         {"streams", parts_.front.log().open_streams()},
                         {"requests", parts_.front.log().count()},
                         {"faults", parts_.front.faults().entries().size()}};
  if (play_ != nullptr) {
    status["scenario"] = play_->scenario().name;
    status["about"] = play_->scenario().about;
    status["seed"] = play_->seed();
    status["scenario-clock"] = clock_json(call.now);
  }
  return answered(call.now, 200, status);
}

Exchange Control::pause(const Call& call) {
  play_->pause(call.now);
  return clock_answer(call);
}

Exchange Control::resume(const Call& call) {
  play_->resume(call.now);
  return clock_answer(call);
}

// To the next step that has a time of its own, and no further.
Exchange Control::step(const Call& call) {
  const auto next = play_->next_step();
  if (!next) {
    return refused(call.now, 409, "Conflict",
                   play_->waiting_steps() > 0
                       ? "no step has a time of its own any more: what is left waits for clients"
                       : "the scenario has no further step");
  }
  play_->pause(call.now);
  if (const auto error = play_->seek(call.now, std::max(*next, play_->clock().at(call.now))))
    return refused(call.now, 500, "InternalError", *error);
  return moved_answer(call);
}

// Forward all steps on the way are done at once; backward is a new epoch.
Exchange Control::seek(const Call& call) {
  const Body body(call.request, seek_mapping());
  if (body.error) return bad_request(call.now, *body.error);
  const cluster::Duration to = *scenario::parse_duration(*body.text("to"));
  if (to > seek_max) {
    return bad_request(
        call.now, fmt::format("to: {} is more than 24h", cluster::in_quotes(*body.text("to"))));
  }
  if (const auto error = play_->seek(call.now, to))
    return refused(call.now, 500, "InternalError", *error);
  return moved_answer(call);
}

Exchange Control::speed(const Call& call) {
  const Body body(call.request, speed_mapping());
  if (body.error) return bad_request(call.now, *body.error);
  const auto speed = parse_speed(*body.text("speed"));
  if (!speed) {
    return bad_request(call.now, fmt::format("speed: {} is not a number from {} to {}",
                                             cluster::in_quotes(*body.text("speed")),
                                             scenario::speed_min, scenario::speed_max));
  }
  play_->set_speed(call.now, *speed);
  return clock_answer(call);
}

Exchange Control::restart(const Call& call) {
  if (const auto error = play_->restart(call.now))
    return refused(call.now, 500, "InternalError", *error);
  return moved_answer(call);
}

Exchange Control::list_events(const Call& call) {
  auto query = parse_event_query(call.uri);
  if (const auto* error = std::get_if<std::string>(&query)) return bad_request(call.now, *error);
  log_->listen();
  return answer_event_query(call.now, *log_, std::get<EventQuery>(query));
}

Exchange Control::add_event(const Call& call) {
  const Body body(call.request, event_mapping());
  if (body.error) return bad_request(call.now, *body.error);
  log_->write(cluster::Instant(play_->clock().at(call.now)), *body.text("lane"), *body.text("what"),
              body.text("why").value_or(""));
  return answered(call.now, 201, {{"at", in_seconds(play_->clock().at(call.now))}});
}

}  // namespace fakeapi::run
