// What a client sends: objects and DeleteOptions. Texts of decoding errors are the Go decoder's own
// in a real server; here only code and reason are kept, and the text says the same in other words.
#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

std::optional<Failure> wrong_media_type(const Request& request) {
  const auto header = find_header(request.headers, "Content-Type");
  const std::string type = media_type(header.value_or("application/json"));
  if (type == "application/json" || type.empty()) return std::nullopt;
  return unsupported_media_type(
      "the body of the request was in an unknown format - accepted media types include: "
      "application/json");
}

std::optional<Failure> wrong_kind(const Call& call, const json& body) {
  const std::string kind = string_at(body, {"kind"});
  const std::string version = string_at(body, {"apiVersion"});
  const Kind& wanted = *call.kind;
  if (kind.empty() && version.empty()) return std::nullopt;  // the path says it
  if (kind == wanted.kind && version == wanted.api_version()) return std::nullopt;
  return bad_request(fmt::format(
      "{} in version {} cannot be handled as a {}: converting ({}.{}) to {}: unknown conversion",
      kind, in_quotes(version), wanted.kind, version, kind, wanted.kind));
}

// Unknown keys at the top level: dropped, and reported as fieldValidation says (default: Warn).
std::optional<Failure> check_unknown(Call& call, json& body) {
  std::vector<std::string> unknown;
  for (const auto& [key, value] : body.items()) {
    const auto& known = call.kind->content;
    if (key == "kind" || key == "apiVersion" || key == "metadata") continue;
    if (std::find(known.begin(), known.end(), key) == known.end()) unknown.push_back(key);
  }
  if (unknown.empty()) return std::nullopt;
  for (const std::string& key : unknown) body.erase(key);
  const std::string_view mode = call.uri->parameter("fieldValidation");
  std::vector<std::string> texts;
  for (const std::string& key : unknown)
    texts.push_back(fmt::format("unknown field {}", in_quotes(key)));
  if (mode == "Strict") {
    return bad_request(fmt::format(
        "{} in version {} cannot be handled as a {}: strict decoding error: {}", call.kind->kind,
        in_quotes(call.kind->version), call.kind->kind, fmt::join(texts, ", ")));
  }
  if (mode != "Ignore") call.warnings.insert(call.warnings.end(), texts.begin(), texts.end());
  return std::nullopt;
}

}  // namespace

Result<json> read_body(Call& call) {
  if (auto failure = wrong_media_type(*call.request)) return *failure;
  json body = json::parse(call.request->body, nullptr, false);
  if (!body.is_object()) {
    return bad_request(fmt::format(
        "the object provided is unrecognized (must be of type {}): couldn't get version/kind; "
        "json parse error",
        call.kind->kind));
  }
  if (auto failure = wrong_kind(call, body)) return *failure;
  const json* metadata = find_at(body, {"metadata"});
  if (metadata != nullptr && !metadata->is_object() && !metadata->is_null()) {
    return bad_request(
        fmt::format("{} in version {} cannot be handled as a {}: metadata is no object",
                    call.kind->kind, in_quotes(call.kind->version), call.kind->kind));
  }
  const std::string space = string_at(body, {"metadata", "namespace"});
  if (!space.empty() && space != call.namespace_name) {
    return bad_request(
        "the namespace of the provided object does not match the namespace sent on the request");
  }
  if (auto failure = check_unknown(call, body)) return *failure;
  return body;
}

Result<bool> read_dry_run(const Uri& uri, std::string_view options) {
  const std::string_view value = uri.parameter("dryRun");
  if (!uri.has("dryRun") || value.empty()) return false;
  if (value == "All") return true;
  return invalid_options(options, {not_supported_value("dryRun", value, {"All"})});
}

Result<DeleteOptions> read_delete_options(const Call& call) {
  DeleteOptions out;
  const auto dry_run = read_dry_run(*call.uri, "DeleteOptions");
  if (!dry_run) return dry_run.failure();
  out.dry_run = *dry_run;
  const std::string_view grace = call.uri->parameter("gracePeriodSeconds");
  if (const auto seconds = parse_decimal(grace))
    out.grace_period_seconds = static_cast<std::int64_t>(*seconds);
  if (call.request->body.empty()) return out;
  const json body = json::parse(call.request->body, nullptr, false);
  if (!body.is_object()) return bad_request("couldn't get version/kind; json parse error");
  if (const json* seconds = find_at(body, {"gracePeriodSeconds"});
      seconds != nullptr && seconds->is_number_integer()) {
    out.grace_period_seconds = seconds->get<std::int64_t>();
  }
  out.uid = string_at(body, {"preconditions", "uid"});
  out.resource_version = string_at(body, {"preconditions", "resourceVersion"});
  if (const json* dry = find_at(body, {"dryRun"}); dry != nullptr && *dry == json::array({"All"}))
    out.dry_run = true;
  return out;
}

}  // namespace fakeapi::cluster
