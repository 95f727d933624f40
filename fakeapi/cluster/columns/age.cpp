// The steps of HumanDuration, and the one form of time that the API uses.
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

// Reads a text from its front; the first mistake ends it.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
    return value;
  }

  bool skip(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view any_of) { good_ = skip(any_of) && good_; }
  bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool done() const { return good_ && rest_.empty(); }

 private:
  int digit() {
    if (!at_digit()) {
      good_ = false;
      return 0;
    }
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool good_ = true;
};

microseconds decimals(Reader& reader) {
  microseconds value{0};
  microseconds unit{100'000};
  while (reader.at_digit()) {
    value += unit * reader.number(1);
    unit /= 10;
  }
  return value;
}

std::string with_rest(std::int64_t whole, char unit, std::int64_t rest, char rest_unit) {
  return rest == 0 ? fmt::format("{}{}", whole, unit)
                   : fmt::format("{}{}{}{}", whole, unit, rest, rest_unit);
}

}  // namespace

WallTime wall_time(std::int64_t wall_time_seconds, Instant now) {
  return WallTime{seconds{wall_time_seconds}} + floor<microseconds>(now.time_since_epoch());
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  Reader reader(text);
  const year_month_day date = [&] {
    const year y{reader.number(4)};
    reader.expect("-");
    const month m{static_cast<unsigned>(reader.number(2))};
    reader.expect("-");
    return year_month_day{y, m, day{static_cast<unsigned>(reader.number(2))}};
  }();
  reader.expect("T");
  const int hour = reader.number(2);
  reader.expect(":");
  const int minute = reader.number(2);
  reader.expect(":");
  const int second = reader.number(2);
  microseconds fraction{0};
  if (reader.skip(".,")) {
    if (!reader.at_digit()) return std::nullopt;
    fraction = decimals(reader);
  }
  minutes offset{0};
  if (!reader.skip("Z")) {
    const bool east = reader.skip("+");
    if (!east) reader.expect("-");
    const int offset_hours = reader.number(2);
    reader.expect(":");
    const int offset_minutes = reader.number(2);
    if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
    offset = (east ? 1 : -1) * (hours{offset_hours} + minutes{offset_minutes});
  }
  if (!reader.done() || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return WallTime{sys_days{date}} + hours{hour} + minutes{minute} + seconds{second} + fraction -
         offset;
}

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
