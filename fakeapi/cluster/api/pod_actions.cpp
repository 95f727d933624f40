// Subresources that do something instead of holding something: binding and eviction of Pods, and
// those that need a kubelet, which a fake cluster does not have.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/render.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

// What an API server says when it cannot reach the kubelet, or when there is none to reach
// (registry/core/pod/strategy.go, LogLocation).
Failure no_kubelet(const Object& pod, std::string_view subresource) {
  const std::string node = string_at(pod.json(), {"spec", "nodeName"});
  if (node.empty())
    return bad_request(fmt::format("pod {} does not have a host assigned", pod.name()));
  return internal_error(
      fmt::format("Get \"https://{}:10250/{}/{}/{}\": dial tcp: lookup {}: no "
                  "such host",
                  node, subresource, pod.namespace_name(), pod.name(), node));
}

Failure no_backend(const Kind& kind, std::string_view name) {
  return {503,
          "ServiceUnavailable",
          fmt::format("no endpoints available for {} {}", kind.singular, in_quotes(name)),
          std::nullopt,
          {}};
}

json success() {
  return {{"kind", "Status"},
          {"apiVersion", "v1"},
          {"metadata", json::object()},
          {"status", "Success"},
          {"code", 201}};
}

}  // namespace

bool Api::is_action(const Call& call) const {
  const std::string& sub = call.attributes->subresource;
  return call.kind->plural == "bindings" ||
         one_of(sub, {"binding", "eviction", "attach", "exec", "log", "portforward", "proxy"});
}

Response Api::act(Call& call) {
  const std::string& sub = call.attributes->subresource;
  if (call.kind->plural == "bindings" || sub == "binding") return bind(call);
  if (sub == "eviction") return evict(call);
  const ObjectPtr object = store_.find(*call.kind, call.namespace_name, call.attributes->name);
  if (!object) return failure_response(not_found(*call.kind, call.attributes->name));
  const bool pod = call.kind->graceful_delete;
  return failure_response(pod ? no_kubelet(*object, sub) : no_backend(*call.kind, object->name()));
}

// registry/core/pod/storage: the scheduler's word, once.
Response Api::bind(Call& call) {
  const auto request = read_write_request(call, "CreateOptions");
  if (!request) return failure_response(request.failure());
  auto body = read_body(call);
  if (!body) return failure_response(body.failure());
  const Kind& pods = store_.kinds().of("pods");
  const std::string name = call.attributes->name.empty() ? string_at(*body, {"metadata", "name"})
                                                         : call.attributes->name;
  const ObjectPtr pod = store_.find(pods, call.namespace_name, name);
  if (!pod) return failure_response(not_found(pods, name));
  const std::string node = string_at(*body, {"target", "name"});
  const std::string current = string_at(pod->json(), {"spec", "nodeName"});
  if (!current.empty()) {
    return failure_response(
        conflict("pods/binding", "pods/binding", {}, name,
                 fmt::format("pod {} is already assigned to node {}", name, in_quotes(current))));
  }
  const auto result = registry_.bind(call.now, pod, node, request->dry_run);
  if (!result) return failure_response(result.failure());
  return value_response(call, 201, success());
}

// policy/v1 Eviction: a delete that a PodDisruptionBudget could refuse; there are none here.
Response Api::evict(Call& call) {
  const auto request = read_write_request(call, "CreateOptions");
  if (!request) return failure_response(request.failure());
  const auto body = read_body(call);
  if (!body) return failure_response(body.failure());
  DeleteOptions options;
  options.dry_run = request->dry_run;
  if (const json* wish = find_at(*body, {"deleteOptions"}); wish != nullptr) {
    if (const json* grace = find_at(*wish, {"gracePeriodSeconds"}); grace != nullptr)
      options.grace_period_seconds = grace->get<std::int64_t>();
    read_preconditions(*wish, options);
  }
  const auto result =
      registry_.remove(call.now, *call.kind, call.namespace_name, call.attributes->name, options);
  if (!result) return failure_response(result.failure());
  return value_response(call, 201, success());
}

}  // namespace fakeapi::cluster
