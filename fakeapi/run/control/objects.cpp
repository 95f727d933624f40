// Objects and steps, by request: what a scenario file says of a time, said for now.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"
#include "fakeapi/run/control/answers.hpp"
#include "fakeapi/run/control/control.hpp"

namespace fakeapi::run {

using nlohmann::ordered_json;
using wire::Exchange;

Exchange Control::perform_text(const Call& call, const std::string& text) {
  if (const auto problem = play_->perform_now(call.now, text))
    return bad_request(call.now, *problem);
  if (rearm_) rearm_();
  return answered(call.now, 200, {{"resourceVersion", std::to_string(parts_.cluster.version())}});
}

/// A step of the language without a time: it is performed now.
Exchange Control::perform_step(const Call& call) {
  if (const auto error = too_large(call.request)) return bad_request(call.now, *error);
  return perform_text(call, call.request.body);
}

// As JSON, which is YAML: the body is a value in the step.
Exchange Control::apply_objects(const Call& call) {
  const auto body = nlohmann::json::parse(call.request.body, nullptr, false);
  if (body.is_discarded()) return bad_request(call.now, "the body is no JSON");
  return perform_text(call, nlohmann::json{{"apply", body}}.dump());
}

Exchange Control::delete_objects(const Call& call) {
  const auto body = nlohmann::json::parse(call.request.body, nullptr, false);
  if (body.is_discarded()) return bad_request(call.now, "the body is no JSON");
  return perform_text(call, nlohmann::json{{"delete", body}}.dump());
}

/// How many objects of each resource there are.
Exchange Control::list_objects(const Call& call) {
  ordered_json objects = ordered_json::object();
  for (const auto& [resource, count] : parts_.cluster.object_counts()) objects[resource] = count;
  return answered(call.now, 200, objects);
}

}  // namespace fakeapi::run
