// Every text here is recorded in lists.json or watch.json, or stands in the original beside one
// that is.
#include "fakeapi/cluster/api/list_options.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

constexpr const char* match_field = "resourceVersionMatch";

std::optional<Failure> number(const Uri& uri, std::string_view name, std::uint64_t& out) {
  const std::string_view text = uri.parameter(name);
  if (text.empty()) return std::nullopt;
  const auto value = parse_decimal(text);
  if (!value) {
    return bad_request(
        fmt::format("strconv.ParseInt: parsing {}: invalid syntax", in_quotes(text)));
  }
  out = *value;
  return std::nullopt;
}

std::optional<Failure> failure_of(FieldErrors errors) {
  if (errors.empty()) return std::nullopt;
  return invalid_options("ListOptions", std::move(errors));
}

// What a resourceVersionMatch needs, and what it excludes.
void demand_version(const ListOptions& options, FieldErrors& errors) {
  if (!options.resource_version.empty()) return;
  errors.push_back(forbidden_value(
      match_field, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
}

void refuse_continue(const ListOptions& options, FieldErrors& errors) {
  if (options.continue_token.empty()) return;
  errors.push_back(
      forbidden_value(match_field, "resourceVersionMatch is forbidden when continue is provided"));
}

// apimachinery v0.19 to v0.26: one function for lists and watches.
FieldErrors errors_before_watch_list(const ListOptions& options) {
  FieldErrors errors;
  if (options.resource_version_match.empty()) return errors;
  errors.push_back(forbidden_value(match_field, "resourceVersionMatch is forbidden for watch"));
  demand_version(options, errors);
  refuse_continue(options, errors);
  return errors;
}

}  // namespace

Result<ListOptions> read_list_options(const Uri& uri) {
  ListOptions out;
  out.resource_version = uri.parameter("resourceVersion");
  out.resource_version_match = uri.parameter("resourceVersionMatch");
  out.continue_token = uri.parameter("continue");
  out.send_initial_events = uri.flag("sendInitialEvents");
  out.allow_watch_bookmarks = uri.flag("allowWatchBookmarks").value_or(false);
  if (auto failure = number(uri, "limit", out.limit)) return *failure;
  if (auto failure = number(uri, "timeoutSeconds", out.timeout_seconds)) return *failure;
  return out;
}

std::optional<Failure> validate_list(const ListOptions& options) {
  FieldErrors errors;
  const std::string& match = options.resource_version_match;
  if (!match.empty()) {
    demand_version(options, errors);
    refuse_continue(options, errors);
    if (match != "Exact" && match != "NotOlderThan") {
      errors.push_back(not_supported_value(match_field, match, {"Exact", "NotOlderThan", ""}));
    }
    if (match == "Exact" && options.resource_version == "0") {
      errors.push_back(forbidden_value(
          match_field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
    }
  }
  if (options.send_initial_events) {
    errors.push_back(
        forbidden_value("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  return failure_of(std::move(errors));
}

void forget_unknown(ListOptions& options, WatchList watch_list) {
  const bool ignored = watch_list == WatchList::ignored;
  if (ignored) options.resource_version_match.clear();
  if (ignored || watch_list == WatchList::unknown) options.send_initial_events.reset();
}

std::optional<Failure> validate_watch(const ListOptions& options, WatchList watch_list) {
  if (watch_list == WatchList::ignored || watch_list == WatchList::unknown) {
    return failure_of(errors_before_watch_list(options));
  }
  FieldErrors errors;
  const std::string& match = options.resource_version_match;
  if (options.send_initial_events && match != "NotOlderThan") {
    errors.push_back(forbidden_value(
        match_field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  }
  if (options.send_initial_events && watch_list == WatchList::off) {
    errors.push_back(
        forbidden_value("sendInitialEvents",
                        "sendInitialEvents is forbidden for watch unless the WatchList "
                        "feature gate is enabled"));
  }
  if (!match.empty()) {
    if (!options.send_initial_events) {
      errors.push_back(forbidden_value(
          match_field,
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
    }
    if (match != "NotOlderThan")
      errors.push_back(not_supported_value(match_field, match, {"NotOlderThan"}));
    refuse_continue(options, errors);
  }
  return failure_of(std::move(errors));
}

}  // namespace fakeapi::cluster
