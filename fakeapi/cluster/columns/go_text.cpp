// Numbers with a decimal point are the only hard part: Go writes the shortest digits that read back
// as the same number, and changes to an exponent elsewhere than C does.
#include "fakeapi/cluster/columns/go_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

// The shortest text in scientific form: "-1.5e+06".
std::string scientific(double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific)
                       .ptr;
  return {buffer.data(), end};
}

// The same digits without an exponent. to_chars would write more of them for large numbers: all
// that lie before the point.
std::string fixed(double value) {
  const std::string text = scientific(std::fabs(value));
  const std::size_t e = text.find('e');
  std::string digits = text.substr(0, 1) + (e > 2 ? text.substr(2, e - 2) : "");
  const int exponent = std::stoi(text.substr(e + 1));
  if (exponent < 0) {
    digits.insert(0, "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0'));
  } else {
    const auto before_point = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < before_point) digits.append(before_point - digits.size(), '0');
    if (digits.size() > before_point) digits.insert(before_point, ".");
  }
  return (std::signbit(value) ? "-" : "") + digits;
}

// fmt's %v: an exponent below 1e-4 and from 1e6 on.
std::string printed(double value) {
  const double size = std::fabs(value);
  return size == 0 || (size >= 1e-4 && size < 1e6) ? fixed(value) : scientific(value);
}

// encoding/json: an exponent below 1e-6 and from 1e21 on, without a leading zero in e-09.
std::string encoded(double value) {
  const double size = std::fabs(value);
  if (size == 0 || (size >= 1e-6 && size < 1e21)) return fixed(value);
  std::string out = scientific(value);
  if (const std::size_t at = out.find("e-0"); at != std::string::npos) out.erase(at + 2, 1);
  return out;
}

// An integer that does not fit 64 bits with sign is decoded as a number with a decimal point.
bool is_real(const json& value) {
  return value.is_number_float() ||
         (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX);
}

// encoding/json escapes what HTML or JavaScript could take for its own.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : json(text).dump(-1, ' ', false, json::error_handler_t::replace)) {
    if (c == '<') {
      out += "\\u003c";
    } else if (c == '>') {
      out += "\\u003e";
    } else if (c == '&') {
      out += "\\u0026";
    } else {
      out += c;
    }
  }
  for (const auto& [character, escape] :
       {std::pair{"\xe2\x80\xa8", "\\u2028"}, std::pair{"\xe2\x80\xa9", "\\u2029"}}) {
    for (auto at = out.find(character); at != std::string::npos; at = out.find(character, at))
      out.replace(at, 3, escape);
  }
  return out;
}

void encode(const json& value, std::string& out) {
  if (is_real(value)) {
    out += encoded(value.get<double>());
  } else if (value.is_string()) {
    out += quoted(value.get_ref<const std::string&>());
  } else if (!value.is_structured()) {
    out += value.dump();
  } else {
    out += value.is_array() ? '[' : '{';
    const char* comma = "";
    for (auto it = value.begin(); it != value.end(); ++it) {
      out += comma;
      comma = ",";
      if (value.is_object()) out += quoted(it.key()) + ":";
      encode(*it, out);
    }
    out += value.is_array() ? ']' : '}';
  }
}

}  // namespace

std::string go_text(const json& value) {
  if (value.is_null()) return "<no value>";
  if (value.is_string()) return value.get<std::string>();
  if (is_real(value)) return printed(value.get<double>());
  std::string out;
  encode(value, out);
  return out;
}

}  // namespace fakeapi::cluster::columns
