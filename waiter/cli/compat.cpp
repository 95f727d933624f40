#include "waiter/cli/compat.hpp"

#include <algorithm>

#include "waiter/cli/values.hpp"

namespace waiter::cli {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string variable(const net::Environment& environment, const char* name) {
  const std::string text = environment(name).value_or("");
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// What else kubernetes-entrypoint waits for. To start without it would be what nobody asked for.
std::optional<Mistake> check_others(const net::Environment& environment) {
  for (const char* name : {"DEPENDENCY_JOBS", "DEPENDENCY_JOBS_JSON", "DEPENDENCY_DAEMONSET",
                           "DEPENDENCY_CONTAINER", "DEPENDENCY_POD_JSON", "DEPENDENCY_CONFIG",
                           "DEPENDENCY_SOCKET", "DEPENDENCY_CUSTOM_RESOURCE"}) {
    const std::string value = variable(environment, name);
    if (value.empty() || value == "[]" || value == "null" || value == "{}") continue;
    return Mistake{std::string(name) +
                   " of kubernetes-entrypoint is set, but only Services can be waited for "
                   "(DEPENDENCY_SERVICE)"};
  }
  return std::nullopt;
}

/// "ns:name" or "name". Other forms are errors: kubernetes-entrypoint skips them and starts too
/// soon.
std::optional<std::string> dependency_of(const std::string& entry) {
  const auto colon = entry.find(':');
  if (colon == std::string::npos) return entry;
  const bool usable = colon > 0 && entry.find(':', colon + 1) == std::string::npos;
  if (!usable) return std::nullopt;
  return entry.substr(0, colon) + "/" + entry.substr(colon + 1);
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

using Result = std::variant<std::monostate, Inherited, Mistake>;

Result of_entrypoint(const net::Environment& environment, const std::string& services) {
  Inherited result;
  for (const std::string& entry : split(services, ", \t\r\n")) {
    const auto dependency = dependency_of(entry);
    if (!dependency) {
      return Mistake{"DEPENDENCY_SERVICE: \"" + entry + "\" is neither NAME nor NAMESPACE:NAME"};
    }
    result.dependencies.push_back(*dependency);
  }
  if (result.dependencies.empty()) return Mistake{"DEPENDENCY_SERVICE names no Service"};
  // Without NAMESPACE kubernetes-entrypoint takes "default", and not the Pod's own.
  const std::string name = variable(environment, "NAMESPACE");
  result.namespace_name = name.empty() ? "default" : name;
  result.command = split(variable(environment, "COMMAND"), blanks);
  result.notes.push_back(
      "no DEP is given: DEPENDENCY_SERVICE is understood as "
      "kubernetes-entrypoint does: waiting for " +
      listed(result.dependencies) + ", by default in namespace " + result.namespace_name +
      (name.empty() ? " (NAMESPACE is not set)" : " (NAMESPACE)"));
  if (!result.command.empty()) {
    // Its arguments may hold what no log should.
    result.notes.push_back("COMMAND is understood as well: \"" + result.command.front() +
                           "\" is run afterwards");
  }
  return result;
}

}  // namespace

Result inherited(const net::Environment& environment) {
  if (auto mistake = check_others(environment)) return *mistake;
  const std::string services = variable(environment, "DEPENDENCY_SERVICE");
  if (!services.empty()) return of_entrypoint(environment, services);
  const std::string service = variable(environment, "SERVICE");
  if (service.empty()) return std::monostate{};
  Inherited result;
  result.dependencies = {service};
  result.namespace_name = variable(environment, "NAMESPACE");
  result.notes.push_back(
      "no DEP is given: the variable SERVICE is understood: waiting for " + service +
      (result.namespace_name.empty() ? ""
                                     : " in namespace " + result.namespace_name + " (NAMESPACE)"));
  return result;
}

}  // namespace waiter::cli
