// When what happens; what it comes to is carried out in play_actions.cpp.
#include "fakeapi/run/play.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/fault/words.hpp"

namespace fakeapi::run {
namespace {

using cluster::Duration;
using cluster::Instant;

bool asks_for_the_past(const scenario::Scenario& scenario) {
  return std::any_of(scenario.faults.begin(), scenario.faults.end(),
                     [](const auto& fault) { return fault.action.replica.has_value(); }) ||
         std::any_of(scenario.steps.begin(), scenario.steps.end(), [](const auto& step) {
           return step.roll_back.has_value() || (step.cache && step.cache->lag > Duration{});
         });
}

// The first word of a User-Agent: two versions of a program are two lanes, its systems are not.
std::string client_name(const std::string& user_agent) {
  const std::string name = user_agent.substr(0, user_agent.find(' '));
  return name.empty() ? "unknown" : name;
}

std::string what_was_asked(const scenario::RequestSeen& request) {
  const cluster::Attributes& a = request.attributes;
  if (!a.is_resource) return a.verb + " " + request.target;
  const std::string sub = a.subresource.empty() ? "" : "/" + a.subresource;
  return fmt::format("{} {}{} {}", a.verb, a.resource, sub, request.target);
}

std::string what_it_does(const fault::Action& action) {
  return fmt::format("{}: {}", fault::to_string(fault::faithfulness(action)),
                     fault::in_words(action));
}

}  // namespace

Play::Play(scenario::Scenario scenario, Options options, Parts parts)
    : scenario_(std::move(scenario)),
      options_(options),
      parts_(parts),
      clock_(options.speed),
      start_(parts.cluster.snapshot()),
      keeps_versions_(asks_for_the_past(scenario_)) {
  parts_.cluster.on_change(
      [this](Instant now, const cluster::Change& change) { changed(now, change); });
  reset();
}

void Play::reset() {
  if (!scenario_.about.empty()) note({}, "", "title", scenario_.about);
  schedule_.emplace(scenario_, options_.seed);
  world_.emplace(scenario_);
  truth_.emplace(scenario::service_infos(scenario_));
  for (const fault::Fault& fault : scenario_.faults) {
    parts_.faults.put(fault);
    windows_[fault.name] = false;
  }
  created_ = healed_ = false;
  versions_.clear();
}

void Play::changed(Instant now, const cluster::Change& change) {
  if (keeps_versions_) note_version(now);
  const auto shown = api_lane_.observe(change);
  if (!shown) return;
  shown_[shown->service] = shown->ready;
  if (!begun_) return;
  note(time(now), "api/" + shown->service, out_of(shown->service, shown->ready),
       fmt::format("EndpointSlices show {} ready", shown->ready));
}

// What a seek does at once has happened at the times of its steps, just after them, as if the clock
// had run: a step that asks for the past finds it.
void Play::note_version(Instant now) {
  constexpr Duration just_after = std::chrono::milliseconds(1);
  const std::uint64_t version = parts_.cluster.version();
  Duration at = jumped_to_ ? *jumped_to_ + just_after : time(now);
  if (!versions_.empty()) at = std::max(at, versions_.back().first);
  if (!versions_.empty() && versions_.back().first == at) {
    versions_.back().second = version;
  } else {
    versions_.emplace_back(at, version);
  }
}

void Play::note(Duration at, std::string lane, std::string what, std::string why) {
  parts_.log.write(Instant(at), std::move(lane), std::move(what), std::move(why));
}

void Play::begin() {
  begun_ = true;
  start_version_ = parts_.cluster.version();
  for (const auto& [service, count] : truth_->listening()) {
    note({}, "truth/" + service, out_of(service, count), "at the start");
    note({}, "api/" + service, out_of(service, shown_[service]), "at the start");
    record_.truth[service].emplace_back(Duration{}, count);
  }
}

std::string Play::out_of(const std::string& service, int ready) const {
  int pods = ready;
  const auto counts = world_->pod_counts();
  for (std::size_t i = 0; i < scenario_.services.size(); ++i) {
    if (scenario_.services[i].name == service) pods = counts[i];
  }
  for (const scenario::ServiceInfo& info : scenario_.other_services) {
    if (info.name == service) pods = info.pods;
  }
  return fmt::format("ready {}/{}", ready, std::max(pods, ready));
}

// What has a time of its own: steps, edges of windows, the end of all faults, and a cache that
// comes after.
std::optional<Duration> Play::next_time(Duration now) const {
  std::optional<Duration> next = created_ ? schedule_->next() : Duration{};
  const auto consider = [&next](Duration time) { next = std::min(next.value_or(time), time); };
  if (scenario_.heal && !healed_) consider(*scenario_.heal);
  if (const auto edge = parts_.faults.next_change(Instant(now))) consider(edge->time_since_epoch());
  for (const auto& lag : {cache_lag_, replica_lag_}) {
    if (!lag) continue;
    // The first change that a cache so far behind does not show yet.
    const auto change =
        std::upper_bound(versions_.begin(), versions_.end(), now - *lag,
                         [](Duration time, const auto& version) { return time < version.first; });
    if (change != versions_.end()) consider(change->first + *lag);
  }
  return next;
}

std::optional<Instant> Play::next_deadline(Instant now) const {
  const auto next = next_time(time(now));
  return next ? clock_.when(now, *next) : std::nullopt;
}

std::optional<std::string> Play::advance(Instant now) {
  const Duration until = time(now);
  if (!created_) {
    created_ = true;
    scenario::Report report("");
    const auto first = schedule_->next();
    if (!first || *first > Duration{}) {
      if (const auto error = carry_out_all(now, world_->create(nullptr, 0, report))) return error;
    } else {
      const auto firing = *schedule_->take({});
      const auto actions = world_->create(firing.step, firing.round, report);
      if (!firing.step->why.empty()) note({}, "steps", "step", firing.step->why);
      if (const auto error = carry_out_all(now, actions)) return error;
    }
  }
  if (const auto error = take_steps(now, until)) return error;
  follow_windows(until);
  move_caches(now);
  stay_reachable(now);
  return std::nullopt;
}

// Steps, and the end of all faults, in the order of their times: a seek does many at once.
std::optional<std::string> Play::take_steps(Instant now, Duration until) {
  while (true) {
    const auto next = schedule_->next();
    const bool heals = scenario_.heal && !healed_ && *scenario_.heal <= until;
    if (heals && (!next || *next > *scenario_.heal)) {
      healed_ = true;
      if (auto error = heal(now)) return error;
    } else if (const auto firing = schedule_->take(until)) {
      if (auto error = perform(now, *firing)) return error;
    } else {
      return std::nullopt;
    }
  }
}

std::optional<std::string> Play::perform(Instant now, const scenario::Schedule::Firing& firing) {
  const scenario::ScenarioStep& step = *firing.step;
  // A trigger without a delay fires when it is seen, which is never before its request.
  const Duration at = std::max(firing.at, step.timing.trigger ? time(now) : firing.at);
  if (!step.why.empty()) {
    note(at, "steps", "step", step.why);
    if (on_step) on_step(at, step.why);
  }
  scenario::Report report(scenario_.name);
  const auto actions = world_->perform(step, firing.round, report);
  if (!report.empty()) return scenario::to_string(report.take().front());
  if (jumped_to_) jumped_to_ = at;
  return carry_out_all(now, actions);
}

// The API is well again; what the Pods do is the scenario's own affair.
std::optional<std::string> Play::heal(Instant now) {
  const bool was_ill = !parts_.faults.empty() || !api_up_ || cache_held_ || cache_lag_ ||
                       std::any_of(following_.begin(), following_.end(), [](const auto& each) {
                         return !(each.second == scenario::Following{});
                       });
  for (const fault::Fault& fault : scenario_.faults) parts_.faults.remove(fault.name);
  if (!was_ill) return std::nullopt;
  note(time(now), "steps", "step", "all faults end, the API is well");
  if (on_step) on_step(time(now), "all faults end, the API is well");
  let_all_follow(now);
  return api_up_ ? std::nullopt : carry_out(now, scenario::SetApi{true});
}

void Play::let_all_follow(Instant now) {
  for (const auto which :
       {scenario::ControllerOf::endpoints, scenario::ControllerOf::endpoint_slices})
    carry_out(now, scenario::SetController{which, {}});
  carry_out(now, scenario::SetCache{});
}

void Play::follow_windows(Duration time_now) {
  for (const auto& entry : parts_.faults.entries()) windows_.try_emplace(entry.fault->name, false);
  for (auto& [name, open] : windows_) {
    const auto* entry = parts_.faults.find(name);
    const bool holds = entry != nullptr && entry->fault->window.holds(Instant(time_now));
    if (holds == open) continue;
    open = holds;
    note(time_now, "fault/" + name, holds ? "active" : "over",
         entry != nullptr ? what_it_does(entry->fault->action) : "it is taken back");
    const auto replica = entry != nullptr ? entry->fault->action.replica : std::nullopt;
    if (holds && replica) open_replica(time_now, name, *replica);
    if (!holds && replica_of_ == name) close_replica();
  }
  std::erase_if(windows_,
                [&](const auto& each) { return parts_.faults.find(each.first) == nullptr; });
}

void Play::open_replica(Duration time_now, const std::string& fault,
                        const fault::Replica& replica) {
  replica_of_ = fault;
  replica_lag_ = replica.held ? std::nullopt : std::optional(replica.lag);
  parts_.cluster.hold_cache(version_at(replica.held ? time_now : time_now - replica.lag),
                            cluster::Cluster::Server::replica);
}

void Play::close_replica() {
  replica_of_.clear();
  replica_lag_.reset();
  parts_.cluster.hold_cache(std::nullopt, cluster::Cluster::Server::replica);
}

/// The newest version of a time, as far as it is still known; before the start there was nothing
/// that a client could have seen.
std::uint64_t Play::version_at(Duration wanted) const {
  std::uint64_t version = versions_.empty() ? parts_.cluster.version() : versions_.front().second;
  for (const auto& [at, newest] : versions_) {
    if (at <= wanted) version = newest;
  }
  return std::max({version, start_version_, parts_.cluster.oldest_version()});
}

// A cache that lags shows what was so long ago.
void Play::move_caches(Instant now) {
  using Server = cluster::Cluster::Server;
  if (cache_lag_) parts_.cluster.hold_cache(version_at(time(now) - *cache_lag_), Server::first);
  if (replica_lag_)
    parts_.cluster.hold_cache(version_at(time(now) - *replica_lag_), Server::replica);
}

bool Play::wants_requests() const {
  return options_.keeps_record || schedule_->waiting() > 0 || parts_.log.wants_requests();
}

void Play::request_came(const scenario::RequestSeen& request) {
  const fault::Arrival arrival{request.connection, request.user_agent, &request.attributes};
  schedule_->request_came(request.at, arrival);
  if (request.is_stream) schedule_->stream_opened(request.at, request.number, arrival);
  if (options_.keeps_record) record_.requests.push_back(request);
  if (!parts_.log.wants_requests()) return;
  const std::string lane = "client/" + client_name(request.user_agent);
  const std::string asked = what_was_asked(request);
  if (!request.fault.empty())
    note(request.at, "fault/" + request.fault, "met",
         fmt::format("{} of {}", asked.substr(0, asked.find(" /")),
                     client_name(request.user_agent)));
  if (request.is_stream) {
    open_streams_.emplace(request.number, lane);
    note(request.at, lane, fmt::format("stream {} open", request.number), asked);
  } else {
    const std::string by = request.fault.empty() ? "" : " (fault " + request.fault + ")";
    note(request.at, lane, fmt::format("answered {}", request.status), asked + by);
  }
}

void Play::connection_met(Instant now, const fault::Fault& fault, std::uint64_t connection) {
  if (parts_.log.wants_requests())
    note(time(now), "fault/" + fault.name, "met", fmt::format("connection {}", connection));
}

void Play::stream_ended(Instant now, std::uint64_t number, bool by_server) {
  schedule_->stream_ended(number);
  if (options_.keeps_record) {
    // Numbers rise, so it is found at once.
    const auto entry = std::lower_bound(record_.requests.begin(), record_.requests.end(), number,
                                        [](const scenario::RequestSeen& seen,
                                           std::uint64_t wanted) { return seen.number < wanted; });
    if (entry != record_.requests.end() && entry->number == number) entry->ended = now;
  }
  const auto lane = open_streams_.find(number);
  if (lane == open_streams_.end()) return;
  note(time(now), lane->second, fmt::format("stream {} ended", number),
       by_server ? "the server closed it" : "the client left");
  open_streams_.erase(lane);
}

}  // namespace fakeapi::run
