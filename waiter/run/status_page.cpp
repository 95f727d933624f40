// What a guard knows, for people: one page without a script and without anything from elsewhere,
// which loads itself again. A state is a word first and a colour second.
#include <string_view>

#include <fmt/format.h>

#include "waiter/run/guard_report.hpp"
#include "waiter/run/log.hpp"

namespace waiter::run {
namespace {

using core::GuardPolicy;
using core::Reason;

constexpr std::string_view style = R"css(
:root{color-scheme:light dark;--ink:#1d2733;--dim:#5b6876;--paper:#f6f8fa;--card:#fff;
--line:#d8dee6;--good:#17703a;--bad:#b3261e;--wait:#8a5a00}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9ee;--dim:#9aa7b4;--paper:#12181f;--card:#1a222b;
--line:#2f3b47;--good:#5ccb87;--bad:#ff8a80;--wait:#f0b64a}}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1rem;margin:1.75rem 0 .5rem}
p{margin:.25rem 0}footer{margin-top:1.5rem;color:var(--dim)}small{color:var(--dim)}
.met{color:var(--good)}.lost{color:var(--bad)}.waiting{color:var(--wait)}
.note{border-left:4px solid var(--wait);padding:.25rem .75rem;margin:1rem 0;background:var(--card)}
.wide{overflow-x:auto}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line)}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-top:1px solid var(--line)}
th{font-weight:600;color:var(--dim);white-space:nowrap}
td.state{font-weight:600}td.state,td.ready{white-space:nowrap}td.text{overflow-wrap:anywhere;min-width:14rem}
meter{width:6rem}a{color:inherit}
)css";

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string_view headline(GuardPolicy::Verdict verdict) {
  switch (verdict) {
    case GuardPolicy::Verdict::none:
      return "Waiting for dependencies";
    case GuardPolicy::Verdict::met:
      return "All dependencies are met";
    case GuardPolicy::Verdict::lost:
      return "A dependency is lost";
  }
  return "?";
}

std::string_view consequence(const GuardPolicy& policy) {
  if (policy.verdict() == GuardPolicy::Verdict::none) {
    return "The Pod's start is held back until they are met.";
  }
  switch (policy.on_lost()) {
    case GuardPolicy::OnLost::observe:
      return "The guard tells when a dependency is lost, and does nothing (policy observe).";
    case GuardPolicy::OnLost::unready:
      return "The Pod is not ready while a dependency is lost (policy unready).";
    case GuardPolicy::OnLost::exit:
      return "The guard ends when a dependency is lost (policy exit).";
  }
  return "?";
}

std::string row(const core::DependencyStatus& status) {
  const bool met = status.reason == Reason::met;
  std::string more;
  if (!met) more += fmt::format("not met for {}", describe(status.unmet_for));
  if (status.flaps > 0) {
    more += fmt::format("{}flapped {}x", more.empty() ? "" : ", ", status.flaps);
  }
  return fmt::format(
      "<tr><td>{}</td><td class=\"state {}\">{}</td>"
      "<td class=\"ready\"><meter aria-hidden=\"true\" min=\"0\" max=\"{}\" value=\"{}\"></meter> "
      "{} of {}</td><td>{}</td>"
      "<td class=\"text\">{}<br><small>{}</small></td></tr>\n",
      escaped(core::to_string(status.dependency)), met ? "met" : "waiting", met ? "met" : "not met",
      status.total > 0 ? status.total : 1, status.ready, status.ready, status.total, status.needed,
      escaped(describe(status)), more);
}

std::string row(const core::SourceStatus& source, const Surroundings& surroundings) {
  const char* state = source.trouble ? "in trouble" : source.watching ? "watching" : "reading";
  return fmt::format(
      "<tr><td>{}</td><td class=\"state {}\">{}</td><td class=\"text\">{}</td></tr>\n",
      escaped(source.selection.namespace_name),
      source.trouble    ? "lost"
      : source.watching ? "met"
                        : "waiting",
      state,
      source.trouble ? escaped(describe(*source.trouble, source.selection, surroundings))
                     : std::string(source.synced ? "none" : "no complete list so far"));
}

std::string tables(const GuardReport& report) {
  std::string html =
      "<h2>Dependencies</h2>\n<div class=\"wide\"><table>\n<tr><th>Dependency</th><th>State</th>"
      "<th>Ready</th><th>Needed</th><th>What is known</th></tr>\n";
  for (const auto& status : report.snapshot.dependencies) html += row(status);
  html +=
      "</table></div>\n<h2>Watched namespaces</h2>\n<div "
      "class=\"wide\"><table>\n<tr><th>Namespace</th>"
      "<th>State</th><th>Trouble</th></tr>\n";
  for (const auto& source : report.snapshot.sources) html += row(source, report.surroundings);
  return html + "</table></div>\n";
}

}  // namespace

std::string status_page(const GuardReport& report) {
  const auto verdict = report.policy.verdict();
  const std::string_view title = headline(verdict);
  std::string note;
  if (degraded(report.snapshot)) {
    note =
        "<p class=\"note\">The API server cannot be read everywhere at the moment: what stands "
        "here may be old.</p>\n";
  }
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"refresh\" content=\"5\">\n<title>{0} - wait-for-endpoints</title>\n"
      "<style>{1}</style>\n</head>\n<body>\n<main>\n<h1 class=\"{2}\">{0}</h1>\n<p>{3}</p>\n"
      "{4}{5}"
      "<footer>\n<p>Started {7}, lost {6}x since. API server {8}. wait-for-endpoints {9}.</p>\n"
      "<p>For machines: <a href=\"/status\">/status</a>, <a href=\"/metrics\">/metrics</a>.</p>\n"
      "</footer>\n</main>\n</body>\n</html>\n",
      title, style, name_of(verdict), consequence(report.policy), note, tables(report),
      report.policy.losses(), rfc3339(report.started_milliseconds),
      escaped(report.surroundings.server), WFE_VERSION);
}

}  // namespace waiter::run
