// One function for each rule. They look only at what the server saw: who asked for what, when, on
// which connection and with which token.
#include "fakeapi/scenario/expect/lint.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>

#include "fakeapi/scenario/expect/clients.hpp"

namespace fakeapi::scenario {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Found = std::optional<std::string>;

double in_seconds(cluster::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::string when(const RequestSeen& request) {
  return fmt::format("at {:.1f} s", in_seconds(request.at));
}

std::string what(const RequestSeen& request) {
  const cluster::Attributes& a = request.attributes;
  return a.is_resource ? fmt::format("{} of {}", a.verb, a.resource)
                       : fmt::format("{} {}", a.verb, a.path);
}

bool is_read(const RequestSeen& request) {
  return request.attributes.is_resource &&
         (request.attributes.verb == "list" || request.attributes.verb == "get");
}

bool succeeded(const RequestSeen& request) { return request.status >= 200 && request.status < 300; }

Found watch_without_timeout(const Record& record) {
  for (const RequestSeen& request : record.requests) {
    if (request.attributes.verb == "watch" && !request.has_timeout)
      return fmt::format("the {} {} has no timeoutSeconds", what(request), when(request));
  }
  return std::nullopt;
}

// Retry-After is in whole seconds and clients' clocks tick as ours do; 50 ms are for the way.
Found retry_after_ignored(const Record& record) {
  constexpr auto on_the_way = milliseconds(50);
  for (const Group& group : groups(record, [](const RequestSeen&) { return true; })) {
    for (std::size_t i = 1; i < group.size(); ++i) {
      const RequestSeen& refused = *group[i - 1];
      if (!refused.retry_after_seconds || (refused.status != 429 && refused.status != 503))
        continue;
      const auto waited = group[i]->real - refused.real;
      if (waited + on_the_way >= seconds(*refused.retry_after_seconds)) continue;
      return fmt::format("the {} {} came {:.2f} s after a {} that asked for {} s", what(*group[i]),
                         when(*group[i]), in_seconds(waited), refused.status,
                         *refused.retry_after_seconds);
    }
  }
  return std::nullopt;
}

Found relist_storm(const Record& record) {
  constexpr std::size_t lists_max = 5;
  constexpr auto within = seconds(5);
  const auto is_list = [](const RequestSeen& request) { return request.attributes.verb == "list"; };
  for (const Group& group : groups(record, is_list)) {
    for (std::size_t i = lists_max; i < group.size(); ++i) {
      const auto took = group[i]->real - group[i - lists_max]->real;
      if (took >= within) continue;
      return fmt::format("{} times {} in {:.1f} s, the last {}", lists_max + 1, what(*group[i]),
                         in_seconds(took), when(*group[i]));
    }
  }
  return std::nullopt;
}

/// What a read says of the state of things: as it is, as it was, or nothing of its own.
enum class Says { nothing, now, past };

// Kubernetes, API concepts, "Semantics for get and list" and "for watch": without a resourceVersion
// the answer is the most recent; with 0 it is any, with another number not older than that. A watch
// from a number tells only what is new since, so it is as good as what it goes on from.
Says says(const RequestSeen& request) {
  const std::string version = request.resource_version.value_or("");
  if (request.attributes.verb == "watch") {
    if (version.empty()) return Says::now;
    return version == "0" || request.wants_initial_events ? Says::past : Says::nothing;
  }
  if (!is_read(request) || request.target.find("continue=") != std::string::npos)
    return Says::nothing;
  return version.empty() ? Says::now : Says::past;
}

Found decision_on_cached_read(const Record& record) {
  if (!record.ended || record.ended->code != 0) return std::nullopt;
  // Of each User-Agent: what its last read said. Who else is there may be what decides, so a rule
  // that is fair wants none of them to have looked.
  std::map<std::string, const RequestSeen*> last;
  for (const RequestSeen& request : record.requests) {
    if (succeeded(request) && request.at <= record.ended->at && says(request) != Says::nothing)
      last[request.user_agent] = &request;
  }
  const RequestSeen* past = nullptr;
  for (const auto& [client, request] : last) {
    if (says(*request) == Says::now) return std::nullopt;
    if (past == nullptr || past->at < request->at) past = request;
  }
  if (past == nullptr) return std::nullopt;
  return fmt::format(
      "it ended with 0 on a {} {} with resourceVersion={}, which a lagging API server answers from "
      "the past",
      what(*past), when(*past), past->resource_version.value_or(""));
}

// Five pauses that are equal to within a hundredth: a clock, not a person or a draw. Pauses that
// the server asked for are its own.
Found equal_pauses(const Record& record) {
  constexpr std::size_t pauses = 5;
  constexpr double spread_max = 0.01;
  constexpr double pause_min_s = 0.1;  // shorter ones are a loop without a pause
  // A lease is renewed by the one that holds it, however many others there are.
  const auto polls = [](const RequestSeen& request) {
    return is_read(request) && request.attributes.resource != "leases";
  };
  for (const Group& group : groups(record, polls)) {
    for (std::size_t end = pauses; end < group.size(); ++end) {
      double sum = 0;
      double squares = 0;
      bool asked_for = false;
      for (std::size_t i = end - pauses + 1; i <= end; ++i) {
        const double pause = in_seconds(group[i]->real - group[i - 1]->real);
        sum += pause;
        squares += pause * pause;
        asked_for = asked_for || group[i - 1]->retry_after_seconds.has_value();
      }
      const double mean = sum / pauses;
      const double spread = std::sqrt(std::max(0.0, squares / pauses - mean * mean));
      if (asked_for || mean < pause_min_s || spread > spread_max * mean) continue;
      return fmt::format("{} times {} exactly every {:.2f} s, the last {}", pauses + 1,
                         what(*group[end]), mean, when(*group[end]));
    }
  }
  return std::nullopt;
}

// A connection that carried a stream or was met by a fault is used up for other reasons, and one
// that was idle for long may have been closed by whoever stands between.
Found connection_per_poll(const Record& record) {
  constexpr std::size_t polls_min = 4;
  constexpr auto idle_max = seconds(30);
  std::map<std::uint64_t, std::size_t> carried;
  std::set<std::uint64_t> used_up;
  for (const RequestSeen& request : record.requests) {
    ++carried[request.connection];
    if (request.is_stream || request.status == 0 || !request.fault.empty())
      used_up.insert(request.connection);
  }
  for (const Group& group : groups(record, is_read)) {
    std::size_t polls = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
      const RequestSeen& poll = *group[i];
      const bool alone = carried[poll.connection] == 1 && !used_up.contains(poll.connection);
      const bool follows = i > 0 && poll.real - group[i - 1]->real < idle_max;
      polls = !alone ? 0 : follows ? polls + 1 : 1;
      if (polls < polls_min) continue;
      return fmt::format("{} requests ({}), each on a TLS connection of its own, the last {}",
                         polls, what(poll), when(poll));
    }
  }
  return std::nullopt;
}

Found expired_token_used_again(const Record& record) {
  constexpr auto to_notice = seconds(2);  // the file was being read when it changed
  std::map<std::uint64_t, cluster::Instant> first_used;
  std::map<std::uint64_t, cluster::Instant> refused;  // token -> its first 401
  for (const RequestSeen& request : record.requests) {
    if (request.token == 0) continue;
    first_used.try_emplace(request.token, request.real);
    const auto first = refused.find(request.token);
    if (request.status == 401) refused.try_emplace(request.token, request.real);
    if (first == refused.end()) continue;
    for (const cluster::Instant renewed : record.token_renewals) {
      // One that came with this renewal, or a later one, is no old token.
      if (first_used[request.token] >= renewed) continue;
      if (request.real < std::max(renewed, first->second) + to_notice) continue;
      return fmt::format(
          "the {} {} came with a token that had been refused with 401, {:.1f} s "
          "after its file held a new one",
          what(request), when(request), in_seconds(request.real - renewed));
    }
  }
  return std::nullopt;
}

}  // namespace

const std::vector<LintRule>& lint_rules() {
  static const std::vector<LintRule> rules{
      {"watch-without-timeout", "a watch without `timeoutSeconds`",
       "a stream that has gone silent is then never noticed; ask for a few minutes, drawn, and "
       "watch again",
       watch_without_timeout},
      {"retry-after-ignored", "the same request before `Retry-After` has passed",
       "the server is overloaded and says for how long; wait at least so long, and draw a bit more",
       retry_after_ignored},
      {"relist-storm", "more than 5 lists of the same thing within 5 s",
       "a list is the most expensive request there is; back off between lists, and resume watches "
       "where they were",
       relist_storm},
      {"decision-on-cached-read",
       "ending with 0 when the last list or get, or watch from 0, came with a `resourceVersion`",
       "a lagging API server answers it from the past; confirm by a read without resourceVersion",
       decision_on_cached_read},
      {"equal-pauses",
       "6 equal reads with equal pauses, to within 1 %, that no `Retry-After` asked for",
       "ten thousand clients that were started together stay together; draw each pause",
       equal_pauses},
      {"connection-per-poll",
       "4 equal reads in a row, each on a TLS connection that carries nothing else",
       "a handshake costs the server more than the answer; keep the connection",
       connection_per_poll},
      {"expired-token-used-again",
       "a token that got 401, 2 s or more after the file that it came from held a new one",
       "tokens of Pods are renewed in their file; read it again, at the latest after a 401",
       expired_token_used_again},
  };
  return rules;
}

}  // namespace fakeapi::scenario
