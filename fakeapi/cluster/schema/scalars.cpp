// Quantities keep their family of suffixes: binary (Ki), decimal (k, m), or exponents of ten (e3).
#include "fakeapi/cluster/schema/scalars.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace fakeapi::cluster::schema {
namespace {

bool digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "Z" or "+02:00", in seconds east of UTC.
std::optional<int> zone_seconds(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = digits(text.substr(1, 2)) ? number(text.substr(1, 2)) : std::nullopt;
  const auto minutes = digits(text.substr(4, 2)) ? number(text.substr(4, 2)) : std::nullopt;
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const int seconds = *hours * 3600 + *minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

__extension__ typedef __int128 Wide;  // NOLINT: ISO C++ has no name for it

// A decimal number with a suffix, taken apart: digits * 10^exponent, or * 1024^power.
struct Parts {
  bool negative = false;
  Wide digits = 0;
  int exponent = 0;  // of ten
  int power = 0;     // of 1024
  enum class Family { decimal, binary, scientific } family = Family::decimal;
};

constexpr std::array<std::string_view, 7> binary_suffixes = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
constexpr std::string_view decimal_suffixes = "num.kMGTPE";  // each a thousand times the one before

// Quantities of more digits than these are rounded or capped by the original; they stay as they are.
constexpr std::size_t digits_max = 18;

bool read_suffix(std::string_view suffix, Parts& parts) {
  if (suffix.empty()) return true;
  for (std::size_t i = 1; i < binary_suffixes.size(); ++i) {
    if (suffix != binary_suffixes[i]) continue;
    parts.family = Parts::Family::binary;
    parts.power = static_cast<int>(i);
    return true;
  }
  if (suffix.size() == 1 && suffix != ".") {
    const std::size_t at = decimal_suffixes.find(suffix);
    if (at != std::string_view::npos) {
      parts.exponent += 3 * (static_cast<int>(at) - 3);
      return true;
    }
  }
  if (suffix.size() < 2 || (suffix[0] != 'e' && suffix[0] != 'E')) return false;
  suffix.remove_prefix(suffix[1] == '+' ? 2 : 1);
  const auto exponent = number(suffix);
  if (!exponent || *exponent < -18 || *exponent > 18) return false;
  parts.family = Parts::Family::scientific;
  parts.exponent += *exponent;
  return true;
}

std::optional<Parts> read_parts(std::string_view text) {
  Parts parts;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    parts.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  std::size_t count = 0;
  bool fraction = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (text[at] < '0' || text[at] > '9') break;
    parts.digits = parts.digits * 10 + (text[at] - '0');
    if (fraction) --parts.exponent;
    if (++count > digits_max) return std::nullopt;
  }
  if (count == 0 || !read_suffix(text.substr(at), parts)) return std::nullopt;
  return parts;
}

std::string with_sign(const Parts& parts, Wide value, std::string_view suffix) {
  return fmt::format("{}{}{}", parts.negative ? "-" : "", static_cast<std::int64_t>(value), suffix);
}

std::string decimal_text(Parts parts) {
  Wide value = parts.digits;
  int exponent = parts.exponent;
  while (value % 10 == 0 && value != 0) {
    value /= 10;
    ++exponent;
  }
  while (exponent < -9) {
    value = (value + 9) / 10;
    ++exponent;
  }
  // The suffixes stand for thousands, from n (-9) to E (18); the rest goes back into the digits.
  while (exponent % 3 != 0 || exponent > 18) {
    value *= 10;
    --exponent;
  }
  if (parts.family == Parts::Family::scientific)
    return with_sign(parts, value, exponent == 0 ? "" : fmt::format("e{}", exponent));
  const char suffix = decimal_suffixes[static_cast<std::size_t>(exponent / 3 + 3)];
  return with_sign(parts, value, suffix == '.' ? std::string() : std::string(1, suffix));
}

// Nothing is lost, and nothing below 1024 has a binary suffix: 0.1Gi is 107374182400m, 0.5Ki is 512
// (quantity.go, CanonicalizeBytes).
std::string binary_text(Parts parts) {
  for (; parts.power > 0; --parts.power) parts.digits *= 1024;
  Wide value = parts.digits;
  int exponent = parts.exponent;
  for (; exponent < 0 && value % 10 == 0; ++exponent) value /= 10;
  if (exponent < 0 || value < 1024) return decimal_text(parts);
  std::size_t power = 0;
  while (value % 1024 == 0 && power + 1 < binary_suffixes.size()) {
    value /= 1024;
    ++power;
  }
  return with_sign(parts, value, binary_suffixes[power]);
}

}  // namespace

std::optional<Moment> parse_time(std::string_view text) {
  using namespace std::chrono;
  // "2026-11-23T06:21:04" and then a fraction and a zone.
  constexpr std::size_t fixed = 19;
  if (text.size() <= fixed || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':')
    return std::nullopt;
  std::array<int, 6> part{};
  constexpr std::array<std::pair<std::size_t, std::size_t>, 6> places = {
      {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}}};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string_view piece = text.substr(places[i].first, places[i].second);
    if (!digits(piece)) return std::nullopt;
    part[i] = *number(piece);
  }
  const year_month_day date{year{part[0]}, month{static_cast<unsigned>(part[1])},
                            day{static_cast<unsigned>(part[2])}};
  if (!date.ok() || part[3] > 23 || part[4] > 59 || part[5] > 59) return std::nullopt;
  text.remove_prefix(fixed);
  Moment moment;
  if (text[0] == '.') {
    std::size_t length = 1;
    std::int32_t scale = 100'000'000;
    for (; length < text.size() && text[length] >= '0' && text[length] <= '9'; ++length) {
      moment.nanoseconds += (text[length] - '0') * scale;
      scale /= 10;
    }
    if (length == 1) return std::nullopt;
    text.remove_prefix(length);
  }
  const auto zone = zone_seconds(text);
  if (!zone) return std::nullopt;
  moment.unix_seconds = sys_seconds{sys_days{date}}.time_since_epoch().count() + part[3] * 3600 +
                        part[4] * 60 + part[5] - *zone;
  return moment;
}

std::string time_text(const Moment& moment) {
  using namespace std::chrono;
  const sys_seconds at{seconds{moment.unix_seconds}};
  const auto date_part = floor<days>(at);
  const year_month_day date{date_part};
  const hh_mm_ss clock{at - date_part};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string micro_time_text(const Moment& moment) {
  std::string text = time_text(moment);
  text.pop_back();
  return fmt::format("{}.{:06}Z", text, moment.nanoseconds / 1000);
}

std::optional<std::string> canonical_quantity(std::string_view text) {
  const auto parts = read_parts(text);
  if (!parts) {
    // Long or extreme, and yet a number: kept as it was written.
    const bool numeric = !text.empty() && text.find_first_not_of("+-0123456789.") ==
                                              std::string_view::npos && digits(text.substr(0, 1));
    return numeric ? std::optional<std::string>(text) : std::nullopt;
  }
  if (parts->digits == 0) return "0";
  return parts->family == Parts::Family::binary ? binary_text(*parts) : decimal_text(*parts);
}

}  // namespace fakeapi::cluster::schema
