// A reader for each object, made of readers for single values.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"
#include "fakeapi/scenario/scalars.hpp"
#include "fakeapi/wire/fault_json.hpp"
#include "fakeapi/wire/fault_scalars.hpp"
#include "fakeapi/wire/fault_words.hpp"
#include "fakeapi/wire/json_place.hpp"

namespace fakeapi::wire {
namespace {

using nlohmann::json;

std::optional<cluster::Duration> parse_wait(std::string_view text) {
  const auto duration = scenario::parse_duration(text);
  return duration && *duration >= cluster::Duration{} ? duration : std::nullopt;
}

std::optional<std::uint64_t> parse_rate(std::string_view text) {
  if (!text.ends_with("/s")) return std::nullopt;
  const auto bytes = parse_size(text.substr(0, text.size() - 2));
  return bytes && *bytes > 0 ? bytes : std::nullopt;
}

void read_connection(const JsonPlace& place, Match& match) {
  const json* value = place.find("connection");
  if (value == nullptr) return;
  if (*value == "even") {
    match.parity = Parity::even;
  } else if (*value == "odd") {
    match.parity = Parity::odd;
  } else if (value->is_number_unsigned()) {
    match.connection = value->get<std::uint64_t>();
  } else {
    place.fail("connection", "must be a number, \"even\" or \"odd\"");
  }
}

void read_fraction(const JsonPlace& place, Match& match) {
  const json* value = place.find("fraction");
  if (value == nullptr) return;
  match.fraction = value->is_number() ? value->get<double>() : -1;
  if (!(match.fraction > 0 && match.fraction <= 1)) {
    place.fail("fraction", "must be a number above 0 and at most 1");
  }
}

Match read_match(const JsonPlace& place) {
  place.expect({"verb", "resource", "group", "namespace", "name", "user-agent", "connection", "nth",
                "fraction"});
  Match match;
  match.verbs = place.texts("verb");
  match.resources = place.texts("resource");
  if (const json* group = place.find("group"); group != nullptr && *group == "") {
    match.group = "";
  } else if (group != nullptr) {
    match.group = place.text("group");
  }
  match.namespace_name = place.text("namespace");
  match.name = place.text("name");
  match.user_agent = place.text("user-agent");
  if (match.user_agent.ends_with('*')) match.user_agent.pop_back();  // it is a prefix anyway
  read_connection(place, match);
  if (const auto nth = place.parsed("nth", parse_nth, "a count such as 3, \"2..5\" or \"2..\"")) {
    match.nth_first = nth->first;
    match.nth_last = nth->last;
  }
  read_fraction(place, match);
  return match;
}

Respond read_respond(const JsonPlace& place) {
  place.expect({"status", "form", "retry-after", "message"});
  Respond respond;
  const auto status = place.number("status", 400, 599);
  if (!status) place.fail("status", "is needed");
  respond.status = static_cast<int>(status.value_or(500));
  const auto form = place.word("form", answer_forms());
  respond.form = form.value_or(respond.status == 429 ? AnswerForm::overload : AnswerForm::status);
  const bool only_429 =
      respond.form == AnswerForm::overload || respond.form == AnswerForm::shutting_down;
  if (only_429 && respond.status != 429) {
    place.fail("form", fmt::format("\"{}\" is a form of 429 only",
                                   row_of(answer_forms(), respond.form).word));
  }
  constexpr std::int64_t day_seconds = 86'400;
  if (const auto seconds = place.number("retry-after", 0, day_seconds)) {
    respond.retry_after_seconds = static_cast<int>(*seconds);
  }
  respond.message = place.text("message");
  return respond;
}

BodyFault read_body(const JsonPlace& place) {
  place.expect({"after", "then"});
  BodyFault body;
  if (const json* after = place.find("after"); after != nullptr && after->is_number()) {
    body.after_fraction = after->get<double>();
    if (!(body.after_fraction >= 0 && body.after_fraction < 1)) {
      place.fail("after",
                 "must be a share of the body from 0 to below 1, or a size such as \"2KiB\"");
    }
  } else if (after != nullptr) {
    body.after_bytes = place.parsed("after", parse_size, "a size such as \"2KiB\"");
  }
  const auto then = place.word("then", body_effects());
  if (!then) place.fail("then", "is needed");
  body.then = then.value_or(BodyEffect::cut);
  return body;
}

StreamFault read_stream(const JsonPlace& place) {
  place.expect({"after-events", "after", "then"});
  StreamFault stream;
  constexpr std::int64_t events_max = 1'000'000'000;
  stream.after_events =
      static_cast<std::uint64_t>(place.number("after-events", 0, events_max).value_or(0));
  stream.after =
      place.parsed("after", parse_wait, "a duration such as \"2s\"").value_or(stream.after);
  const auto then = place.word("then", stream_effects());
  if (!then) place.fail("then", "is needed");
  stream.then = then.value_or(StreamEffect::cut);
  return stream;
}

Action read_action(const JsonPlace& place) {
  Action action;
  action.latency = place.parsed("latency", parse_latency,
                                "a time such as \"50ms\", \"uniform(20ms, 80ms)\" or "
                                "\"lognormal(80ms, 0.4)\"");
  action.bandwidth_bytes_per_second =
      place.parsed("bandwidth", parse_rate, "a rate such as \"4KiB/s\"").value_or(0);
  if (const json* value = place.find("respond")) {
    action.respond = read_respond(place.inside("respond", *value));
  }
  action.no_answer = place.word("answer", no_answers());
  if (const json* value = place.find("carried-out")) {
    action.carried_out = *value == true;
    if (!value->is_boolean()) place.fail("carried-out", "must be true or false");
    if (!action.no_answer) place.fail("carried-out", "goes with \"answer\" only");
  }
  if (const json* value = place.find("body")) action.body = read_body(place.inside("body", *value));
  if (const json* value = place.find("stream")) {
    action.stream = read_stream(place.inside("stream", *value));
  }
  action.connect = place.word("connect", connect_faults()).value_or(ConnectFault::none);
  return action;
}

// What the parts ask of each other.
void check_together(const JsonPlace& place, const Fault& fault) {
  const Action& action = fault.action;
  const bool connects = action.connect != ConnectFault::none;
  const Action nothing;
  if (action == nothing) {
    return place.fail("",
                      "it does nothing: give one of latency, bandwidth, respond, answer, body, "
                      "stream, connect");
  }
  if (action.respond && action.no_answer) {
    return place.fail("answer", "and \"respond\" exclude each other");
  }
  const bool of_connections = fault.match.verbs == std::vector<std::string>{"connect"};
  if (!connects && of_connections) {
    return place.fail("match.verb", "\"connect\" goes with the action \"connect\" only");
  }
  if (!connects) return;
  Action alone;
  alone.connect = action.connect;
  if (!(action == alone)) return place.fail("connect", "stands alone");
  Match only = fault.match;
  only.verbs.clear();
  Match counted;
  counted.connection = only.connection;
  counted.parity = only.parity;
  counted.nth_first = only.nth_first;
  counted.nth_last = only.nth_last;
  counted.fraction = only.fraction;
  if ((!fault.match.verbs.empty() && !of_connections) || !(only == counted)) {
    return place.fail("match",
                      "a connection has no request yet: it can be matched by connection, "
                      "nth and fraction");
  }
  if (action.connect == ConnectFault::refuse && !(only == Match{})) {
    place.fail("match", "a connection that is refused cannot be counted: give a window instead");
  }
}

}  // namespace

std::variant<Fault, std::string> parse_fault(std::string name, const json& value) {
  std::string error;
  const JsonPlace place(value, "", error);
  Fault fault;
  fault.name = std::move(name);
  if (!scenario::is_dns_1123_label(fault.name)) {
    return fmt::format("{} is no name of a fault: at most 63 of a-z, 0-9 and '-'",
                       cluster::in_quotes(fault.name));
  }
  place.expect({"match", "window", "latency", "bandwidth", "respond", "answer", "carried-out",
                "body", "stream", "connect"});
  if (const json* match = place.find("match"))
    fault.match = read_match(place.inside("match", *match));
  const auto window =
      place.parsed("window", parse_window, "a window such as \"5s..15s\" or \"5s..\"");
  if (window) fault.window = *window;
  fault.action = read_action(place);
  check_together(place, fault);
  if (!error.empty()) return error.starts_with(": ") ? error.substr(2) : error;
  return fault;
}

}  // namespace fakeapi::wire
