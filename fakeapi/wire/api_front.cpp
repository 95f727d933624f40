#include "fakeapi/wire/api_front.hpp"

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "fakeapi/cluster/text.hpp"
#include "fakeapi/wire/fault_answer.hpp"

namespace fakeapi::wire {

ApiFront::ApiFront(cluster::Cluster& cluster, std::uint64_t seed, UserOf user_of)
    : cluster_(cluster), user_of_(std::move(user_of)), faults_(seed) {}

Exchange ApiFront::answer(cluster::Instant now, const Caller& caller,
                          const cluster::Request& request) {
  std::optional<Decision> decision;
  cluster::Attributes attributes;
  if (!faults_.empty()) {
    attributes = cluster::attributes_of(request.method, cluster::parse_uri(request.target));
    decision =
        faults_.decide(window_time(now), {caller.connection, caller.user_agent, &attributes});
  }
  Exchange exchange = decision ? disturbed(now, request, attributes, *decision)
                               : Exchange(now, cluster_.handle(now, request));
  exchange.note_stream(log_.add(now, caller, request.method, request.target, exchange.head().status,
                                decision ? std::string_view(decision->fault->name) : "",
                                exchange.head().chunked));
  if (observer_.request && observer_.wants_requests())
    tell(now, caller, request, decision, exchange);
  return exchange;
}

void ApiFront::set_observer(Observer observer) {
  observer_ = std::move(observer);
  log_.on_stream_end(observer_.stream_end);
}

void ApiFront::tell(cluster::Instant now, const Caller& caller, const cluster::Request& request,
                    const std::optional<Decision>& decision, const Exchange& exchange) const {
  const cluster::Uri uri = cluster::parse_uri(request.target);
  scenario::RequestSeen seen;
  seen.number = log_.count();
  seen.real = now;
  seen.at = window_time(now).time_since_epoch();
  seen.connection = caller.connection;
  seen.user_agent = caller.user_agent.substr(0, RequestLog::user_agent_bytes_max);
  seen.attributes = cluster::attributes_of(request.method, uri);
  seen.target = request.target.substr(0, RequestLog::target_bytes_max);
  if (uri.has("resourceVersion")) seen.resource_version = uri.parameter("resourceVersion");
  seen.has_timeout = uri.has("timeoutSeconds");
  seen.wants_initial_events = uri.flag("sendInitialEvents").value_or(false);
  if (const auto token = cluster::find_header(request.headers, "Authorization"))
    seen.token = std::hash<std::string_view>{}(*token);
  seen.status = exchange.head().status;
  if (const auto wait = cluster::find_header(exchange.head().headers, "Retry-After")) {
    if (const auto seconds = cluster::parse_decimal(*wait))
      seen.retry_after_seconds = static_cast<int>(*seconds);
  }
  if (decision) seen.fault = decision->fault->name;
  seen.is_stream = exchange.head().chunked;
  observer_.request(seen);
}

Exchange ApiFront::disturbed(cluster::Instant now, const cluster::Request& request,
                             const cluster::Attributes& attributes, const Decision& decision) {
  const fault::Action& action = decision.fault->action;
  if (action.no_answer) {
    if (action.carried_out) cluster_.handle(now, request);
    return Exchange::without_answer(now, decision);
  }
  cluster::Response response =
      action.respond ? fault_answer(*action.respond, attributes, user_of_(request.headers))
                     : cluster_.handle(now, request,
                                       action.replica ? cluster::Cluster::Server::replica
                                                      : cluster::Cluster::Server::first);
  return Exchange(now, std::move(response), decision);
}

fault::ConnectFault ApiFront::meet(cluster::Instant now, std::uint64_t connection) {
  if (faults_.empty()) return fault::ConnectFault::none;
  const auto decision = faults_.decide(window_time(now), {connection, {}, nullptr});
  if (!decision) return fault::ConnectFault::none;
  if (observer_.connection_met) observer_.connection_met(*decision->fault, connection);
  return decision->fault->action.connect;
}

}  // namespace fakeapi::wire
