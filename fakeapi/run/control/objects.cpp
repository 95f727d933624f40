// Objects and steps, by request: what a scenario file says of a time, said for now.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"
#include "fakeapi/run/control/answers.hpp"
#include "fakeapi/run/control/control.hpp"

namespace fakeapi::run {

using nlohmann::ordered_json;
using wire::Exchange;

namespace {

constexpr int indent = 2;

// The lines of a text as the value of a key: one line further down and `indent` to the right.
std::string under_key(std::string_view key, std::string_view text) {
  std::string step = fmt::format("{}:\n", key);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    step += std::string(indent, ' ').append(text.substr(0, end));
    text.remove_prefix(end);
  }
  return step;
}

// "line 3:5: ..." of that value, as the sender counts.
std::string as_sent(const std::string& problem) {
  int line = 0;
  int column = 0;
  constexpr std::string_view word = "line ";
  if (!problem.starts_with(word)) return problem;
  const char* const end = problem.data() + problem.size();
  const auto first = std::from_chars(problem.data() + word.size(), end, line);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ':') return problem;
  const auto second = std::from_chars(first.ptr + 1, end, column);
  if (second.ec != std::errc{}) return problem;
  return fmt::format("{}{}:{}{}", word, std::max(1, line - 1), std::max(1, column - indent),
                     std::string_view(second.ptr, static_cast<std::size_t>(end - second.ptr)));
}

}  // namespace

/// A step of the language without a time: it is performed now.
Exchange Control::perform_step(const Call& call) {
  if (const auto error = too_large(call.request)) return bad_request(call.now, *error);
  const auto problem = play_->perform_now(call.now, call.request.body);
  if (problem) return bad_request(call.now, *problem);
  return performed(call);
}

Exchange Control::perform_key(const Call& call, std::string_view key) {
  if (const auto error = too_large(call.request)) return bad_request(call.now, *error);
  const auto problem = play_->perform_now(call.now, under_key(key, call.request.body));
  if (problem) return bad_request(call.now, as_sent(*problem));
  return performed(call);
}

Exchange Control::performed(const Call& call) {
  if (rearm_) rearm_();
  return answered(call.now + controllers_follow, 200,
                  {{"resourceVersion", std::to_string(parts_.cluster.version())}});
}

Exchange Control::apply_objects(const Call& call) { return perform_key(call, "apply"); }

Exchange Control::delete_objects(const Call& call) { return perform_key(call, "delete"); }

/// How many objects of each resource there are.
Exchange Control::list_objects(const Call& call) {
  ordered_json objects = ordered_json::object();
  for (const auto& [resource, count] : parts_.cluster.object_counts()) objects[resource] = count;
  return answered(call.now, 200, objects);
}

}  // namespace fakeapi::run
