#include "waiter/k8s/status.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace waiter::k8s {
namespace {

using nlohmann::json;

constexpr std::size_t message_size_max =
    300;  // what a person reads in a log line; a proxy's HTML page is cut
constexpr std::int64_t retry_after_seconds_max = 3600;

core::Cause cause_of(int http_status) {
  switch (http_status) {
    case 401:
      return core::Cause::unauthorized;
    case 403:
      return core::Cause::forbidden;
    case 404:
      return core::Cause::not_found;
    case 400:  // an old server, to a parameter that it does not know
    case 406:
    case 422:
      return core::Cause::rejected;
    case 410:
      return core::Cause::expired;
    case 429:
      return core::Cause::throttled;
    default:
      return http_status >= 500 ? core::Cause::server_error : core::Cause::undecodable;
  }
}

/// One line of printable text: what comes from the network is shown to a person.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text.substr(0, message_size_max)) {
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::optional<core::Duration> seconds_within_limit(std::int64_t value) {
  if (value < 0) return std::nullopt;
  return std::chrono::seconds(std::min(value, retry_after_seconds_max));
}

std::optional<core::Duration> parse_retry_after(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return seconds_within_limit(value);
}

void take_status_fields(const json& status, core::Failure& failure) {
  if (const auto found = status.find("message"); found != status.end() && found->is_string()) {
    failure.message = one_line(found->get_ref<const std::string&>());
  }
  const auto details = status.find("details");
  if (details == status.end() || !details->is_object()) return;
  const auto wait = details->find("retryAfterSeconds");
  if (wait == details->end() || !wait->is_number_integer() || failure.retry_after) return;
  failure.retry_after = seconds_within_limit(wait->get<std::int64_t>());
}

}  // namespace

bool names_an_object(std::string_view body) {
  const json status = json::parse(body, nullptr, false);
  const auto details = status.is_object() ? status.find("details") : status.end();
  return status.is_object() && details != status.end() && details->is_object() &&
         details->contains("name");
}

core::Failure decode_error(int http_status, std::string_view retry_after, std::string_view body) {
  core::Failure failure;
  failure.http_status = http_status;
  failure.cause = cause_of(http_status);
  failure.retry_after = parse_retry_after(retry_after);
  const json status = json::parse(body, nullptr, false);
  if (status.is_object()) take_status_fields(status, failure);
  if (failure.message.empty()) failure.message = one_line(body);
  return failure;
}

core::Failure decode_status(const json& status) {
  core::Failure failure;
  failure.cause = core::Cause::undecodable;
  failure.message = "an ERROR event without a Status";
  if (!status.is_object()) return failure;
  if (const auto code = status.find("code"); code != status.end() && code->is_number_integer()) {
    failure.http_status = code->get<int>();
    failure.cause = cause_of(failure.http_status);
  }
  // Before Kubernetes 1.18 the two reasons for an expired version were used side by side; both mean
  // the same.
  if (const auto reason = status.find("reason"); reason != status.end() && reason->is_string()) {
    const std::string& text = reason->get_ref<const std::string&>();
    if (text == "Expired" || text == "Gone") failure.cause = core::Cause::expired;
  }
  take_status_fields(status, failure);
  return failure;
}

}  // namespace waiter::k8s
