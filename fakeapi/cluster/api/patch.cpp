// Patches of three kinds: JSON patch (RFC 6902), JSON merge patch (RFC 7386) and strategic merge
// patch. Server-side apply is in apply.cpp.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/api/strategic.hpp"
#include "fakeapi/cluster/api/strict_json.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr std::string_view merge_type = "application/merge-patch+json";
constexpr std::string_view json_type = "application/json-patch+json";
constexpr std::string_view strategic_type = "application/strategic-merge-patch+json";
constexpr std::size_t operations_max = 10000;  // handlers/patch.go, maxJSONPatchOperations

// apiserver says only this about a patch that cannot be applied (recording: patch-json-test-fails).
Failure unprocessable() {
  return {422,
          "Invalid",
          "the server rejected our request due to an error in our request",
          StatusDetails{},
          {}};
}

// A patched object that is none of its kind: 422 about the patch, without a kind.
Failure invalid_patch(const json& value, std::string_view why) {
  FieldErrors errors = {invalid_value(
      "patch", in_quotes(value.dump(-1, ' ', false, json::error_handler_t::replace)), why)};
  Failure failure = invalid_without_kind(std::move(errors));
  return failure;
}

// What copies may add up to (server/config.go, JSONPatchMaxCopyBytes): each may double the object.
constexpr std::size_t copied_bytes_max = 3U << 20U;

// Nothing where there is nothing to copy, which the operation itself will find.
std::size_t copied_bytes(const json& object, const json& operation) {
  if (!operation.is_object() || operation.value("op", json()) != "copy") return 0;
  const json from = operation.value("from", json());
  if (!from.is_string()) return 0;
  const json::json_pointer place(from.get<std::string>());
  return object.contains(place) ? object.at(place).dump().size() : 0;
}

Result<json> json_patched(const json& object, const json& patch) {
  if (!patch.is_array())
    return bad_request("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  if (patch.size() > operations_max) {
    return Failure{413,
                   "RequestEntityTooLarge",
                   fmt::format("Request entity too large: The allowed maximum operations in a JSON "
                               "patch is {}, got {}",
                               operations_max, patch.size()),
                   std::nullopt,
                   {}};
  }
  try {
    json out = object;
    std::size_t copied = 0;
    for (const json& operation : patch) {
      copied += copied_bytes(out, operation);
      if (copied > copied_bytes_max) return unprocessable();
      out.patch_inplace(json::array({operation}));
    }
    return out;
  } catch (const json::exception&) {
    return unprocessable();
  }
}

Result<json> patched(const Call& call, std::string_view type, const json& object,
                     const json& patch) {
  if (type == json_type) return json_patched(object, patch);
  if (!patch.is_object())
    return bad_request(
        "json: cannot unmarshal array into Go value of type map[string]interface {}");
  if (type == strategic_type) return strategic_merge(call.kind->type(), object, patch);
  json out = object;
  out.merge_patch(patch);
  return out;
}

}  // namespace

bool is_patch_type(const Kind& kind, std::string_view type) {
  if (type == strategic_type) return kind.custom == nullptr;
  return type == merge_type || type == json_type || type == apply_type;
}

Result<json> apply_patch(Call& call, const json& object) {
  const std::string type =
      media_type(find_header(call.request->headers, "Content-Type").value_or(""));
  StrictJson parsed = parse_strict(call.request->body);
  if (parsed.error) return bad_request("error decoding patch: " + *parsed.error);
  auto result = patched(call, type, object, parsed.value);
  if (!result) return result;
  if (!result->is_object()) return unprocessable();
  const schema::Decoded decoded =
      schema::decode(call.kind->type(), *result, schema::EmptyLists::kept);
  if (decoded.error) return invalid_patch(*result, *decoded.error);
  call.decoded = decoded.kept_empty;
  std::vector<std::string> errors;
  for (std::string& one : parsed.duplicates)
    errors.push_back((type == json_type ? "json patch " : "") + std::move(one));
  for (const std::string& path : decoded.unknown)
    errors.push_back(fmt::format("unknown field {}", in_quotes(path)));
  const auto refuse = [&result](const std::string& why) { return invalid_patch(*result, why); };
  if (auto failure = judge_strict(call, std::move(errors), refuse)) return *failure;
  const std::string name = string_at(*result, {"metadata", "name"});
  if (name != call.attributes->name) {
    return bad_request(
        fmt::format("the name of the object ({}) does not match the name on the URL ({})", name,
                    call.attributes->name));
  }
  return result;
}

}  // namespace fakeapi::cluster
