// The printer: what was left out when a fault was given is left out here.
#include "fakeapi/scenario/fault/json.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/scenario/fault/scalars.hpp"
#include "fakeapi/scenario/fault/words.hpp"

namespace fakeapi::fault {
namespace {

using nlohmann::ordered_json;
using scenario::to_text;

constexpr std::uint64_t no_last = std::numeric_limits<std::uint64_t>::max();

ordered_json one_or_list(const std::vector<std::string>& texts) {
  return texts.size() == 1 ? ordered_json(texts.front()) : ordered_json(texts);
}

ordered_json match_json(const Match& match) {
  ordered_json out = ordered_json::object();
  if (!match.verbs.empty()) out["verb"] = one_or_list(match.verbs);
  if (!match.resources.empty()) out["resource"] = one_or_list(match.resources);
  if (match.group) out["group"] = *match.group;
  if (!match.namespace_name.empty()) out["namespace"] = match.namespace_name;
  if (!match.name.empty()) out["name"] = match.name;
  if (!match.user_agent.empty()) out["user-agent"] = match.user_agent;
  if (match.connection) out["connection"] = *match.connection;
  if (match.parity) out["connection"] = *match.parity == Parity::even ? "even" : "odd";
  if (match.nth_first == match.nth_last) {
    out["nth"] = match.nth_first;
  } else if (match.nth_first != 1 || match.nth_last != no_last) {
    out["nth"] = to_text(Nth{match.nth_first, match.nth_last});
  }
  if (match.fraction < 1) out["fraction"] = match.fraction;
  return out;
}

ordered_json respond_json(const Respond& respond) {
  ordered_json out = {{"status", respond.status},
                      {"form", row_of(answer_forms(), respond.form).word}};
  if (respond.retry_after_seconds) out["retry-after"] = *respond.retry_after_seconds;
  if (!respond.message.empty()) out["message"] = respond.message;
  return out;
}

ordered_json body_json(const BodyFault& body) {
  ordered_json out;
  out["after"] = body.after_bytes ? ordered_json(size_text(*body.after_bytes))
                                  : ordered_json(body.after_fraction);
  out["then"] = row_of(body_effects(), body.then).word;
  return out;
}

ordered_json stream_json(const StreamFault& stream) {
  ordered_json out;
  if (stream.after_events > 0) out["after-events"] = stream.after_events;
  if (stream.after > cluster::Duration{}) out["after"] = to_text(stream.after);
  out["then"] = row_of(stream_effects(), stream.then).word;
  return out;
}

}  // namespace

ordered_json to_json(const Fault& fault) {
  ordered_json out = ordered_json::object();
  const Action& action = fault.action;
  if (ordered_json match = match_json(fault.match); !match.empty()) out["match"] = std::move(match);
  if (!(fault.window == Window{})) out["window"] = to_text(fault.window);
  if (action.latency) out["latency"] = to_text(*action.latency);
  if (action.bandwidth_bytes_per_second > 0) {
    out["bandwidth"] = size_text(action.bandwidth_bytes_per_second) + "/s";
  }
  if (action.respond) out["respond"] = respond_json(*action.respond);
  if (action.no_answer) out["answer"] = row_of(no_answers(), *action.no_answer).word;
  if (action.carried_out) out["carried-out"] = true;
  if (action.body) out["body"] = body_json(*action.body);
  if (action.stream) out["stream"] = stream_json(*action.stream);
  if (action.replica) {
    out["replica"] = action.replica->held ? "held" : to_text(action.replica->lag);
  }
  if (action.connect != ConnectFault::none) {
    out["connect"] = row_of(connect_faults(), action.connect).word;
  }
  return out;
}

}  // namespace fakeapi::fault
