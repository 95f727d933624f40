// The steps of HumanDuration.
#include "fakeapi/cluster/columns/age.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster::columns {
namespace {

using namespace std::chrono;

// A time.Duration counts nanoseconds in 64 bits: differences of more than 292 years stop there.
constexpr microseconds duration_max{INT64_MAX / 1000};

std::string with_rest(std::int64_t whole, char unit, std::int64_t rest, char rest_unit) {
  return rest == 0 ? fmt::format("{}{}", whole, unit)
                   : fmt::format("{}{}{}{}", whole, unit, rest, rest_unit);
}

}  // namespace

std::string human_duration(microseconds duration) {
  duration = std::clamp(duration, -duration_max, duration_max);
  const std::int64_t whole_seconds = duration_cast<seconds>(duration).count();
  if (whole_seconds < -1) return "<invalid>";
  if (whole_seconds < 0) return "0s";
  if (whole_seconds < 120) return fmt::format("{}s", whole_seconds);
  const std::int64_t whole_minutes = whole_seconds / 60;
  if (whole_minutes < 10) return with_rest(whole_minutes, 'm', whole_seconds % 60, 's');
  if (whole_minutes < 180) return fmt::format("{}m", whole_minutes);
  const std::int64_t whole_hours = whole_minutes / 60;
  if (whole_hours < 8) return with_rest(whole_hours, 'h', whole_minutes % 60, 'm');
  if (whole_hours < 48) return fmt::format("{}h", whole_hours);
  const std::int64_t whole_days = whole_hours / 24;
  if (whole_days < 8) return with_rest(whole_days, 'd', whole_hours % 24, 'h');
  if (whole_days < 730) return fmt::format("{}d", whole_days);
  if (whole_days < 8 * 365) return with_rest(whole_days / 365, 'y', whole_days % 365, 'd');
  return fmt::format("{}y", whole_days / 365);
}

std::optional<WallTime> time_of(const nlohmann::json* timestamp) {
  if (timestamp == nullptr || !timestamp->is_string()) return std::nullopt;
  const auto time = parse_rfc3339(timestamp->get_ref<const std::string&>());
  constexpr WallTime zero = sys_days{January / 1 / 1};  // Go's time.Time{}
  return time && *time != zero ? time : std::nullopt;
}

std::string age_of(const nlohmann::json* timestamp, WallTime now) {
  const auto time = time_of(timestamp);
  return time ? human_duration(now - *time) : "<unknown>";
}

}  // namespace fakeapi::cluster::columns
