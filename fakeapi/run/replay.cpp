#include "fakeapi/run/replay.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace fakeapi::run {

using cluster::Instant;

Replay::Replay(scenario::Timeline timeline, PodNetwork pods, cluster::Cluster& cluster,
               server::ApiServer& server, server::PodListeners& listeners, EventLog& log)
    : timeline_(std::move(timeline)),
      pods_(pods),
      cluster_(cluster),
      server_(server),
      listeners_(listeners),
      log_(log),
      truth_(timeline_.services) {
  if (!timeline_.about.empty()) log_.write(Instant{}, "", "title", timeline_.about);
  cluster_.on_change([this](Instant now, const cluster::Change& change) {
    const auto shown = api_lane_.observe(change);
    if (!shown) return;
    shown_[shown->service] = shown->ready;
    if (!begun_) return;
    log_.write(now, "api/" + shown->service, out_of(shown->service, shown->ready),
               fmt::format("EndpointSlices show {} ready", shown->ready));
  });
}

void Replay::begin() {
  begun_ = true;
  for (const auto& [service, count] : truth_.listening()) {
    log_.write(Instant{}, "truth/" + service, out_of(service, count), "at the start");
    log_.write(Instant{}, "api/" + service, out_of(service, shown_[service]), "at the start");
  }
}

std::string Replay::out_of(const std::string& service, int ready) const {
  const auto found =
      std::find_if(timeline_.services.begin(), timeline_.services.end(),
                   [&](const scenario::ServiceInfo& info) { return info.name == service; });
  return fmt::format("ready {}/{}", ready, found == timeline_.services.end() ? ready : found->pods);
}

std::optional<Instant> Replay::next_deadline() const {
  if (next_ == timeline_.steps.size()) return std::nullopt;
  return Instant{} + timeline_.steps[next_].at;
}

std::optional<std::string> Replay::advance(Instant now) {
  while (next_ < timeline_.steps.size() && Instant{} + timeline_.steps[next_].at <= now) {
    const scenario::Step& step = timeline_.steps[next_++];
    const Instant at = std::max(now, Instant{} + step.at);
    if (!step.why.empty()) log_.write(at, "steps", "step", step.why);
    for (const scenario::Action& action : step.actions) {
      const auto error = std::visit([&](const auto& what) { return carry_out(at, what); }, action);
      if (error) return error;
    }
  }
  return std::nullopt;
}

std::optional<std::string> Replay::carry_out(Instant now, const scenario::Operate& operate) {
  const auto response =
      cluster_.operate(now, operate.method, operate.path, operate.content_type, operate.body);
  constexpr int first_error_status = 400;
  if (response.status < first_error_status) return std::nullopt;
  return fmt::format("the scenario's {} {} was refused: {} {}", operate.method, operate.path,
                     response.status, response.body ? *response.body : "");
}

std::optional<std::string> Replay::carry_out(Instant now, const scenario::Listen& listen) {
  if (pods_ == PodNetwork::none) return std::nullopt;  // and so the truth stays: nothing listens
  if (const auto error = listeners_.set(listen.address, listen.ports, listen.listening)) {
    return fmt::format("Pod {} cannot listen at {}: {}", listen.pod, listen.address, *error);
  }
  const auto before = truth_.listening();
  truth_.apply(listen);
  const auto after = truth_.listening();
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!begun_ || before[i] == after[i]) continue;
    log_.write(
        now, "truth/" + after[i].first, out_of(after[i].first, after[i].second),
        fmt::format("{} {} at {}", listen.pod,
                    listen.listening ? "listens" : "does not listen any more", listen.address));
  }
  return std::nullopt;
}

std::optional<std::string> Replay::carry_out(Instant now, const scenario::SetApi& api) {
  log_.write(now, "api", api.up ? "up" : "down",
             api.up ? "the API server answers" : "the API server is away");
  const auto error = server_.set_up(api.up);
  if (!error) return std::nullopt;
  return "the API server cannot come back: " + error->message;
}

std::optional<std::string> Replay::carry_out(Instant now, const scenario::PauseControllers& pause) {
  cluster_.set_controllers_paused(now, pause.paused);
  return std::nullopt;
}

}  // namespace fakeapi::run
