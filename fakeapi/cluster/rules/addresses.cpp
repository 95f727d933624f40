// Parsing by hand: inet_pton belongs to the sockets API and accepts what Go's net.ParseIP does not.
#include "fakeapi/cluster/rules/addresses.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace fakeapi::cluster::addresses {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint16_t, 8>;

std::optional<V4> parse_v4(std::string_view text) {
  V4 out{};
  for (std::size_t part = 0; part < 4; ++part) {
    unsigned value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 4) {
      value = value * 10 + static_cast<unsigned>(text[digits++] - '0');
    }
    if (digits == 0 || digits > 3 || value > 255 || (digits > 1 && text.front() == '0'))
      return std::nullopt;
    out[part] = static_cast<std::uint8_t>(value);
    text.remove_prefix(digits);
    if (part < 3) {
      if (text.empty() || text.front() != '.') return std::nullopt;
      text.remove_prefix(1);
    }
  }
  return text.empty() ? std::optional<V4>(out) : std::nullopt;
}

std::optional<std::uint16_t> hex_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  unsigned value = 0;
  for (char c : text) {
    const char l = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<unsigned>(c - '0');
    } else if (l >= 'a' && l <= 'f') {
      value = value * 16 + static_cast<unsigned>(l - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return static_cast<std::uint16_t>(value);
}

// The groups of one side of "::"; an IPv4 tail counts as two.
std::optional<std::size_t> groups_of(std::string_view text, V6& out, std::size_t at) {
  const std::size_t begin = at;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
      const auto tail = parse_v4(group);
      if (!tail || at > 6) return std::nullopt;
      out[at++] = static_cast<std::uint16_t>((*tail)[0] << 8U | (*tail)[1]);
      out[at++] = static_cast<std::uint16_t>((*tail)[2] << 8U | (*tail)[3]);
      return at - begin;
    }
    const auto value = hex_group(group);
    if (!value || at > 7) return std::nullopt;
    out[at++] = *value;
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;
  }
  return at - begin;
}

std::optional<V6> parse_v6(std::string_view text) {
  V6 out{};
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    const auto count = groups_of(text, out, 0);
    return count && *count == 8 ? std::optional<V6>(out) : std::nullopt;
  }
  V6 tail{};
  const auto left = groups_of(text.substr(0, gap), out, 0);
  const auto right = groups_of(text.substr(gap + 2), tail, 0);
  if (!left || !right || *left + *right > 7) return std::nullopt;
  for (std::size_t i = 0; i < *right; ++i) out[8 - *right + i] = tail[i];
  return out;
}

bool loopback(const V6& a) { return a == V6{0, 0, 0, 0, 0, 0, 0, 1}; }

}  // namespace

bool is_ipv4(std::string_view text) { return parse_v4(text).has_value(); }
bool is_ipv6(std::string_view text) { return parse_v6(text).has_value(); }

std::vector<std::string> special_errors(std::string_view ip, bool allow_loopback) {
  std::vector<std::string> errors;
  const auto v4 = parse_v4(ip);
  const auto v6 = v4 ? std::nullopt : parse_v6(ip);
  if (!v4 && !v6) return {"must be a valid IP address"};
  const std::uint8_t a = v4 ? (*v4)[0] : std::uint8_t{0};
  const std::uint8_t b = v4 ? (*v4)[1] : std::uint8_t{0};
  if (v4 ? *v4 == V4{} : *v6 == V6{}) errors.emplace_back("may not be unspecified (0.0.0.0 or ::)");
  if (!allow_loopback && (v4 ? a == 127 : loopback(*v6))) {
    errors.emplace_back("may not be in the loopback range (127.0.0.0/8, ::1/128)");
  }
  if (v4 ? a == 169 && b == 254 : ((*v6)[0] & 0xffc0U) == 0xfe80U) {
    errors.emplace_back("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  }
  if (v4 ? a == 224 && b == 0 && (*v4)[2] == 0 : (*v6)[0] == 0xff02U) {
    errors.emplace_back("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
  }
  return errors;
}

}  // namespace fakeapi::cluster::addresses
