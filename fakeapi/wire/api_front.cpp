#include "fakeapi/wire/api_front.hpp"

#include <optional>
#include <utility>

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
    decision = faults_.decide(now, {caller.connection, caller.user_agent, &attributes});
  }
  Exchange exchange = decision ? disturbed(now, request, attributes, *decision)
                               : Exchange(now, cluster_.handle(now, request));
  exchange.note_stream(log_.add(now, caller, request.method, request.target, exchange.head().status,
                                decision ? std::string_view(decision->fault->name) : "",
                                exchange.head().chunked));
  return exchange;
}

Exchange ApiFront::disturbed(cluster::Instant now, const cluster::Request& request,
                             const cluster::Attributes& attributes, const Decision& decision) {
  const Action& action = decision.fault->action;
  if (action.no_answer) {
    if (action.carried_out) cluster_.handle(now, request);
    return Exchange::without_answer(now, decision);
  }
  cluster::Response response =
      action.respond ? fault_answer(*action.respond, attributes, user_of_(request.headers))
                     : cluster_.handle(now, request);
  return Exchange(now, std::move(response), decision);
}

ConnectFault ApiFront::meet(cluster::Instant now, std::uint64_t connection) {
  if (faults_.empty()) return ConnectFault::none;
  const auto decision = faults_.decide(now, {connection, {}, nullptr});
  return decision ? decision->fault->action.connect : ConnectFault::none;
}

}  // namespace fakeapi::wire
