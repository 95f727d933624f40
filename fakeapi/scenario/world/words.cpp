#include "fakeapi/scenario/world/words.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/scenario/fault/scalars.hpp"
#include "fakeapi/scenario/fault/words.hpp"
#include "fakeapi/scenario/world/world.hpp"

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

/// What becomes so, and of what.
struct Words {
  std::string what;
  std::string of;
};

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// A request of the World has the shape of operations.hpp; one of a recording may have any.
Words words(const Operate& operate) {
  const json body = json::parse(operate.body, nullptr, false);
  const std::string of = last_part(operate.path);
  const json::json_pointer name("/metadata/name");
  if (operate.method == "POST" && body.is_object() && body.contains(name) && body[name].is_string())
    return {"created", of + "/" + body[name].get<std::string>()};
  const bool is_pod = operate.path.find("/pods/") != std::string::npos;
  if (is_pod && operate.method == "DELETE" && body.is_object())
    return {body.value("gracePeriodSeconds", 0) == 0 ? "deleted" : "terminating", of};
  const json::json_pointer ready("/status/conditions/0/status");
  const json::json_pointer address("/status/podIP");
  if (is_pod && of == "status" && body.is_object() && body.contains(ready) &&
      body.contains(address) && body[address].is_string()) {
    const std::string pod = last_part(operate.path.substr(0, operate.path.rfind('/')));
    return {body[ready] == "True" ? "shown as ready" : "shown as not ready",
            pod + " at " + body[address].get<std::string>()};
  }
  return {operate.method, operate.path};
}

Words words(const Apply& apply) {
  return {"applied", fmt::format("{} {}", apply.object->value("kind", ""),
                                 apply.object->at("metadata").value("name", ""))};
}

Words words(const Remove& remove) { return {"deleted", remove.kind + " " + remove.name}; }

Words words(const Listen& listen) {
  return {listen.listening ? "listens" : "does not listen any more",
          listen.pod + " at " + listen.address};
}

Words words(const SetApi& api) { return {api.up ? "the API is up" : "the API is down", ""}; }

Words words(const SetController& set) {
  std::string what = set.following.paused ? "paused"
                     : set.following.lag == cluster::Duration{}
                         ? "running"
                         : to_text(set.following.lag) + " behind";
  return {"controller " + what,
          set.which == ControllerOf::endpoints ? "endpoints" : "endpointslices"};
}

Words words(const ForgetHistory&) { return {"history is lost", ""}; }

Words words(const SetCache& cache) {
  if (cache.held) return {"the watch cache is held", ""};
  if (cache.lag == cluster::Duration{}) return {"the watch cache is current", ""};
  return {fmt::format("the watch cache is {} behind", to_text(cache.lag)), ""};
}

Words words(const RollBack& back) { return {"etcd is as at " + to_text(back.to), ""}; }

Words words(const SetToken& token) {
  if (!token.renewed) return {"the token expires", ""};
  if (token.old_valid_for == cluster::Duration{}) return {"a new token", ""};
  return {fmt::format("a new token, the old one for {} more", to_text(token.old_valid_for)), ""};
}

Words words(const SetAuthority& authority) {
  return {authority.announced_only ? "a new authority is announced" : "a new authority", ""};
}

Words words(const SetRights& set) {
  using Rights = cluster::User::Rights;
  return {set.rights == Rights::nothing      ? "rights: nothing"
          : set.rights == Rights::everything ? "rights: everything"
                                             : "rights: read endpoints",
          ""};
}

std::string described(const fault::Match& match) {
  std::string text;
  if (!match.verbs.empty()) text += fmt::format(" {}", fmt::join(match.verbs, "|"));
  if (!match.resources.empty()) text += fmt::format(" {}", fmt::join(match.resources, "|"));
  return text.empty() ? " request" : text;
}

std::string described(const Timing& timing) {
  const Trigger& trigger = *timing.trigger;
  std::string text =
      trigger.watches > 0
          ? fmt::format("when {} watches are open at once", trigger.watches)
          : fmt::format("when{} number {} came", described(trigger.request), trigger.nth);
  for (const Distribution& delay : timing.delays) text += fmt::format(", {} later", to_text(delay));
  if (timing.every)
    text += fmt::format(", {} times, every {}", timing.times, to_text(*timing.every));
  return text;
}

/// How many columns a time takes.
constexpr int time_columns = 10;

std::string line(const std::string& time, const std::string& text) {
  return fmt::format("{:>{}}  {}", time, time_columns, text);
}

void add_below(const std::vector<std::string>& texts, std::vector<std::string>& lines) {
  for (const std::string& text : texts) lines.push_back(line("", "  " + text));
}

}  // namespace

std::vector<std::string> in_words(const std::vector<Action>& actions) {
  std::vector<std::string> texts;
  std::string before;
  for (const Action& action : actions) {
    const auto [what, of] = std::visit([](const auto& each) { return words(each); }, action);
    if (!texts.empty() && what == before && !of.empty()) {
      texts.back() += ", " + of;
    } else {
      texts.push_back(of.empty() ? what : what + ": " + of);
    }
    before = what;
  }
  return texts;
}

std::vector<std::string> in_words(const Scenario& scenario) {
  std::vector<std::string> lines;
  Report report(scenario.name);
  for (const Step& step : expand(scenario, scenario.seed, report).steps) {
    lines.push_back(line(to_text(step.at), step.why));
    add_below(in_words(step.actions), lines);
  }
  for (const ScenarioStep& step : scenario.steps) {
    if (step.timing.trigger)
      lines.push_back(line("later", described(step.timing) + ": " + step.why));
  }
  for (const fault::Fault& fault : scenario.faults) {
    lines.push_back(line(fault::to_text(fault.window),
                         fmt::format("fault {} ({}): {}", fault.name,
                                     fault::to_string(fault::faithfulness(fault.action)),
                                     fault::in_words(fault.action))));
  }
  if (scenario.heal) lines.push_back(line(to_text(*scenario.heal), "all faults end"));
  lines.push_back(line(to_text(scenario.end), "the end"));
  return lines;
}

}  // namespace fakeapi::scenario
