// Prometheus text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). Each series
// may stand there once only, or the whole scrape is refused: a dependency that is named twice, and
// a namespace with several sources, make one.
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "waiter/run/guard_report.hpp"

namespace waiter::run {
namespace {

using core::DependencyStatus;
using core::GuardPolicy;

struct Sources {
  bool synced = true;
  bool watching = true;
  bool trouble = false;
};

std::string label_value(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

class Exposition {
 public:
  /// A metric without labels.
  void single(std::string_view name, std::string_view type, std::string_view help,
              const std::string& value) {
    begin(name, type, help);
    text_ += fmt::format("{}{} {}\n", prefix, name, value);
  }

  /// One series for each item of `items`, a map by the label's value.
  template <class Items, class Value>
  void each(std::string_view name, std::string_view type, std::string_view help,
            std::string_view label, const Items& items, Value value) {
    begin(name, type, help);
    for (const auto& [key, item] : items) {
      text_ += fmt::format("{}{}{{{}=\"{}\"}} {}\n", prefix, name, label, label_value(key),
                           static_cast<int>(value(item)));
    }
  }

  std::string take() { return std::move(text_); }

 private:
  static constexpr std::string_view prefix = "wait_for_endpoints_";
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP {0}{1} {2}\n# TYPE {0}{1} {3}\n", prefix, name, help, type);
  }
  std::string text_;
};

int number_of(GuardPolicy::Verdict verdict) {
  switch (verdict) {
    case GuardPolicy::Verdict::none:
      return -1;
    case GuardPolicy::Verdict::met:
      return 1;
    case GuardPolicy::Verdict::lost:
      return 0;
  }
  return -1;
}

void write_dependencies(const core::Snapshot& snapshot, Exposition& out) {
  std::map<std::string, DependencyStatus> all;
  for (const auto& status : snapshot.dependencies) all[core::to_string(status.dependency)] = status;
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                        auto value) { out.each(name, type, help, "dependency", all, value); };
  using Status = const DependencyStatus&;
  each("dependency_met", "gauge", "1 while the dependency is met, else 0.",
       [](Status status) { return status.reason == core::Reason::met; });
  each("dependency_ready_backends", "gauge", "Backends that the API shows as ready.",
       [](Status status) { return status.ready; });
  each("dependency_backends", "gauge", "Backends that the API shows, ready or not.",
       [](Status status) { return status.total; });
  each("dependency_needed_backends", "gauge", "Ready backends that the dependency needs.",
       [](Status status) { return status.needed; });
  each("dependency_flaps_total", "counter", "How often the dependency was met and then was not.",
       [](Status status) { return status.flaps; });
}

void write_sources(const core::Snapshot& snapshot, Exposition& out) {
  std::map<std::string, Sources> all;
  for (const core::SourceStatus& source : snapshot.sources) {
    Sources& sources = all[source.selection.namespace_name];
    sources.synced = sources.synced && source.synced;
    sources.watching = sources.watching && source.watching;
    sources.trouble = sources.trouble || source.trouble;
  }
  const auto each = [&](std::string_view name, std::string_view help, auto value) {
    out.each(name, "gauge", help, "namespace", all, value);
  };
  each("source_synced", "1 when a complete list of the namespace was read, else 0.",
       [](const Sources& sources) { return sources.synced; });
  each("source_watching", "1 while a watch of the namespace is open, else 0.",
       [](const Sources& sources) { return sources.watching; });
  each("source_trouble", "1 while requests for the namespace fail, else 0.",
       [](const Sources& sources) { return sources.trouble; });
}

}  // namespace

std::string metrics(const GuardReport& report) {
  Exposition out;
  out.single("verdict", "gauge",
             "1 while all dependencies are met, 0 while they are lost, -1 before they were met for "
             "the first time.",
             std::to_string(number_of(report.policy.verdict())));
  out.single("lost_total", "counter", "How often the dependencies were lost after they were met.",
             std::to_string(report.policy.losses()));
  out.single("start_time_seconds", "gauge", "Unix time at which the guard started.",
             fmt::format("{}.{:03}", report.started_milliseconds / 1000,
                         report.started_milliseconds % 1000));
  write_dependencies(report.snapshot, out);
  write_sources(report.snapshot, out);
  return out.take();
}

}  // namespace waiter::run
