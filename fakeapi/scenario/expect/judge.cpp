// One function for each key of `expect`.
#include "fakeapi/scenario/expect/judge.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

#include <fmt/format.h>

#include "fakeapi/scenario/expect/lint.hpp"
#include "fakeapi/scenario/fault/scalars.hpp"

namespace fakeapi::scenario {
namespace {

std::string seconds_text(cluster::Duration duration) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(duration).count());
}

Finding judge_exit(const ExitWish& wish, const Record& record) {
  if (wish.running) return {"still running at the end", !record.ended, how_it_ended(record)};
  if (wish.any) return {"it ends", record.ended.has_value(), how_it_ended(record)};
  const bool met =
      record.ended && record.ended->code &&
      std::find(wish.codes.begin(), wish.codes.end(), *record.ended->code) != wish.codes.end();
  return {fmt::format("exit {}", fmt::join(wish.codes, " or ")), met, how_it_ended(record)};
}

Finding judge_between(const fault::Window& window, const Record& record) {
  const bool met = record.ended && window.holds(cluster::Instant(record.ended->at));
  return {"between " + fault::to_text(window), met, how_it_ended(record)};
}

// A program that ended otherwise has not claimed anything.
Finding judge_truth(const std::pair<std::string, int>& wanted, const Record& record) {
  const auto& [service, count] = wanted;
  const std::string text = fmt::format("not before {} Pod{} of {} listen{}", count,
                                       count == 1 ? "" : "s", service, count == 1 ? "s" : "");
  if (!record.ended || record.ended->code != 0) return {text, true, how_it_ended(record)};
  const int listening = listening_at(record, service, record.ended->at);
  return {text, listening >= count,
          fmt::format("{}, when {} of {} listened", how_it_ended(record), listening, service)};
}

Finding judge_order(const std::vector<NamedRequests>& order, const Record& record) {
  std::string text;
  for (const NamedRequests& each : order)
    text += fmt::format("{}\"{}\"", text.empty() ? "" : " then ", each.text);
  std::size_t reached = 0;
  for (const RequestSeen& request : record.requests) {
    if (reached == order.size()) break;
    const fault::Arrival arrival{request.connection, request.user_agent, &request.attributes};
    if (fault::fits(order[reached].match, arrival)) ++reached;
  }
  if (reached == order.size()) return {text, true, "they came in this order"};
  return {text, false,
          fmt::format("no \"{}\" came{}", order[reached].text,
                      reached == 0 ? "" : " after \"" + order[reached - 1].text + "\"")};
}

std::uint64_t most_within_a_second(const std::vector<const RequestSeen*>& requests) {
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < requests.size(); ++last) {
    while (requests[last]->real - requests[first]->real >= std::chrono::seconds(1)) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

std::uint64_t most_open(const std::vector<const RequestSeen*>& requests) {
  std::multimap<cluster::Instant, int> changes;
  for (const RequestSeen* request : requests) {
    if (!request->is_stream) continue;
    changes.emplace(request->real, 1);
    if (request->ended) changes.emplace(*request->ended, -1);
  }
  int open = 0;
  int most = 0;
  for (const auto& [at, change] : changes) {
    open += change;
    most = std::max(most, open);
  }
  return static_cast<std::uint64_t>(most);
}

std::string subject_of(const fault::Match& match) {
  std::string text;
  if (!match.verbs.empty()) text += fmt::format(" ({}", fmt::join(match.verbs, "|"));
  if (!match.resources.empty()) {
    text += fmt::format("{}{}", text.empty() ? " (" : " of ", fmt::join(match.resources, "|"));
  }
  return text.empty() ? text : text + ")";
}

void judge_counts(const Counts& counts, bool at_most, const Record& record,
                  std::vector<Finding>& findings) {
  std::vector<const RequestSeen*> requests;
  std::set<std::uint64_t> connections;
  for (const RequestSeen& request : record.requests) {
    const fault::Arrival arrival{request.connection, request.user_agent, &request.attributes};
    if (!fault::fits(counts.request, arrival)) continue;
    requests.push_back(&request);
    connections.insert(request.connection);
  }
  const auto add = [&](std::optional<std::uint64_t> limit, std::uint64_t seen, const char* noun) {
    if (!limit) return;
    findings.push_back({fmt::format("at {} {} {}{}", at_most ? "most" : "least", *limit, noun,
                                    subject_of(counts.request)),
                        at_most ? seen <= *limit : seen >= *limit,
                        fmt::format("there {} {}", seen == 1 ? "was" : "were", seen)});
  };
  add(counts.requests, requests.size(), "requests");
  add(counts.requests_per_second, most_within_a_second(requests), "requests within a second");
  add(counts.connections, connections.size(), "connections");
  add(counts.watches, most_open(requests), "open watches");
}

Finding judge_rule(const LintRule& rule, const Record& record) {
  const auto broken = rule.broken(record);
  return {fmt::format("no {}", rule.name), !broken, broken.value_or("not seen")};
}

}  // namespace

std::string how_it_ended(const Record& record) {
  if (!record.ended) return "it still ran at " + seconds_text(record.end);
  const Ended& ended = *record.ended;
  if (!ended.code)
    return fmt::format("signal {} ended it at {}", ended.signal, seconds_text(ended.at));
  return fmt::format("it exited {} at {}", *ended.code, seconds_text(ended.at));
}

int listening_at(const Record& record, const std::string& service, cluster::Duration at) {
  int listening = 0;
  const auto changes = record.truth.find(service);
  if (changes == record.truth.end()) return 0;
  for (const auto& [from, count] : changes->second) {
    if (from <= at) listening = count;
  }
  return listening;
}

std::vector<Finding> judge(const Expectations& expect, const Record& record) {
  std::vector<Finding> findings;
  if (expect.exit) findings.push_back(judge_exit(*expect.exit, record));
  if (expect.between) findings.push_back(judge_between(*expect.between, record));
  for (const auto& wanted : expect.truth) findings.push_back(judge_truth(wanted, record));
  if (!expect.order.empty()) findings.push_back(judge_order(expect.order, record));
  for (const Counts& counts : expect.at_most) judge_counts(counts, true, record, findings);
  for (const Counts& counts : expect.at_least) judge_counts(counts, false, record, findings);
  for (const LintRule& rule : lint_rules()) {
    if (std::find(expect.no.begin(), expect.no.end(), rule.name) != expect.no.end())
      findings.push_back(judge_rule(rule, record));
  }
  for (const std::string& text : expect.says) {
    const bool said = record.output.find(text) != std::string::npos;
    findings.push_back({fmt::format("says \"{}\"", text), said, said ? "it does" : "it does not"});
  }
  return findings;
}

std::vector<Finding> other_habits(const Expectations& expect, const Record& record) {
  std::vector<Finding> findings;
  for (const LintRule& rule : lint_rules()) {
    if (std::find(expect.no.begin(), expect.no.end(), rule.name) != expect.no.end()) continue;
    Finding finding = judge_rule(rule, record);
    if (!finding.met) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace fakeapi::scenario
