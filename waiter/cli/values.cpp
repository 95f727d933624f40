#include "waiter/cli/values.hpp"

#include <algorithm>

#include "waiter/cli/duration.hpp"
#include "waiter/cli/nearest.hpp"
#include "waiter/core/invariant.hpp"

namespace waiter::cli {
namespace {

constexpr std::string_view blanks = " \t\r\n";

/// What people write for a switch in an environment variable.
std::optional<std::string> switch_value(const std::string& text) {
  for (const char* on : {"on", "true", "1", "yes"}) {
    if (text == on) return "on";
  }
  for (const char* off : {"off", "false", "0", "no"}) {
    if (text == off) return "off";
  }
  return std::nullopt;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const auto word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

std::optional<std::string> why_not(const Flag& flag, const std::string& value) {
  if (flag.type == "DURATION" && !parse_duration(value)) {
    return "is no duration (such as 300ms, 1.5s, 2m30s; 0 for none)";
  }
  if (flag.is_switch() && !switch_value(value)) return "is neither on nor off";
  if (flag.is_choice()) {
    const auto choices = flag.choices();
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return std::nullopt;
    const auto meant = nearest(value, choices);
    return "is not one of " + joined(choices) +
           (meant.empty() ? "" : "; did you mean " + std::string(meant) + "?");
  }
  return std::nullopt;
}

/// Kubernetes puts tcp://10.0.0.1:80 into WFE_PORT where a Service is named "wfe"
/// (kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
bool is_service_link(const std::string& value) { return value.find("://") != std::string::npos; }

}  // namespace

std::optional<Mistake> check_variables(const std::vector<std::string>& names) {
  std::vector<std::string> known = {dependencies_variable};
  for (const Flag& flag : flags()) known.push_back(flag.variable());
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto meant = nearest(name, candidates);
    if (meant.empty() || distance(name, meant) > 2) continue;
    return Mistake{"the environment variable " + name +
                   " is none of this program's; did you mean " + std::string(meant) + "?"};
  }
  return std::nullopt;
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  while (true) {
    const auto begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const auto end = text.find_first_of(separators);
    words.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end);
  }
}

std::string Values::name_of(const Flag& flag) {
  return "--" + std::string(flag.name) + " (" + flag.variable() + ")";
}

std::optional<std::string> Values::of_environment(const Flag& flag) const {
  auto value = environment_(flag.variable().c_str());
  // An empty variable is what a chart leaves of a value that is not set.
  if (!value || value->find_first_not_of(blanks) == std::string::npos) return std::nullopt;
  if (flag.name == "port" && is_service_link(*value)) return std::nullopt;
  return value;
}

std::optional<std::string> Values::value(std::string_view name) const {
  const Flag* flag = find_flag(name, arguments_.command);
  core::invariant(flag != nullptr, "a flag that the command does not have is asked for", name);
  const auto found = arguments_.flags.find(name);
  auto text = found != arguments_.flags.end() ? std::optional(found->second.front())
                                              : of_environment(*flag);
  if (text && flag->is_switch()) return switch_value(*text).value_or(*text);
  return text;
}

std::optional<Mistake> Values::check() const {
  for (const Flag& flag : flags()) {
    if (!contains(flag.commands, arguments_.command)) continue;
    const auto text = value(flag.name);
    const auto why = text ? why_not(flag, *text) : std::nullopt;
    if (why) return Mistake{name_of(flag) + ": \"" + *text + "\" " + *why};
  }
  return std::nullopt;
}

bool Values::given(std::string_view name) const { return value(name).has_value(); }

std::string Values::text(std::string_view name) const {
  const Flag* flag = find_flag(name, arguments_.command);
  return value(name).value_or(flag == nullptr ? "" : std::string(flag->default_text));
}

std::string Values::text_if_given(std::string_view name) const { return value(name).value_or(""); }

std::vector<std::string> Values::all(std::string_view name) const {
  const auto found = arguments_.flags.find(name);
  if (found != arguments_.flags.end()) return found->second;
  return split(text_if_given(name), blanks);
}

core::Duration Values::duration(std::string_view name) const {
  const auto parsed = parse_duration(text(name));
  core::invariant(parsed.has_value(), "a duration that was not checked", name);
  return *parsed;
}

std::optional<core::Duration> Values::limit(std::string_view name) const {
  const core::Duration given = duration(name);
  return given.count() > 0 ? std::optional(given) : std::nullopt;
}

}  // namespace waiter::cli
