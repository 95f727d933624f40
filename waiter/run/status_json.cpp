// What a guard knows, for machines. The texts of the API server in it may be anything: what is no
// UTF-8 is replaced.
#include <chrono>

#include <nlohmann/json.hpp>

#include "waiter/run/guard_report.hpp"
#include "waiter/run/log.hpp"

namespace waiter::run {
namespace {

using Json = nlohmann::ordered_json;

double seconds_of(core::Duration duration) {
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(duration);
  return static_cast<double>(whole.count()) / 1000.0;
}

Json json_of(const core::DependencyStatus& status) {
  Json waiting_for = Json::array();
  for (const core::Backend& backend : status.waiting_for) {
    waiting_for.push_back({{"name", backend.name}, {"state", name_of(backend.state)}});
  }
  Json unanswered = Json::array();
  for (const core::Unanswered& one : status.unanswered) {
    unanswered.push_back(
        {{"address", one.target.address}, {"port", one.target.port}, {"error", one.error}});
  }
  const bool met = status.reason == core::Reason::met;
  return {{"dependency", core::to_string(status.dependency)},
          {"met", met},
          {"reason", name_of(status.reason)},
          {"message", describe(status)},
          {"ready", status.ready},
          {"total", status.total},
          {"needed", status.needed},
          {"answering", status.answering},
          {"flaps", status.flaps},
          {"unmet_for_seconds", met ? 0.0 : seconds_of(status.unmet_for)},
          {"waiting_for", std::move(waiting_for)},
          {"unanswered", std::move(unanswered)}};
}

Json json_of(const core::SourceStatus& source, const Surroundings& surroundings) {
  Json trouble;
  if (source.trouble) {
    trouble = {{"cause", name_of(source.trouble->cause)},
               {"http_status", source.trouble->http_status},
               {"message", describe(*source.trouble, source.selection, surroundings)}};
  }
  return {{"namespace", source.selection.namespace_name},
          {"synced", source.synced},
          {"watching", source.watching},
          {"trouble", std::move(trouble)}};
}

}  // namespace

std::string status_json(const GuardReport& report) {
  Json dependencies = Json::array();
  for (const auto& status : report.snapshot.dependencies) dependencies.push_back(json_of(status));
  Json sources = Json::array();
  for (const auto& source : report.snapshot.sources) {
    sources.push_back(json_of(source, report.surroundings));
  }
  const Json status = {{"verdict", name_of(report.policy.verdict())},
                       {"policy", name_of(report.policy.on_lost())},
                       {"degraded", degraded(report.snapshot)},
                       {"startup", report.policy.startup().ok},
                       {"ready", report.policy.ready().ok},
                       {"lost", report.policy.losses()},
                       {"missing", missing(report)},
                       {"started_at", rfc3339(report.started_milliseconds)},
                       {"version", WFE_VERSION},
                       {"api_server", report.surroundings.server},
                       {"dependencies", std::move(dependencies)},
                       {"sources", std::move(sources)}};
  return status.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace waiter::run
