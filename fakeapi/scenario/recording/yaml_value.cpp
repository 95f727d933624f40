#include "fakeapi/scenario/recording/yaml_value.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;

constexpr std::size_t width = 100;  // of a line, where the values allow it

std::size_t rank(const std::string& key) {
  constexpr std::array<std::string_view, 5> first = {"apiVersion", "kind", "metadata", "name",
                                                     "type"};
  const auto found = std::find(first.begin(), first.end(), key);
  return static_cast<std::size_t>(found - first.begin());
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  std::stable_sort(keys.begin(), keys.end(),
                   [](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return keys;
}

// A key of letters that is no word of its own in YAML 1.1 (on, yes, null) needs no quotes.
std::string key_text(const std::string& key) {
  constexpr std::array<std::string_view, 9> words = {"y",   "n",    "yes",   "no",  "on",
                                                     "off", "true", "false", "null"};
  std::string lower;
  for (const char c : key) {
    const bool upper = c >= 'A' && c <= 'Z';
    lower += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const bool letters = !lower.empty() && std::all_of(lower.begin(), lower.end(),
                                                     [](char c) { return c >= 'a' && c <= 'z'; });
  const bool word = std::find(words.begin(), words.end(), lower) != words.end();
  return letters && !word ? key : quoted_text(key);
}

std::string scalar(const json& value) {
  return value.is_string() ? quoted_text(value.get<std::string>()) : value.dump();
}

std::string one_line(const json& value) {
  if (!value.is_structured()) return scalar(value);
  std::string out = value.is_object() ? "{" : "[";
  bool first = true;
  const auto separate = [&] { out += std::exchange(first, false) ? "" : ", "; };
  if (value.is_object()) {
    for (const std::string& key : keys_of(value)) {
      separate();
      out += key_text(key) + ": " + one_line(value[key]);
    }
  } else {
    for (const json& one : value) {
      separate();
      out += one_line(one);
    }
  }
  return out + (value.is_object() ? "}" : "]");
}

bool is_block(const json& value, const std::string& line, std::size_t column) {
  return value.is_structured() && !value.empty() && column + line.size() > width;
}

std::string block(const json& value, std::size_t indent) {
  std::string out;
  const auto begin = [&] { out += out.empty() ? "" : std::string(indent, ' '); };
  if (value.is_array()) {
    for (const json& one : value) {
      begin();
      out += "- " + yaml_value(one, indent + 2);
    }
    return out;
  }
  for (const std::string& key : keys_of(value)) {
    begin();
    const json& inner = value[key];
    const std::string name = key_text(key) + ":";
    const std::string line = one_line(inner);
    out += name;
    if (is_block(inner, line, indent + name.size() + 1)) {
      out += "\n" + std::string(indent + 2, ' ') + block(inner, indent + 2);
    } else {
      out += " " + line + "\n";
    }
  }
  return out;
}

}  // namespace

std::string quoted_text(std::string_view text) {
  std::string out = "\"";
  const std::string whole = cluster::as_utf8(text);
  for (std::string_view rest = whole; !rest.empty();) {
    const std::size_t bytes = cluster::character_bytes(rest);
    const std::string_view character = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    const auto first = static_cast<unsigned char>(character[0]);
    if (character == "\"" || character == "\\") {
      out += '\\';
      out += character;
    } else if (bytes == 1 && (first < 0x20 || first == 0x7f)) {
      out += fmt::format("\\u{:04x}", first);
    } else if (bytes == 2 && first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(character[1]));  // C1, NEL
    } else if (character == "\xe2\x80\xa8" || character == "\xe2\x80\xa9") {
      out += character == "\xe2\x80\xa8" ? "\\u2028" : "\\u2029";  // breaks in YAML 1.1
    } else if (character == "\xef\xbb\xbf") {
      out += "\\ufeff";
    } else {
      out += character;
    }
  }
  return out + "\"";
}

std::string yaml_value(const json& value, std::size_t indent) {
  const std::string line = one_line(value);
  return is_block(value, line, indent) ? block(value, indent) : line + "\n";
}

}  // namespace fakeapi::scenario::recording
