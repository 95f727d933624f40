// Hand-written readers of single values: each is a few lines, and the standard library's would
// accept more.
#include "fakeapi/scenario/language/scalars.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace fakeapi::scenario {
namespace {

using Nanoseconds = std::int64_t;
constexpr Nanoseconds nanoseconds_max = std::numeric_limits<Nanoseconds>::max();

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto length = static_cast<std::size_t>(end - text.begin());
  const std::string_view digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

// The unit at the front of the text in nanoseconds, taken off the text; 0 if there is none.
Nanoseconds take_unit(std::string_view& text) {
  // Both micro signs, U+00B5 and the Greek U+03BC, as in Go. "ms" and "ns" stand before "m" and
  // "s".
  static constexpr std::array<std::pair<std::string_view, Nanoseconds>, 8> units{{
      {"ns", 1},
      {"us", 1'000},
      {"\xC2\xB5s", 1'000},
      {"\xCE\xBCs", 1'000},
      {"ms", 1'000'000},
      {"s", 1'000'000'000},
      {"m", 60'000'000'000},
      {"h", 3'600'000'000'000},
  }};
  for (const auto& [name, nanoseconds] : units) {
    if (text.substr(0, name.size()) != name) continue;
    text.remove_prefix(name.size());
    return nanoseconds;
  }
  return 0;
}

// digits * unit, or nothing where that does not fit.
std::optional<Nanoseconds> whole_part(std::string_view digits, Nanoseconds unit) {
  Nanoseconds sum = 0;
  for (const char c : digits) {
    const Nanoseconds digit = c - '0';
    if (sum > (nanoseconds_max - digit) / 10) return std::nullopt;
    sum = sum * 10 + digit;
  }
  if (sum > nanoseconds_max / unit) return std::nullopt;
  return sum * unit;
}

// 0.digits * unit, in the floating point of Go's leadingFraction: digits that no longer fit are too
// small to count.
Nanoseconds fraction_part(std::string_view digits, Nanoseconds unit) {
  std::uint64_t numerator = 0;
  double scale = 1;
  for (const char c : digits) {
    if (numerator > std::uint64_t{nanoseconds_max} / 10) break;
    numerator = numerator * 10 + static_cast<std::uint64_t>(c - '0');
    scale *= 10;
  }
  return static_cast<Nanoseconds>(static_cast<double>(numerator) *
                                  (static_cast<double>(unit) / scale));
}

// One "1.5s" off the front of the text, in nanoseconds.
std::optional<Nanoseconds> take_part(std::string_view& text) {
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  const Nanoseconds unit = take_unit(text);
  if (unit == 0) return std::nullopt;
  const auto nanoseconds = whole_part(whole, unit);
  const Nanoseconds rest = fraction_part(fraction, unit);
  if (!nanoseconds || *nanoseconds > nanoseconds_max - rest) return std::nullopt;
  return *nanoseconds + rest;
}

bool is_label(std::string_view text, std::size_t length_max) {
  const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= length_max && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

std::optional<cluster::Duration> parse_duration(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  if (text == "0") return cluster::Duration{};
  if (text.empty()) return std::nullopt;
  Nanoseconds sum = 0;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part || sum > nanoseconds_max - *part) return std::nullopt;
    sum += *part;
  }
  return cluster::Duration{negative ? -sum : sum};
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  if (text.empty() || text.size() > 18 || !std::all_of(text.begin(), text.end(), is_digit)) {
    return std::nullopt;
  }
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return whole_part(text, 1);
}

std::optional<double> parse_share(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool fits = error == std::errc{} && stop == end && value > 0 && value <= 1;
  return fits ? std::optional(value) : std::nullopt;
}

bool is_dns_1123_label(std::string_view text) { return is_label(text, 63); }

bool is_dns_1035_label(std::string_view text) {
  return is_label(text, 63) && is_letter(text.front());
}

bool is_port_name(std::string_view text) {
  return is_label(text, 15) && std::any_of(text.begin(), text.end(), is_letter) &&
         text.find("--") == std::string_view::npos;
}

std::optional<std::uint16_t> parse_address(std::string_view text) {
  constexpr std::string_view prefix = "10.20.";
  if (text.substr(0, prefix.size()) != prefix) return std::nullopt;
  text.remove_prefix(prefix.size());
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto high = parse_number(text.substr(0, dot));
  const auto low = parse_number(text.substr(dot + 1));
  if (!high || !low || *high > 255 || *low > 255) return std::nullopt;
  const auto host = static_cast<std::uint16_t>(*high * 256 + *low);
  if (host == 0 || host == 0xFFFF) return std::nullopt;
  return host;
}

std::string to_address(std::uint16_t host) {
  return fmt::format("10.20.{}.{}", host / 256, host % 256);
}

std::optional<cluster::Duration> parse_span(std::string_view text) {
  const auto duration = parse_duration(text);
  const bool fits = duration && *duration >= cluster::Duration{} && *duration <= duration_max;
  return fits ? duration : std::nullopt;
}

std::optional<Halves> split(std::string_view text, std::string_view separator) {
  const auto trimmed = [](std::string_view part) {
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    return part;
  };
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  return Halves{trimmed(text.substr(0, at)), trimmed(text.substr(at + separator.size()))};
}

}  // namespace fakeapi::scenario
