// What several tests draw: the two sample logs, and arbitrary ones that keep to the vocabulary
// often enough to be interesting and break it often enough to be dangerous.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "fakeapi/lanes/event.hpp"

namespace fakeapi::lanes {

inline std::string file_text(const std::string& path) {
  std::ifstream file{std::string{PROJECT_SOURCE_DIR} + "/" + path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::vector<Event> parsed(const std::string& text) {
  auto log = parse_log(text);
  if (const auto* error = std::get_if<LogError>(&log)) {
    ADD_FAILURE() << "line " << error->line << ": " << error->message;
    return {};
  }
  return std::get<std::vector<Event>>(std::move(log));
}

inline std::vector<Event> sample(const std::string& name) {
  return parsed(file_text("fakeapi/lanes/testdata/" + name));
}

/// UTF-8 of any code point, also of those that no picture may contain; no surrogates.
inline rc::Gen<std::string> any_text() {
  const auto letter = rc::gen::map(
      rc::gen::oneOf(rc::gen::inRange(0, 0x80), rc::gen::inRange(0x80, 0xD800),
                     rc::gen::inRange(0xE000, 0x110000),
                     rc::gen::element(0x1B, 0x202E, 0xFFFE, 0x4E2D, 0x301, '<', '&', '"', ' ')),
      [](int value) {
        const auto byte = [](int bits) { return static_cast<char>(bits); };
        if (value < 0x80) return std::string{byte(value)};
        if (value < 0x800) return std::string{byte(0xC0 | (value >> 6)), byte(0x80 | (value & 63))};
        if (value < 0x10000) {
          return std::string{byte(0xE0 | (value >> 12)), byte(0x80 | ((value >> 6) & 63)),
                             byte(0x80 | (value & 63))};
        }
        return std::string{byte(0xF0 | (value >> 18)), byte(0x80 | ((value >> 12) & 63)),
                           byte(0x80 | ((value >> 6) & 63)), byte(0x80 | (value & 63))};
      });
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(letter),
                      [](const std::vector<std::string>& letters) {
                        std::string text;
                        for (const std::string& one : letters) text += one;
                        return text;
                      });
}

inline rc::Gen<Event> any_event() {
  const auto time = rc::gen::oneOf(
      rc::gen::map(rc::gen::inRange(-2000, 20000), [](int ms) { return ms / 1000.0; }),
      rc::gen::map(rc::gen::inRange(0, 19), [](int seconds) { return seconds * 1.0; }),
      rc::gen::element(0.0, -0.0, 1e-9, 1e9, -1e300, 1e300));
  const auto lane = rc::gen::oneOf(
      rc::gen::element<std::string>("", "steps", "api", "truth/mysql", "api/mysql", "subject/a",
                                    "subject/b", "client/a", "client/a", "fault/f", "verdict",
                                    "truth/" + std::string(63, 'k'), "kubelet"),
      any_text());
  const auto what = rc::gen::oneOf(
      rc::gen::element<std::string>(
          "ready 0/3", "ready 1/3", "ready 3/3", "up", "down", "started", "believes ready",
          "believes not-ready", "starts workload", "workload restarted", "exited 0", "exited 3",
          "app up", "app down", "killed", "answered 200", "answered 503", "answered 0",
          "stream 1 open", "stream 2 open", "stream 1 ended", "active", "over", "met", "passed",
          "failed", "skipped", "mark", "step", "title", "note", "mechanism", "end"),
      any_text());
  return rc::gen::build<Event>(rc::gen::set(&Event::at_seconds, time),
                               rc::gen::set(&Event::lane, lane), rc::gen::set(&Event::what, what),
                               rc::gen::set(&Event::why, any_text()));
}

inline rc::Gen<std::vector<Event>> any_log() {
  return rc::gen::container<std::vector<Event>>(any_event());
}

/// RapidCheck prints the smallest log that breaks a property.
inline void showValue(const Event& event, std::ostream& out) { out << to_json_line(event) << "\n"; }

}  // namespace fakeapi::lanes
