#include "waiter/run/log.hpp"

#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace waiter::run {
namespace {

using core::DependencyStatus;
using core::ExitCode;
using core::Reason;

std::string quoted(const std::string& text) {
  // Texts from the network may be anything: what is no UTF-8 is replaced, never an exception.
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string rfc3339(std::int64_t unix_milliseconds) {
  // Howard Hinnant's days-to-civil, "chrono-Compatible Low-Level Date Algorithms": no time zone
  // files, no locale.
  const std::int64_t seconds = unix_milliseconds / 1000;
  const std::int64_t days = seconds / 86400 + 719468;
  const std::int64_t era = days / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const std::int64_t of_day = seconds % 86400;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", year, month, day, of_day / 3600,
                     of_day / 60 % 60, of_day % 60, unix_milliseconds % 1000);
}

Log::Log(LogFormat format, Surroundings surroundings,
         std::function<std::int64_t()> wall_milliseconds,
         std::function<void(const std::string&)> write)
    : format_(format),
      surroundings_(std::move(surroundings)),
      wall_milliseconds_(std::move(wall_milliseconds)),
      write_(std::move(write)) {}

void Log::note(const std::string& text) { line(Level::info, "note", text); }

void Log::started(const core::EngineOptions& options) {
  std::string names;
  for (const auto& group : options.groups) {
    std::string alternatives;
    for (const core::Dependency& dependency : group) {
      alternatives += (alternatives.empty() ? "" : " or ") + core::to_string(dependency);
    }
    names += (names.empty() ? "" : ", ") + alternatives;
  }
  const std::string verification = options.verify == core::Verify::tcp ? "tcp" : "none";
  line(Level::info, "started",
       fmt::format("waiting for {} (API server {}, verification: {})", names, surroundings_.server,
                   verification));
}

void Log::report(const core::ReportDependency& report) {
  const DependencyStatus& status = report.status;
  if (status.reason == Reason::not_synced) return;  // the start line has said what is waited for
  const bool met = status.reason == Reason::met;
  std::string message = fmt::format("{}: {}{}", core::to_string(status.dependency),
                                    met ? "ready: " : "", describe(status));
  if (!met && status.flaps > 0)
    message += fmt::format("; was ready and is not any more ({}x)", status.flaps);
  line(Level::info, "dependency", message,
       {{"dependency", quoted(core::to_string(status.dependency))},
        {"met", met ? "true" : "false"},
        {"reason", quoted(name_of(status.reason))},
        {"ready", std::to_string(status.ready)},
        {"total", std::to_string(status.total)},
        {"needed", std::to_string(status.needed)}});
}

void Log::report(const core::ReportTrouble& report) {
  line(Level::warn, "trouble",
       fmt::format("{} (next attempt in {})",
                   describe(report.failure, report.selection, surroundings_),
                   describe(report.retry_in)),
       {{"namespace", quoted(report.selection.namespace_name)},
        {"cause", quoted(name_of(report.failure.cause))},
        {"http_status", std::to_string(report.failure.http_status)}});
}

void Log::report(const core::ReportFallback& report) {
  line(
      Level::warn, "fallback",
      fmt::format("namespace {}: reading Endpoints, as EndpointSlices are {}; where no controller "
                  "writes Endpoints any more they are missing or stale (--source=slices for never)",
                  report.namespace_name,
                  report.because.cause == core::Cause::forbidden
                      ? "forbidden (" + report.because.message + ")"
                      : "unknown to this API server"),
      {{"namespace", quoted(report.namespace_name)},
       {"cause", quoted(name_of(report.because.cause))}});
}

void Log::report(const core::ReportRecovery& report) {
  line(Level::info, "recovered",
       fmt::format("API server {} answers again for namespace {}", surroundings_.server,
                   report.namespace_name),
       {{"namespace", quoted(report.namespace_name)}});
}

void Log::report(const core::ReportHeartbeat& report) {
  line(Level::info, "heartbeat",
       fmt::format("still waiting after {}: {}", describe(report.waited),
                   missing(report.snapshot, surroundings_)));
}

void Log::report(const core::ReportEnd& report) {
  const auto [level, event] = [&report]() -> std::pair<Level, const char*> {
    switch (report.code) {
      case ExitCode::ready:
        return {Level::info, "ready"};
      case ExitCode::not_ready:
        return {Level::info, "not_ready"};
      case ExitCode::timeout:
        return {Level::error, "timeout"};
      case ExitCode::usage:
        return {Level::error, "hopeless"};
      case ExitCode::forbidden:
        return {Level::error, "forbidden"};
      default:
        return {Level::warn, "interrupted"};
    }
  }();
  line(level, event, describe(report, surroundings_),
       {{"exit_code", std::to_string(static_cast<int>(report.code))}});
}

void Log::report(const core::VerdictChanged& report) {
  const std::string waited = describe(report.waited);
  if (report.met) {
    line(Level::info, "ready", fmt::format("all dependencies are ready after {}", waited));
  } else {
    line(Level::warn, "lost",
         fmt::format("lost after {}: {}", waited, missing(report.snapshot, surroundings_)));
  }
}

void Log::line(Level level, const std::string& event, const std::string& message,
               const std::vector<Field>& fields) {
  const std::string time = rfc3339(wall_milliseconds_());
  const char* name = level == Level::info ? "info" : level == Level::warn ? "warn" : "error";
  if (format_ == LogFormat::text) {
    write_(fmt::format("{} {:<5} {}\n", time, name, message));
    return;
  }
  std::string text = fmt::format(R"({{"time":"{}","level":"{}","event":"{}")", time, name, event);
  for (const Field& field : fields) text += fmt::format(R"(,"{}":{})", field.name, field.json);
  write_(text + R"(,"message":)" + quoted(message) + "}\n");
}

}  // namespace waiter::run
