// JSON lines in and out, strictly: a log that was written by another program, or cut in the middle,
// is refused with the number of its line instead of being drawn as something that did not happen.
#include "fakeapi/lanes/event.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "fakeapi/lanes/letters.hpp"

namespace fakeapi::lanes {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// "[json.exception.parse_error.101] parse error at ..." without the bracket, which helps nobody.
std::string message_of(const json::exception& error) {
  const std::string_view text = error.what();
  const std::size_t bracket = text.find("] ");
  return printable(bracket == std::string_view::npos ? text : text.substr(bracket + 2));
}

/// RFC 8259 leaves an object with a key twice to the reader; here it is an error, as one of the two
/// would be lost.
std::variant<json, std::string> parse_object(std::string_view line) {
  std::set<std::string> keys;
  std::optional<std::string> key_twice;
  const auto note_keys = [&](int depth, json::parse_event_t happened, json& value) {
    if (happened != json::parse_event_t::key || depth != 1) return true;
    const auto key = value.get<std::string>();
    if (!keys.insert(key).second) key_twice = key;
    return true;
  };
  try {
    json value = json::parse(line.begin(), line.end(), note_keys);
    if (!value.is_object()) return std::string{"not a JSON object"};
    if (key_twice) return fmt::format("the key \"{}\" is there twice", printable(*key_twice));
    return value;
  } catch (const json::exception& error) {
    return message_of(error);
  }
}

std::optional<std::string> problem_of(const json& object) {
  for (const char* key : {"at", "lane", "what", "why"}) {
    if (!object.contains(key)) return fmt::format("the key \"{}\" is missing", key);
    const bool is_time = std::string_view{key} == "at";
    if (is_time && !object[key].is_number()) return std::string{"\"at\" must be a number"};
    if (!is_time && !object[key].is_string()) return fmt::format("\"{}\" must be a string", key);
  }
  for (const auto& [key, value] : object.items()) {
    if (key != "at" && key != "lane" && key != "what" && key != "why") {
      return fmt::format("the key \"{}\" is unknown", printable(key));
    }
  }
  return std::nullopt;
}

std::variant<Event, std::string> parse_line(std::string_view line) {
  if (line.size() > line_bytes_max) {
    return fmt::format("longer than {} bytes", line_bytes_max);
  }
  auto parsed = parse_object(line);
  if (auto* message = std::get_if<std::string>(&parsed)) return std::move(*message);
  const json& object = std::get<json>(parsed);
  if (auto problem = problem_of(object)) return std::move(*problem);
  return Event{object["at"].get<double>(), object["lane"].get<std::string>(),
               object["what"].get<std::string>(), object["why"].get<std::string>()};
}

}  // namespace

std::string to_json_line(const Event& event) {
  const ordered_json object{
      {"at", event.at_seconds}, {"lane", event.lane}, {"what", event.what}, {"why", event.why}};
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::variant<std::vector<Event>, LogError> parse_log(std::string_view text) {
  std::vector<Event> events;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto parsed = parse_line(line);
    if (auto* message = std::get_if<std::string>(&parsed)) {
      return LogError{number, std::move(*message)};
    }
    events.push_back(std::get<Event>(std::move(parsed)));
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& left, const Event& right) {
    return left.at_seconds < right.at_seconds;
  });
  return events;
}

}  // namespace fakeapi::lanes
