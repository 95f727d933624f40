// Quantities keep their family of suffixes: binary (Ki), decimal (k, m), or exponents of ten (e3).
#include "fakeapi/cluster/schema/quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

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

__extension__ typedef __int128 Wide;  // NOLINT: ISO C++ has no name for it

// A decimal number with a suffix, taken apart: digits * 10^exponent, or * 1024^power.
struct Parts {
  bool negative = false;
  Wide digits = 0;
  int exponent = 0;  // of ten
  int power = 0;     // of 1024
  enum class Family { decimal, binary, scientific } family = Family::decimal;
};

constexpr std::array<std::string_view, 7> binary_suffixes = {"",   "Ki", "Mi", "Gi",
                                                             "Ti", "Pi", "Ei"};
constexpr std::string_view decimal_suffixes = "num.kMGTPE";  // each a thousand times the one before

// Of a number without a binary suffix; with what a suffix adds, the result fits 128 bits. Longer
// ones, which the original rounds, stay as they are.
constexpr std::size_t digits_max = 28;
// With a binary suffix; what is left out of a longer fraction is below the original's precision.
constexpr std::size_t binary_digits_max = 18;
// quantity.go, maxAllowed: what has a binary suffix is capped.
constexpr Wide binary_max = std::numeric_limits<std::int64_t>::max();

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

std::size_t digits_of(Wide value) {
  std::size_t count = 1;
  for (; value > 9; value /= 10) ++count;
  return count;
}

bool is_above(const Parts& parts, Wide limit) {
  Wide whole = parts.digits;
  int exponent = parts.exponent;
  for (; exponent < 0 && whole > 0; ++exponent) whole /= 10;
  return whole >= limit;
}

std::string with_sign(const Parts& parts, Wide value, std::string_view suffix) {
  return fmt::format("{}{}{}", parts.negative ? "-" : "", value, suffix);
}

std::string decimal_text(Parts parts) {
  Wide value = parts.digits;
  int exponent = parts.exponent;
  while (exponent < -9) {
    value = (value + 9) / 10;
    ++exponent;
  }
  while (value % 10 == 0 && value != 0) {
    value /= 10;
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
  for (std::size_t count = digits_of(parts.digits); count > binary_digits_max; --count) {
    if (parts.exponent == 0) {
      parts.digits = binary_max;
      return with_sign(parts, parts.digits, "");
    }
    parts.digits = (parts.digits + 9) / 10;
    ++parts.exponent;
  }
  for (; parts.power > 0; --parts.power) parts.digits *= 1024;
  if (is_above(parts, binary_max)) return with_sign(parts, binary_max, "");
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

std::optional<std::string> canonical_quantity(std::string_view text) {
  const auto parts = read_parts(text);
  if (!parts) {
    // Long or extreme, and yet a number: kept as it was written.
    Parts ignored;
    const std::size_t end =
        std::min(text.find_first_not_of("0123456789.", text.starts_with('-') ? 1 : 0), text.size());
    const bool numeric = digits(text.substr(text.starts_with('-') ? 1 : 0, 1)) &&
                         text.find('.') == text.rfind('.') &&
                         (end == text.size() || read_suffix(text.substr(end), ignored));
    return numeric ? std::optional<std::string>(text) : std::nullopt;
  }
  if (parts->digits == 0) return "0";
  return parts->family == Parts::Family::binary ? binary_text(*parts) : decimal_text(*parts);
}

}  // namespace fakeapi::cluster::schema
