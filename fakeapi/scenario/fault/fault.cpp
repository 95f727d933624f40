// Matching goes by what authorisation sees of a request, so that a fault and an RBAC rule are
// written with the same words.
#include "fakeapi/scenario/fault/fault.hpp"

#include <algorithm>

#include "fakeapi/scenario/fault/words.hpp"

namespace fakeapi::fault {
namespace {

bool fits_pattern(std::string_view pattern, std::string_view text) {
  if (!pattern.empty() && pattern.back() == '*') {
    return text.starts_with(pattern.substr(0, pattern.size() - 1));
  }
  return pattern == text;
}

bool fits_any(const std::vector<std::string>& patterns, std::string_view text) {
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return fits_pattern(pattern, text); });
}

bool fits_connection(const Match& match, std::uint64_t connection) {
  if (match.connection && *match.connection != connection) return false;
  return !match.parity || (*match.parity == Parity::even) == (connection % 2 == 0);
}

bool fits_request(const Match& match, const Arrival& arrival) {
  const cluster::Attributes& a = *arrival.attributes;
  if (!fits_any(match.verbs, a.verb)) return false;
  // Discovery, /version and their like have no resource: only a match that names none meets them.
  if (!match.resources.empty() || match.group) {
    if (!a.is_resource || (match.group && *match.group != a.group)) return false;
    const bool fits = a.subresource.empty()
                          ? fits_any(match.resources, a.resource)
                          : fits_any(match.resources, a.resource + "/" + a.subresource);
    if (!fits) return false;
  }
  if (!match.namespace_name.empty() && !fits_pattern(match.namespace_name, a.namespace_name))
    return false;
  if (!match.name.empty() && !fits_pattern(match.name, a.name)) return false;
  return arrival.user_agent.starts_with(match.user_agent);
}

}  // namespace

bool fits(const Match& match, const Arrival& arrival) {
  return fits_connection(match, arrival.connection) && arrival.attributes != nullptr &&
         fits_request(match, arrival);
}

bool fits(const Fault& fault, cluster::Instant now, const Arrival& arrival) {
  const bool of_connections = fault.action.connect != ConnectFault::none;
  if (of_connections != (arrival.attributes == nullptr)) return false;
  if (!fault.window.holds(now)) return false;
  return of_connections ? fits_connection(fault.match, arrival.connection)
                        : fits(fault.match, arrival);
}

Faithfulness faithfulness(const Action& action) {
  Faithfulness least = Faithfulness::real;
  const auto consider = [&least](Faithfulness one) { least = std::max(least, one); };
  if (action.latency) consider(latency_faithfulness);
  if (action.bandwidth_bytes_per_second > 0) consider(bandwidth_faithfulness);
  if (action.respond) consider(row_of(answer_forms(), action.respond->form).faithful);
  if (action.no_answer) consider(row_of(no_answers(), *action.no_answer).faithful);
  if (action.body) consider(row_of(body_effects(), action.body->then).faithful);
  if (action.stream) consider(row_of(stream_effects(), action.stream->then).faithful);
  if (action.replica) consider(replica_faithfulness);
  if (action.connect != ConnectFault::none) {
    consider(row_of(connect_faults(), action.connect).faithful);
  }
  return least;
}

}  // namespace fakeapi::fault
