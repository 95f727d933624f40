// One function for each rule. They look only at what the server saw: who asked for what, when, on
// which connection and with which token.
#include "fakeapi/scenario/expect/lint.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include <fmt/format.h>

#include "fakeapi/scenario/expect/record.hpp"

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

/// Requests of one client for one thing, in order.
using Group = std::vector<const RequestSeen*>;
template <class Wanted>
std::vector<Group> groups(const Record& record, Wanted wanted) {
  using Name = std::tuple<std::string, std::string, std::string>;
  std::map<Name, Group> by_name;
  for (const RequestSeen& request : record.requests) {
    if (!wanted(request)) continue;
    const std::string path = request.target.substr(0, request.target.find('?'));
    const bool pages = request.target.find("continue=") != std::string::npos;
    if (!pages) by_name[{request.user_agent, request.attributes.verb, path}].push_back(&request);
  }
  std::vector<Group> out;
  for (auto& [name, group] : by_name) out.push_back(std::move(group));
  return out;
}

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

/// Whether an answer may come from a watch cache that is behind: resourceVersion=0, or a watch.
bool may_be_old(const RequestSeen& request) {
  if (request.attributes.verb == "watch") {
    const bool as_of_now = request.wants_initial_events &&
                           (!request.resource_version || request.resource_version->empty());
    return !as_of_now;
  }
  return request.resource_version.has_value() && !request.resource_version->empty();
}

Found decision_on_cached_read(const Record& record) {
  if (!record.ended || record.ended->code != 0) return std::nullopt;
  std::map<std::string, const RequestSeen*> last;  // by resource: the last read that had an answer
  for (const RequestSeen& request : record.requests) {
    const bool reads = is_read(request) || request.attributes.verb == "watch";
    if (reads && succeeded(request) && request.at <= record.ended->at) {
      const RequestSeen*& place = last[request.attributes.resource];
      // A current read stays one while a watch goes on from it.
      const bool goes_on = place != nullptr && !may_be_old(*place) &&
                           request.attributes.verb == "watch" && place->attributes.verb != "watch";
      if (!goes_on) place = &request;
    }
  }
  for (const auto& [resource, request] : last) {
    if (may_be_old(*request)) {
      return fmt::format(
          "it ended with 0 after a {} {} with resourceVersion={}, which a lagging "
          "API server answers from the past",
          what(*request), when(*request), request->resource_version.value_or(""));
    }
  }
  return std::nullopt;
}

// Equal to within a hundredth: a clock, not a person or a draw.
Found equal_pauses(const Record& record) {
  constexpr std::size_t repeats_min = 6;
  constexpr double spread_max = 0.01;
  const auto repeated = [](const RequestSeen& request) { return !request.is_stream; };
  for (const Group& group : groups(record, repeated)) {
    if (group.size() < repeats_min) continue;
    for (std::size_t end = repeats_min; end <= group.size(); ++end) {
      double sum = 0;
      double squares = 0;
      constexpr double count = repeats_min - 1;
      for (std::size_t i = end - repeats_min + 1; i < end; ++i) {
        const double gap = in_seconds(group[i]->real - group[i - 1]->real);
        sum += gap;
        squares += gap * gap;
      }
      const double mean = sum / count;
      const double spread = std::sqrt(std::max(0.0, squares / count - mean * mean));
      if (mean < 0.1 || spread > spread_max * mean) continue;
      return fmt::format("{} times {} exactly every {:.2f} s, the last {}", repeats_min,
                         what(*group[end - 1]), mean, when(*group[end - 1]));
    }
  }
  return std::nullopt;
}

Found connection_per_poll(const Record& record) {
  constexpr std::size_t polls_min = 4;
  const auto answered = [](const RequestSeen& r) { return is_read(r) && r.status != 0; };
  for (const Group& group : groups(record, answered)) {
    std::set<std::uint64_t> connections;
    for (const RequestSeen* request : group) connections.insert(request->connection);
    if (group.size() < polls_min || connections.size() < group.size()) continue;
    return fmt::format("{} requests ({}), each on a TLS connection of its own", group.size(),
                       what(*group.front()));
  }
  return std::nullopt;
}

Found expired_token_used_again(const Record& record) {
  constexpr auto to_notice = seconds(2);              // the file was being read when it changed
  std::map<std::uint64_t, cluster::Instant> refused;  // token -> its first 401
  for (const RequestSeen& request : record.requests) {
    const auto first = refused.find(request.token);
    if (request.token != 0 && request.status == 401)
      refused.try_emplace(request.token, request.real);
    if (first == refused.end()) continue;
    for (const cluster::Instant renewed : record.token_renewals) {
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
       "ending with 0 on what a read with `resourceVersion=0` or a resumed watch said",
       "a lagging API server answers it from the past; confirm by a read without resourceVersion",
       decision_on_cached_read},
      {"equal-pauses", "6 equal requests with equal pauses",
       "ten thousand clients that were started together stay together; draw each pause",
       equal_pauses},
      {"connection-per-poll", "4 or more reads, each on a new TLS connection",
       "a handshake costs the server more than the answer; keep the connection",
       connection_per_poll},
      {"expired-token-used-again",
       "a token that got 401, 2 s or more after its file held a new one",
       "tokens of Pods are renewed in their file; read it again, at the latest after a 401",
       expired_token_used_again},
  };
  return rules;
}

}  // namespace fakeapi::scenario
