#include "waiter/cli/duration.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace waiter::cli {
namespace {

using core::Duration;

constexpr Duration longest = std::chrono::hours(10'000);

// Longer names first: "ms" must not be read as "m".
constexpr std::array<std::pair<std::string_view, Duration>, 6> units = {{
    {"ms", std::chrono::milliseconds(1)},
    {"us", std::chrono::microseconds(1)},
    {"ns", std::chrono::nanoseconds(1)},
    {"h", std::chrono::hours(1)},
    {"m", std::chrono::minutes(1)},
    {"s", std::chrono::seconds(1)},
}};

/// Reads digits with at most one point; nothing when there is no digit.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  double place = 0;  // of the next digit after the point
  bool any_digit = false;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (c == '.' && place == 0) {
      place = 0.1;
    } else if (c >= '0' && c <= '9') {
      any_digit = true;
      value = place == 0 ? value * 10 + (c - '0') : value + place * (c - '0');
      if (place != 0) place /= 10;
    } else {
      break;
    }
  }
  return any_digit ? std::optional(value) : std::nullopt;
}

std::optional<Duration> take_unit(std::string_view& text) {
  for (const auto& [name, length] : units) {
    if (text.substr(0, name.size()) != name) continue;
    text.remove_prefix(name.size());
    return length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text == "0") return Duration{};
  if (text.empty()) return std::nullopt;
  double total_ns = 0;
  while (!text.empty()) {
    const auto number = take_number(text);
    const auto unit = number ? take_unit(text) : std::nullopt;
    if (!unit) return std::nullopt;
    total_ns += *number * static_cast<double>(unit->count());
    if (total_ns > static_cast<double>(longest.count())) return std::nullopt;
  }
  return Duration(static_cast<std::int64_t>(std::llround(total_ns)));
}

}  // namespace waiter::cli
