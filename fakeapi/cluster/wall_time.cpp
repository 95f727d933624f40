#include "fakeapi/cluster/wall_time.hpp"

#include <fmt/format.h>

namespace fakeapi::cluster {
namespace {

using namespace std::chrono;

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

}  // namespace

WallTime wall_time(WallTime start, Instant now) {
  return start + floor<microseconds>(now.time_since_epoch());
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

std::string rfc3339(WallTime time) {
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<seconds>(time - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string rfc3339_micro(WallTime time) {
  std::string text = rfc3339(time);
  text.pop_back();
  return fmt::format("{}.{:06}Z", text, (time - floor<seconds>(time)).count());
}

WallTime unix_time(std::int64_t whole_seconds, std::int64_t nanoseconds) {
  return WallTime{seconds{whole_seconds}} + microseconds{nanoseconds / 1000};
}

std::int64_t unix_seconds(WallTime time) { return floor<seconds>(time).time_since_epoch().count(); }

}  // namespace fakeapi::cluster
