// Values in Go's terms. Sources: structured-merge-diff value/value.go, Go's strconv, fmt and
// encoding/json.
#include "fakeapi/cluster/fields/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

// The order of kinds in value.Compare.
int rank(const json& value) {
  if (value.is_number()) return 0;
  if (value.is_string()) return 1;
  if (value.is_boolean()) return 2;
  if (value.is_array()) return 3;
  if (value.is_object()) return 4;
  return 5;
}

template <class T>
int three_way(const T& left, const T& right) {
  if (left < right) return -1;
  return right < left ? 1 : 0;
}

int compare_numbers(const json& left, const json& right) {
  if (is_integer(left) && is_integer(right))
    return three_way(left.get<std::int64_t>(), right.get<std::int64_t>());
  return three_way(left.get<double>(), right.get<double>());
}

int compare_lists(const json& left, const json& right) {
  const std::size_t both = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (const int order = compare_values(left[i], right[i]); order != 0) return order;
  }
  return three_way(left.size(), right.size());
}

// value.MapCompare: the one that has a key which the other lacks at this place comes first.
int compare_maps(const json& left, const json& right) {
  auto l = left.begin();
  auto r = right.begin();
  for (; l != left.end() && r != right.end(); ++l, ++r) {
    if (const int order = three_way(l.key(), r.key()); order != 0) return order;
    if (const int order = compare_values(*l, *r); order != 0) return order;
  }
  if (l == left.end()) return r == right.end() ? 0 : -1;
  return 1;
}

struct Range {
  char32_t first, last;
};

// Spaces other than U+0020, controls, format characters, surrogates and private use: the categories
// Z, Cc, Cf, Cs and Co of Unicode 15.
constexpr std::array<Range, 25> not_printable{{
    {0x00, 0x1f},        {0x7f, 0xa0},       {0xad, 0xad},       {0x600, 0x605},
    {0x61c, 0x61c},      {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},
    {0x8e2, 0x8e2},      {0x1680, 0x1680},   {0x180e, 0x180e},   {0x2000, 0x200f},
    {0x2028, 0x202f},    {0x205f, 0x206f},   {0x3000, 0x3000},   {0xd800, 0xf8ff},
    {0xfeff, 0xfeff},    {0xfff9, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd},
    {0x13430, 0x1343f},  {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0001, 0xe007f},
    {0xf0000, 0x10ffff},
}};

std::string shortest(double value, std::chars_format format) {
  std::array<char, 400> room{};  // the longest fixed number has 309 digits before its point
  const auto end = std::to_chars(room.data(), room.data() + room.size(), value, format).ptr;
  return std::string(room.data(), end);
}

// encoding/json and jsoniter: fixed, but for the very small and the very large.
std::string json_number(double value) {
  const double size = std::abs(value);
  if (size == 0 || (size >= 1e-6 && size < 1e21)) return shortest(value, std::chars_format::fixed);
  std::string out = shortest(value, std::chars_format::scientific);
  const std::size_t n = out.size();
  if (n >= 4 && out[n - 4] == 'e' && out[n - 3] == '-' && out[n - 2] == '0') out.erase(n - 2, 1);
  return out;
}

// fmt's %v: %g with as few digits as tell the number, and an exponent from 1e+06 on.
std::string printed_number(double value) {
  const std::string scientific = shortest(value, std::chars_format::scientific);
  int exponent = 0;
  const std::size_t at = scientific.find('e') + 1;
  const char* digits = scientific.data() + at + (scientific[at] == '+' ? 1 : 0);
  std::from_chars(digits, scientific.data() + scientific.size(), exponent);
  if (exponent < -4 || exponent >= 6) return scientific;
  return shortest(value, std::chars_format::fixed);
}

// `html`: what encoding/json escapes besides, so that JSON can stand inside HTML.
void put_json_string(std::string& out, std::string_view text, bool html) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || (html && (c == '<' || c == '>' || c == '&'))) {
      out += fmt::format("\\u{:04x}", byte);
    } else if (html && (text.substr(i, 3) == "\u2028" || text.substr(i, 3) == "\u2029")) {
      out += text.substr(i, 3) == "\u2028" ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
  out += '"';
}

void put_json(std::string& out, const json& value) {
  if (value.is_string()) {
    put_json_string(out, value.get_ref<const std::string&>(), true);
  } else if (value.is_number() && !is_integer(value)) {
    out += json_number(value.get<double>());
  } else if (value.is_array()) {
    out += '[';
    for (const json& one : value) {
      if (&one != &value.front()) out += ',';
      put_json(out, one);
    }
    out += ']';
  } else if (value.is_object()) {
    out += '{';
    for (auto it = value.begin(); it != value.end(); ++it) {
      if (it != value.begin()) out += ',';
      put_json_string(out, it.key(), true);
      out += ':';
      put_json(out, *it);
    }
    out += '}';
  } else {
    out += value.dump();
  }
}

std::string scalar_text(const json& value) {
  if (value.is_number() && !is_integer(value)) return printed_number(value.get<double>());
  return value.dump();
}

}  // namespace

bool is_integer(const json& value) {
  if (value.is_number_unsigned())
    return value.get<std::uint64_t>() <=
           static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return value.is_number_integer();
}

int compare_values(const json& left, const json& right) {
  if (const int order = three_way(rank(left), rank(right)); order != 0) return order;
  if (left.is_number()) return compare_numbers(left, right);
  if (left.is_string()) {
    return three_way(left.get_ref<const std::string&>(), right.get_ref<const std::string&>());
  }
  if (left.is_boolean()) return three_way(left.get<bool>(), right.get<bool>());
  if (left.is_array()) return compare_lists(left, right);
  if (left.is_object()) return compare_maps(left, right);
  return 0;
}

std::string go_json(const json& value) {
  std::string out;
  put_json(out, value);
  return out;
}

std::string json_key(std::string_view text) {
  std::string out;
  put_json_string(out, text, false);
  return out;
}

std::string path_text(const json& value) {
  if (value.is_string()) return go_quoted(value.get_ref<const std::string&>());
  std::string out;
  if (value.is_array()) {
    for (const json& one : value) out += (out.empty() ? "" : ",") + path_text(one);
    return "[" + out + "]";
  }
  if (value.is_object()) {
    for (const auto& [key, one] : value.items()) out += key + "=" + path_text(one);
    return out;
  }
  return scalar_text(value);
}

char32_t take_rune(std::string_view& text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  std::size_t length = 1;
  if (lead >= 0xf0) {
    length = 4;
  } else if (lead >= 0xe0) {
    length = 3;
  } else if (lead >= 0xc0) {
    length = 2;
  }
  bool good = lead < 0x80 || (lead >= 0xc2 && lead < 0xf5 && length <= text.size());
  char32_t rune = length == 1 ? lead : lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; good && i < length; ++i) {
    good = (at(i) & 0xc0) == 0x80;
    rune = (rune << 6) | (at(i) & 0x3fU);
  }
  text.remove_prefix(good ? length : 1);
  return good ? rune : U'\ufffd';
}

bool is_printable(char32_t rune) {
  const auto after = std::upper_bound(not_printable.begin(), not_printable.end(), rune,
                                      [](char32_t one, const Range& r) { return one < r.first; });
  return after == not_printable.begin() || rune > std::prev(after)->last;
}

std::string go_quoted(std::string_view text) {
  constexpr std::string_view short_escapes = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view letters = "abfnrtv\\\"";
  std::string out = "\"";
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t rune = take_rune(text);
    const std::string_view bytes = before.substr(0, before.size() - text.size());
    const std::size_t escape = bytes.size() == 1 ? short_escapes.find(bytes[0]) : std::string::npos;
    if (escape != std::string::npos) {
      out += {'\\', letters[escape]};
    } else if (bytes.size() == 1 && (rune == U'\ufffd' || !is_printable(rune))) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
    } else if (!is_printable(rune)) {
      const auto code = static_cast<std::uint32_t>(rune);
      out += code < 0x10000 ? fmt::format("\\u{:04x}", code) : fmt::format("\\U{:08x}", code);
    } else {
      out += bytes;
    }
  }
  return out + '"';
}

std::string go_text(const json& value) {
  if (value.is_null()) return "<nil>";
  if (value.is_string()) return value.get<std::string>();
  std::string out;
  if (value.is_array()) {
    for (const json& one : value) out += (&one == &value.front() ? "" : " ") + go_text(one);
    return "[" + out + "]";
  }
  if (value.is_object()) {
    for (const auto& [key, one] : value.items())
      out += (out.empty() ? "" : " ") + key + ":" + go_text(one);
    return "map[" + out + "]";
  }
  return scalar_text(value);
}

std::string go_syntax(const json& value) {
  if (value.is_null()) return "interface {}(nil)";
  if (value.is_string()) return go_quoted(value.get_ref<const std::string&>());
  std::string out;
  if (value.is_array()) {
    for (const json& one : value) out += (out.empty() ? "" : ", ") + go_syntax(one);
    return "[]interface {}{" + out + "}";
  }
  if (value.is_object()) {
    for (const auto& [key, one] : value.items())
      out += (out.empty() ? "" : ", ") + go_quoted(key) + ":" + go_syntax(one);
    return "map[string]interface {}{" + out + "}";
  }
  return scalar_text(value);
}

std::string_view go_type(const json& value) {
  if (value.is_null()) return "<nil>";
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  if (value.is_array()) return "[]interface {}";
  if (value.is_object()) return "map[string]interface {}";
  return is_integer(value) ? "int64" : "float64";
}

}  // namespace fakeapi::cluster::fields
