// What a step comes to, carried out: one function for each kind of action.
#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/run/play.hpp"

namespace fakeapi::run {
namespace {

using cluster::Duration;
using cluster::Instant;
using Error = std::optional<std::string>;

constexpr int first_error_status = 400;

Error refusal(const std::string& what, const cluster::Response& response) {
  if (response.status < first_error_status) return std::nullopt;
  const auto status = nlohmann::json::parse(response.body ? *response.body : "", nullptr, false);
  const bool says = status.is_object() && status.value("message", nlohmann::json()).is_string();
  return fmt::format("the {} was refused: {} {}", what, response.status,
                     says ? status.at("message").get<std::string>() : "");
}

}  // namespace

Error Play::carry_out_all(Instant now, const std::vector<scenario::Action>& actions) {
  for (scenario::Action action : actions) {
    if (options_.pods == PodNetwork::loopback) move_to_loopback(action);
    auto error = std::visit([&](const auto& what) { return carry_out(now, what); }, action);
    if (error) return error;
  }
  return std::nullopt;
}

Error Play::carry_out(Instant now, const scenario::Operate& operate) {
  return refusal(operate.method + " " + operate.path,
                 parts_.cluster.operate(now, operate.method, operate.path, operate.content_type,
                                        operate.body));
}

Error Play::carry_out(Instant now, const scenario::Apply& apply) {
  const nlohmann::json& object = *apply.object;
  return refusal(fmt::format("apply of {} {}", object.value("kind", ""),
                             object.at("metadata").value("name", "")),
                 parts_.cluster.apply(now, object));
}

Error Play::carry_out(Instant now, const scenario::Remove& remove) {
  const auto response =
      parts_.cluster.remove(now, remove.kind, remove.api_version, remove.namespace_name,
                            remove.name, remove.grace_period_seconds);
  constexpr int not_found = 404;  // it is so already
  if (response.status == not_found) return std::nullopt;
  return refusal(fmt::format("delete of {} {}", remove.kind, remove.name), response);
}

Error Play::carry_out(Instant now, const scenario::Listen& listen) {
  if (options_.pods == PodNetwork::none)
    return std::nullopt;  // so the truth stays: nothing listens
  if (const auto error = parts_.listeners.set(listen.address, listen.ports, listen.listening))
    return fmt::format("Pod {} cannot listen at {}: {}", listen.pod, listen.address, *error);
  const auto before = truth_->listening();
  truth_->apply(listen);
  const auto after = truth_->listening();
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!begun_ || before[i] == after[i]) continue;
    const auto& [service, count] = after[i];
    record_.truth[service].emplace_back(time(now), count);
    note(time(now), "truth/" + service, out_of(service, count),
         fmt::format("{} {} at {}", listen.pod,
                     listen.listening ? "listens" : "does not listen any more", listen.address));
  }
  return std::nullopt;
}

Error Play::carry_out(Instant now, const scenario::SetApi& api) {
  if (api_up_ == api.up) return std::nullopt;
  api_up_ = api.up;
  note(time(now), "api", api.up ? "up" : "down",
       api.up ? "the API server answers" : "the API server is away");
  return parts_.surroundings.set_api_up(api.up);
}

Error Play::carry_out(Instant now, const scenario::SetController& set) {
  following_[set.which] = set.following;
  follow_clock(now);
  return std::nullopt;
}

// A lag that a scenario sets is on its clock, so it shrinks with the speed, and stands while the
// clock stands.
void Play::follow_clock(Instant now) {
  for (const auto& [which, following] : following_) {
    const bool stands = clock_.paused() && following.lag > Duration{};
    const double lag = static_cast<double>(following.lag.count()) / clock_.speed();
    parts_.cluster.set_following(
        now,
        which == scenario::ControllerOf::endpoints ? cluster::Cluster::Followed::endpoints
                                                   : cluster::Cluster::Followed::endpoint_slices,
        following.paused || stands, Duration(static_cast<Duration::rep>(lag)));
  }
}

Error Play::carry_out(Instant, const scenario::ForgetHistory&) {
  parts_.cluster.compact(parts_.cluster.version());
  return std::nullopt;
}

Error Play::carry_out(Instant now, const scenario::SetCache& cache) {
  cache_held_ = cache.held;
  cache_lag_.reset();
  if (cache.held) {
    parts_.cluster.hold_cache(parts_.cluster.version());
  } else if (cache.lag > Duration{}) {
    cache_lag_ = cache.lag;
    move_caches(now);
  } else {
    parts_.cluster.hold_cache(std::nullopt);
  }
  return std::nullopt;
}

Error Play::carry_out(Instant now, const scenario::RollBack& back) {
  std::uint64_t version = 0;
  for (const auto& [at, newest] : versions_) {
    if (at <= back.to) version = newest;
  }
  const std::uint64_t oldest = parts_.cluster.oldest_version();
  if (version < oldest || version == 0) {
    return fmt::format("the scenario cannot go back to {}: the history of that time is gone",
                       scenario::to_text(back.to));
  }
  parts_.cluster.roll_back(now, version);
  // API servers are restarted with their etcd.
  parts_.surroundings.end_connections();
  return std::nullopt;
}

Error Play::carry_out(Instant now, const scenario::SetToken& token) {
  if (token.renewed) record_.token_renewals.push_back(now);
  return parts_.surroundings.set_token(now, token);
}

Error Play::carry_out(Instant, const scenario::SetAuthority& authority) {
  return parts_.surroundings.set_authority(authority);
}

Error Play::carry_out(Instant now, const scenario::SetRights& rights) {
  parts_.surroundings.set_rights(now, rights.rights);
  return std::nullopt;
}

}  // namespace fakeapi::run
