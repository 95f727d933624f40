// A reader for each mapping. Their values are well-formed already; what is left is what they mean,
// and what they ask of each other.
#include "fakeapi/scenario/fault/read.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "fakeapi/cluster/text.hpp"
#include "fakeapi/scenario/fault/scalars.hpp"
#include "fakeapi/scenario/fault/words.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::fault {
namespace {

using scenario::Checked;
using scenario::Node;
using scenario::Report;

std::vector<std::string> texts(const Node& node, std::string_view key, const Checked& checked) {
  std::vector<std::string> out;
  const Node* found = checked.find(node, key);
  if (found == nullptr) return out;
  for (const Node* item : checked.items(*found)) out.push_back(item->text);
  return out;
}

std::uint64_t number_of(const Node& node) {
  return static_cast<std::uint64_t>(*scenario::parse_number(node.text));
}

template <class Value>
std::optional<Value> word(const Node& node, std::string_view key, const Words<Value>& words,
                          const Checked& checked) {
  const Node* found = checked.find(node, key);
  return found == nullptr ? std::nullopt : std::optional(find_word(words, found->text)->value);
}

class FaultReader {
 public:
  FaultReader(const Node& node, const Checked& checked, Report& report)
      : node_(node), checked_(checked), report_(report) {}

  Fault read(std::string name) {
    Fault fault;
    fault.name = std::move(name);
    if (const Node* match = find("match")) fault.match = read_match(*match, checked_);
    if (const Node* window = find("window")) fault.window = *parse_window(window->text);
    read_action(fault.action);
    if (checked_.is_complete(node_)) check_together(fault);
    return fault;
  }

 private:
  const Node* find(std::string_view key) const { return checked_.find(node_, key); }
  // Where a key stands, or the fault where it does not.
  void fail(std::string_view key, const std::string& what) {
    const Node* at = find(key);
    report_.add(at == nullptr ? node_.place : at->place, what);
  }

  void read_action(Action& action) {
    if (const Node* latency = find("latency"))
      action.latency = scenario::parse_distribution(latency->text);
    if (const Node* rate = find("bandwidth"))
      action.bandwidth_bytes_per_second = *parse_rate(rate->text);
    if (const Node* respond = find("respond")) action.respond = read_respond(*respond);
    action.no_answer = word(node_, "answer", no_answers(), checked_);
    if (const Node* carried = find("carried-out")) action.carried_out = carried->text == "true";
    if (const Node* body = find("body")) action.body = read_body(*body);
    if (const Node* stream = find("stream")) action.stream = read_stream(*stream);
    if (const Node* replica = find("replica")) {
      action.replica =
          Replica{replica->text == "held",
                  scenario::parse_duration(replica->text).value_or(cluster::Duration{})};
    }
    action.connect =
        word(node_, "connect", connect_faults(), checked_).value_or(ConnectFault::none);
  }

  Respond read_respond(const Node& node) {
    Respond respond;
    if (const Node* status = checked_.find(node, "status"))
      respond.status = static_cast<int>(number_of(*status));
    const auto form = word(node, "form", answer_forms(), checked_);
    respond.form = form.value_or(respond.status == 429 ? AnswerForm::overload : AnswerForm::status);
    const bool only_429 =
        respond.form == AnswerForm::overload || respond.form == AnswerForm::shutting_down;
    if (only_429 && respond.status != 429) {
      report_.add(
          checked_.find(node, "form")->place,
          fmt::format("\"{}\" is a form of 429 only", row_of(answer_forms(), respond.form).word));
    }
    if (const Node* seconds = checked_.find(node, "retry-after"))
      respond.retry_after_seconds = static_cast<int>(number_of(*seconds));
    respond.message = checked_.text(node, "message");
    return respond;
  }

  BodyFault read_body(const Node& node) {
    BodyFault body;
    if (const Node* after = checked_.find(node, "after")) {
      body.after_bytes = parse_size(after->text);
      if (!body.after_bytes) body.after_fraction = *scenario::parse_share(after->text);
    }
    body.then = word(node, "then", body_effects(), checked_).value_or(BodyEffect::cut);
    return body;
  }

  StreamFault read_stream(const Node& node) {
    StreamFault stream;
    if (const Node* events = checked_.find(node, "after-events"))
      stream.after_events = number_of(*events);
    if (const Node* after = checked_.find(node, "after"))
      stream.after = *scenario::parse_duration(after->text);
    stream.then = word(node, "then", stream_effects(), checked_).value_or(StreamEffect::cut);
    return stream;
  }

  void check_together(const Fault& fault) {
    const Action& action = fault.action;
    if (action == Action{}) {
      return fail("",
                  "it does nothing: give one of latency, bandwidth, respond, answer, body, "
                  "stream, replica, connect");
    }
    if (action.respond && action.no_answer)
      return fail("answer", "\"answer\" and \"respond\" exclude each other");
    if (action.replica && (action.respond || action.no_answer))
      return fail("replica", "\"replica\" answers: without \"respond\" and \"answer\"");
    if (action.carried_out && !action.no_answer)
      return fail("carried-out", "\"carried-out\" goes with \"answer\" only");
    if (action.connect != ConnectFault::none) check_connect(fault);
  }

  void check_connect(const Fault& fault) {
    Action alone;
    alone.connect = fault.action.connect;
    if (!(fault.action == alone)) return fail("connect", "\"connect\" stands alone");
    Match counted;
    counted.connection = fault.match.connection;
    counted.parity = fault.match.parity;
    counted.nth_first = fault.match.nth_first;
    counted.nth_last = fault.match.nth_last;
    counted.fraction = fault.match.fraction;
    if (!(fault.match == counted)) {
      return fail("match",
                  "a connection has no request yet: it can be matched by connection, nth and "
                  "fraction");
    }
    if (alone.connect == ConnectFault::refuse && !(fault.match == Match{}))
      fail("match", "a connection that is refused cannot be counted: give a window instead");
  }

  const Node& node_;
  const Checked& checked_;
  Report& report_;
};

}  // namespace

Match read_match(const Node& node, const Checked& checked) {
  Match match;
  match.verbs = texts(node, "verb", checked);
  match.resources = texts(node, "resource", checked);
  if (const Node* group = checked.find(node, "group")) match.group = group->text;
  match.namespace_name = checked.text(node, "namespace");
  match.name = checked.text(node, "name");
  match.user_agent = checked.text(node, "user-agent");
  if (match.user_agent.ends_with('*')) match.user_agent.pop_back();  // it is a prefix anyway
  if (const Node* connection = checked.find(node, "connection")) {
    if (connection->text == "even" || connection->text == "odd") {
      match.parity = connection->text == "even" ? Parity::even : Parity::odd;
    } else {
      match.connection = number_of(*connection);
    }
  }
  if (const Node* nth = checked.find(node, "nth")) {
    const Nth range = *parse_nth(nth->text);
    match.nth_first = range.first;
    match.nth_last = range.last;
  }
  if (const Node* fraction = checked.find(node, "fraction"))
    match.fraction = *scenario::parse_share(fraction->text);
  return match;
}

Fault read_fault(const Node& node, const Checked& checked, std::string name, Report& report) {
  return FaultReader(node, checked, report).read(std::move(name));
}

std::variant<Fault, std::string> parse_fault(std::string name, std::string_view text) {
  if (!scenario::is_dns_1123_label(name)) {
    return fmt::format("{} is no name of a fault: at most 63 of a-z, 0-9 and '-'",
                       cluster::in_quotes(name));
  }
  Report report("");
  const Node root = scenario::parse_yaml(text, report);
  Fault fault;
  if (report.empty()) {
    const Checked checked(root, scenario::fault_action_mapping(), report);
    if (report.empty()) fault = read_fault(root, checked, std::move(name), report);
  }
  if (report.empty()) return fault;
  return scenario::to_line(report.take().front());
}

}  // namespace fakeapi::fault
