// Serialisation helpers. nlohmann::json sorts keys; only the order of the first three matters to a
// reader's eye.
#include "fakeapi/cluster/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// Bytes that are no UTF-8 come only from a client's body; they are replaced rather than thrown
// about.
std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string wire_text(const json& object) {
  if (!object.is_object()) return dump(object);
  std::string out = "{";
  auto put = [&out](const std::string& key, const json& value) {
    if (out.size() > 1) out += ',';
    out += in_quotes(key);
    out += ':';
    out += dump(value);
  };
  for (const char* first : {"kind", "apiVersion", "metadata"}) {
    if (auto it = object.find(first); it != object.end()) put(first, *it);
  }
  for (const auto& [key, value] : object.items()) {
    if (key != "kind" && key != "apiVersion" && key != "metadata") put(key, value);
  }
  out += '}';
  return out;
}

std::string pretty_text(const json& object) {
  // The same order at the top: parsed again, as that keeps the order of the text.
  return nlohmann::ordered_json::parse(wire_text(object)).dump(2);
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::string in_quotes(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  });
  // Nearly every name, path and message, in each warning and each refusal.
  if (plain) return std::string("\"").append(text).append("\"");
  return dump(json(std::string(text)));
}

}  // namespace fakeapi::cluster
