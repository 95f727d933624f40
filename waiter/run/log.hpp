// Log lines on standard error, as text for people or as JSON for machines: one line for each
// change, a heartbeat with what is missing and why, and the end. The token is not among what it is
// given.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "waiter/core/engine.hpp"
#include "waiter/run/words.hpp"

namespace waiter::run {

enum class LogFormat { text, json };

class Log {
 public:
  /// `wall_milliseconds` is the Unix time now; `write` gets one line with its newline.
  Log(LogFormat format, Surroundings surroundings, std::function<std::int64_t()> wall_milliseconds,
      std::function<void(const std::string&)> write);

  /// Something about how the program was called.
  void note(const std::string& text);
  void started(const core::EngineOptions& options);
  void report(const core::ReportDependency& report);
  void report(const core::ReportTrouble& report);
  void report(const core::ReportFallback& report);
  void report(const core::ReportRecovery& report);
  void report(const core::ReportHeartbeat& report);
  void report(const core::ReportEnd& report);
  void report(const core::VerdictChanged& report);
  /// What a mode does besides: `event` is one word for machines.
  enum class Level { info, warn, error };
  void say(Level level, const std::string& event, const std::string& message) {
    line(level, event, message);
  }

 private:
  struct Field {
    std::string name;
    std::string json;  // the value as JSON
  };
  void line(Level level, const std::string& event, const std::string& message,
            const std::vector<Field>& fields = {});

  LogFormat format_;
  Surroundings surroundings_;
  std::function<std::int64_t()> wall_milliseconds_;
  std::function<void(const std::string&)> write_;
};

/// "2026-11-23T13:05:00.123Z"
std::string rfc3339(std::int64_t unix_milliseconds);

}  // namespace waiter::run
