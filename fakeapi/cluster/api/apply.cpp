// Server-side apply: the configuration is merged into what is there, and managedFields say whose
// fields those are (handlers/patch.go, applyPatcher).
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/api/strict_json.hpp"
#include "fakeapi/cluster/api/yaml.hpp"
#include "fakeapi/cluster/fields/managed_fields.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

struct Configuration {
  json value;
  std::vector<std::string> duplicates;
};

// YAML by its name, and JSON is YAML; most clients send JSON, whose parser is the faster one.
Result<Configuration> read_configuration(const Call& call) {
  const std::string& text = call.request->body;
  StrictJson parsed = parse_strict(text);
  if (parsed.error) {
    auto value = parse_yaml(text);
    if (!value) return bad_request("error decoding patch: error converting YAML to JSON");
    parsed = StrictJson{std::move(*value), {}, {}};
  }
  if (!parsed.value.is_object()) return bad_request("error decoding patch: not an object");
  return Configuration{std::move(parsed.value), std::move(parsed.duplicates)};
}

}  // namespace

Response Api::apply(Call& call) {
  const auto request = read_write_request(call, "PatchOptions", true);
  if (!request) return failure_response(request.failure());
  auto configuration = read_configuration(call);
  if (!configuration) return failure_response(configuration.failure());
  const std::string& name = call.attributes->name;
  const ObjectPtr live = store_.find(*call.kind, call.namespace_name, name);
  if (!live && !call.attributes->subresource.empty())
    return failure_response(not_found(*call.kind, name));

  auto applied = registry_.apply(call.now, *call.kind, live, configuration->value,
                                 call.attributes->subresource, request->manager, request->force);
  if (!applied) return failure_response(applied.failure());
  const auto refuse = [](const std::string& why) {
    return bad_request("error strict decoding patch: " + why);
  };
  if (auto failure = judge_strict(call, std::move(configuration->duplicates), refuse))
    return failure_response(*failure);

  json& object = *applied;
  const std::string space = string_at(object, {"metadata", "namespace"});
  if (!space.empty() && space != call.namespace_name) {
    return failure_response(bad_request(
        "the namespace of the provided object does not match the namespace sent on the request"));
  }
  const std::string applied_name = string_at(object, {"metadata", "name"});
  if (applied_name != name) {
    return failure_response(bad_request(
        fmt::format("the name of the object ({}) does not match the name on the URL ({})",
                    applied_name, name)));
  }
  const schema::Decoded decoded =
      schema::decode(call.kind->type(), object, schema::EmptyLists::kept);
  if (decoded.error) return failure_response(internal_error(*decoded.error));
  WriteOptions options;
  options.dry_run = request->dry_run;
  options.managed = true;
  options.subresource = call.attributes->subresource;
  const auto result = live ? registry_.update(call.now, *call.kind, call.namespace_name, name,
                                              std::move(object), options)
                           : registry_.create(call.now, *call.kind, call.namespace_name,
                                              std::move(object), options);
  return written(call, result);
}

}  // namespace fakeapi::cluster
