// Builders of Status errors: each text has one place.
#include "fakeapi/cluster/failure.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

std::string aggregate(const FieldErrors& errors) {
  std::vector<std::string> lines;  // one text once, as apimachinery's Aggregate prints it
  for (const Cause& cause : errors) {
    std::string line = fmt::format("{}: {}", cause.field, cause.message);
    if (std::find(lines.begin(), lines.end(), line) == lines.end())
      lines.push_back(std::move(line));
  }
  if (lines.size() == 1) return lines.front();
  return fmt::format("[{}]", fmt::join(lines, ", "));
}

Failure invalid_in(std::string_view qualified, StatusDetails details, FieldErrors errors) {
  std::string message =
      fmt::format("{} {} is invalid: {}", qualified, in_quotes(details.name), aggregate(errors));
  details.causes = std::move(errors);
  return Failure{422, "Invalid", std::move(message), std::move(details), {}};
}

json details_object(const StatusDetails& details) {
  json out = json::object();
  if (!details.name.empty()) out["name"] = details.name;
  if (!details.group.empty()) out["group"] = details.group;
  if (!details.kind.empty()) out["kind"] = details.kind;
  if (!details.uid.empty()) out["uid"] = details.uid;
  for (const Cause& cause : details.causes) {
    json one = {{"message", cause.message}};
    if (!cause.reason.empty()) one["reason"] = cause.reason;
    if (!cause.field.empty()) one["field"] = cause.field;
    out["causes"].push_back(std::move(one));
  }
  if (details.retry_after_seconds > 0) out["retryAfterSeconds"] = details.retry_after_seconds;
  return out;
}

}  // namespace

Cause required_value(std::string field, std::string_view detail) {
  return {"FieldValueRequired",
          detail.empty() ? "Required value" : fmt::format("Required value: {}", detail),
          std::move(field)};
}

Cause invalid_value(std::string field, std::string_view value, std::string_view detail) {
  return {"FieldValueInvalid", fmt::format("Invalid value: {}: {}", value, detail),
          std::move(field)};
}

Cause forbidden_value(std::string field, std::string_view detail) {
  return {"FieldValueForbidden", fmt::format("Forbidden: {}", detail), std::move(field)};
}

Cause not_supported_value(std::string field, std::string_view value,
                          const std::vector<std::string_view>& supported) {
  std::vector<std::string> names;
  for (std::string_view one : supported) names.push_back(in_quotes(one));
  return {"FieldValueNotSupported",
          fmt::format("Unsupported value: {}: supported values: {}", in_quotes(value),
                      fmt::join(names, ", ")),
          std::move(field)};
}

Cause too_many_values(std::string field, std::size_t actual, std::size_t limit) {
  return {"FieldValueTooMany",
          fmt::format("Too many: {}: must have at most {} items", actual, limit), std::move(field)};
}

Cause duplicate_value(std::string field, std::string_view value) {
  return {"FieldValueDuplicate", fmt::format("Duplicate value: {}", in_quotes(value)),
          std::move(field)};
}

Failure bad_request(std::string message) {
  return {400, "BadRequest", std::move(message), std::nullopt, {}};
}

Failure unauthorized() { return {401, "Unauthorized", "Unauthorized", std::nullopt, {}}; }

Failure not_found(const Kind& kind, std::string_view name) {
  StatusDetails details{
      std::string(name), std::string(kind.group), std::string(kind.plural), {}, {}, 0};
  return {404,
          "NotFound",
          fmt::format("{} {} not found", kind.qualified_resource(), in_quotes(name)),
          std::move(details),
          {}};
}

Failure resource_not_found() {
  return {404, "NotFound", "the server could not find the requested resource", StatusDetails{}, {}};
}

Failure already_exists(const Kind& kind, std::string_view name) {
  StatusDetails details{
      std::string(name), std::string(kind.group), std::string(kind.plural), {}, {}, 0};
  return {409,
          "AlreadyExists",
          fmt::format("{} {} already exists", kind.qualified_resource(), in_quotes(name)),
          std::move(details),
          {}};
}

Failure conflict(std::string_view qualified, std::string_view kind, std::string_view group,
                 std::string_view name, std::string_view why) {
  StatusDetails details{std::string(name), std::string(group), std::string(kind), {}, {}, 0};
  return {
      409,
      "Conflict",
      fmt::format("Operation cannot be fulfilled on {} {}: {}", qualified, in_quotes(name), why),
      std::move(details),
      {}};
}

Failure update_conflict(const Kind& kind, std::string_view name, std::string_view why) {
  return conflict(kind.qualified_resource(), kind.plural, kind.group, name, why);
}

Failure modified_meanwhile(const Kind& kind, std::string_view name) {
  return update_conflict(kind, name,
                         "the object has been modified; please apply your changes to the latest "
                         "version and try again");
}

Failure invalid(const Kind& kind, std::string_view name, FieldErrors errors) {
  StatusDetails details{
      std::string(name), std::string(kind.group), std::string(kind.kind), {}, {}, 0};
  return invalid_in(kind.qualified_kind(), std::move(details), std::move(errors));
}

Failure invalid_of(std::string_view kind, std::string_view group, std::string_view name,
                   FieldErrors errors) {
  StatusDetails details{std::string(name), std::string(group), std::string(kind), {}, {}, 0};
  return invalid_in(fmt::format("{}.{}", kind, group), std::move(details), std::move(errors));
}

Failure invalid_without_kind(FieldErrors errors) {
  return invalid_in("", StatusDetails{}, std::move(errors));
}

Failure invalid_options(std::string_view options, FieldErrors errors) {
  StatusDetails details{{}, "meta.k8s.io", std::string(options), {}, {}, 0};
  return invalid_in(fmt::format("{}.meta.k8s.io", options), std::move(details), std::move(errors));
}

Failure method_not_allowed() {
  return {405,
          "MethodNotAllowed",
          "the server does not allow this method on the requested resource",
          StatusDetails{},
          {}};
}

Failure not_acceptable(std::string_view representations) {
  return {406,
          "NotAcceptable",
          fmt::format("406: Not Acceptable\n\nAvailable representations: {}", representations),
          StatusDetails{},
          {}};
}

Failure forbidden(std::string message) {
  return {403, "Forbidden", std::move(message), StatusDetails{}, {}};
}

Failure internal_error(std::string message) {
  StatusDetails details;
  details.causes.push_back({{}, message, {}});
  return {500, "InternalError", "Internal error occurred: " + message, std::move(details), {}};
}

Failure unsupported_media_type(std::string message) {
  return {415, "UnsupportedMediaType", std::move(message), StatusDetails{}, {}};
}

Failure version_too_large(std::uint64_t asked, std::uint64_t current) {
  StatusDetails details;
  details.causes.push_back({"ResourceVersionTooLarge", "Too large resource version", {}});
  details.retry_after_seconds = 1;
  return {504,
          "Timeout",
          fmt::format("Timeout: Too large resource version: {}, current: {}", asked, current),
          std::move(details),
          {}};
}

Failure expired(std::string message) {
  return {410, "Expired", std::move(message), std::nullopt, {}};
}

json status_object(const Failure& failure) {
  json out = {{"kind", "Status"},    {"apiVersion", "v1"},         {"metadata", json::object()},
              {"status", "Failure"}, {"message", failure.message}, {"code", failure.code}};
  if (!failure.reason.empty()) out["reason"] = failure.reason;
  if (failure.details) out["details"] = details_object(*failure.details);
  if (!failure.continue_token.empty()) out["metadata"]["continue"] = failure.continue_token;
  return out;
}

std::string status_text(const Failure& failure) { return wire_text(status_object(failure)); }

}  // namespace fakeapi::cluster
