// yaml-cpp makes the tree; what a plain word means is decided here, by the rules of YAML 1.1 that
// the original keeps (yes and on are true). Its exceptions end in this file.
#include "fakeapi/cluster/api/yaml.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// Aliases can make a small text large ("billion laughs"), by many nodes or by a long one that comes
// often; the original bounds them too (go-yaml decode.go, allowedAliasRatio). Without aliases, a
// body of 3 MiB reaches neither.
constexpr std::size_t nodes_max = 2'000'000;
constexpr std::size_t bytes_max = 8U << 20U;
constexpr int depth_max = 500;

struct Refused {};

// go-yaml, readerc.go: "control characters are not allowed". C1 stands in two bytes of UTF-8, and
// NEL is none of them.
bool has_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0x7f || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')) return true;
    if (byte != 0xc2 || i + 1 == text.size()) continue;
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (next < 0xa0 && next != 0x85) return true;
  }
  return false;
}

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

template <class Number>
std::optional<Number> whole(std::string_view text, int base) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<json> number(std::string_view text) {
  if (text.size() > 1 && text[0] == '+') text.remove_prefix(1);
  if (text.starts_with("0x")) {
    if (const auto value = whole<std::int64_t>(text.substr(2), 16)) return json(*value);
  }
  if (text.starts_with("0o")) {
    if (const auto value = whole<std::int64_t>(text.substr(2), 8)) return json(*value);
  }
  const bool octal = text.size() > 1 && text[0] == '0' &&
                     text.find_first_not_of("01234567") == std::string_view::npos;
  if (const auto value = whole<std::int64_t>(text, octal ? 8 : 10)) return json(*value);
  const bool like_a_number = !text.empty() &&
                             text.find_first_not_of("0123456789+-.eE") == std::string_view::npos &&
                             text.find_first_of("0123456789") != std::string_view::npos;
  if (!like_a_number) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return json(value);
}

// yaml-cpp makes one byte of "\\N" and "\\_", which are U+0085 and U+00A0.
std::string mended(const std::string& text) {
  if (is_utf8(text)) return text;
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t bytes = std::max<std::size_t>(character_bytes(rest), 1);
    if (character_bytes(rest) == 0) out += '\xc2';
    out += rest.substr(0, bytes);
    rest.remove_prefix(bytes);
  }
  return out;
}

json scalar(const YAML::Node& node) {
  const std::string text = mended(node.Scalar());
  const bool quoted = node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str";
  if (quoted) return text;
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return nullptr;
  if (one_of(text, {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"}))
    return one_of(text, {"y", "Y"}) ? json(text) : json(true);
  if (one_of(text, {"n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"}))
    return one_of(text, {"n", "N"}) ? json(text) : json(false);
  if (auto value = number(text)) return std::move(*value);
  return text;
}

class Converter {
 public:
  json convert(const YAML::Node& node, int depth) {
    if (++nodes_ > nodes_max || depth > depth_max) throw Refused{};
    if (node.IsScalar()) {
      bytes_ += node.Scalar().size();
      if (bytes_ > bytes_max) throw Refused{};
      return scalar(node);
    }
    if (node.IsSequence()) {
      json out = json::array();
      for (const YAML::Node& element : node) out.push_back(convert(element, depth + 1));
      return out;
    }
    if (!node.IsMap()) return nullptr;
    json out = json::object();
    for (const auto& entry : node) {
      // sigs.k8s.io/yaml: a key is a text, a number or a truth value.
      const json key = convert(entry.first, depth + 1);
      if (key.is_structured() || key.is_null()) throw Refused{};
      out[key.is_string() ? key.get<std::string>() : key.dump()] = convert(entry.second, depth + 1);
    }
    return out;
  }

 private:
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

// A word that would be read as something else, or that holds a sign of YAML, needs quotes.
bool plain(const std::string& text) {
  if (text.empty() || number(text) ||
      one_of(text, {"~",  "null", "Null", "NULL", "y",    "Y",     "yes",   "Yes",  "YES",
                    "on", "On",   "ON",   "true", "True", "TRUE",  "n",     "N",    "no",
                    "No", "NO",   "off",  "Off",  "OFF",  "false", "False", "FALSE"}))
    return false;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`= ").find(text.front()) != std::string_view::npos &&
      !(text.front() == '-' && text.size() > 1 && text[1] != ' '))
    return false;
  if (text.starts_with("---") || text.starts_with("...")) return false;  // of documents
  if (text.back() == ' ' || text.back() == ':') return false;
  if (text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

// What YAML 1.1 calls a break, and a byte order mark: NEL, LS, PS, BOM.
bool holds_break(const std::string& text) {
  for (const std::string_view one : {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf"}) {
    if (text.find(one) != std::string::npos) return true;
  }
  return false;
}

std::string quoted(const std::string& text) {
  const bool escaped = holds_break(text) || has_control_characters(text);
  if (!escaped && plain(text)) return text;
  return json(text).dump(-1, ' ', escaped, json::error_handler_t::replace);
}

void write(std::string& out, const json& value, std::size_t indent, bool after_key);

// A longer key has a line of its own (go-yaml, emitterc.go, yaml_emitter_check_simple_key); over
// 1,024 characters no reader would know it for a key (YAML 1.1, 9.2.2).
constexpr std::size_t simple_key_bytes_max = 128;

void write_entry(std::string& out, const std::string& key, const json& value, std::size_t indent) {
  const std::string name = quoted(key);
  const bool simple = name.size() <= simple_key_bytes_max;
  out += simple ? name : "? " + name + "\n" + std::string(indent, ' ');
  out += ':';
  const bool block = value.is_structured() && !value.empty();
  out += block ? '\n' : ' ';
  // A list stands under its key without a further step.
  write(out, value, value.is_array() && simple ? indent : indent + 2, true);
}

void write(std::string& out, const json& value, std::size_t indent, bool own_line) {
  if (value.is_object() && !value.empty()) {
    bool first = !own_line;
    for (const auto& [key, inner] : value.items()) {
      if (!first) out.append(indent, ' ');
      first = false;
      write_entry(out, key, inner, indent);
    }
    return;
  }
  if (value.is_array() && !value.empty()) {
    bool first = !own_line;
    for (const json& inner : value) {
      if (!first) out.append(indent, ' ');
      first = false;
      out += "- ";
      write(out, inner, indent + 2, false);
    }
    return;
  }
  out += value.is_string() ? quoted(value.get<std::string>()) : value.dump();
  out += '\n';
}

}  // namespace

std::optional<json> parse_yaml(std::string_view text) {
  // go-yaml: "invalid leading UTF-8 octet".
  if (!is_utf8(text) || has_control_characters(text)) return std::nullopt;
  try {
    return Converter().convert(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception&) {
    return std::nullopt;
  } catch (const Refused&) {
    return std::nullopt;
  }
}

std::string yaml_text(const json& value) {
  std::string out;
  write(out, value, 0, false);
  return out;
}

}  // namespace fakeapi::cluster
