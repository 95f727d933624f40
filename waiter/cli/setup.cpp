#include "waiter/cli/setup.hpp"

#include <cstddef>
#include <utility>

namespace waiter::cli {
namespace {

// A command line holds no more names that a person or a chart has meant.
constexpr std::size_t dependencies_max = 1000;

core::EngineOptions engine_options(Command command, const Values& values) {
  core::EngineOptions engine;
  engine.until_gone = values.is_on("not-ready");
  const bool follows =
      command == Command::guard || (command == Command::exec && values.text("on-lost") != "none");
  engine.mode = command == Command::check ? core::Mode::check
                : follows                 ? core::Mode::follow
                                          : core::Mode::wait;
  engine.source = source_of(values);
  engine.verify = values.text("verify") == "tcp" ? core::Verify::tcp : core::Verify::none;
  engine.confirm = values.is_on("confirm");
  engine.stable_for = values.duration("stable-for");
  engine.fail_on_forbidden = values.text("on-forbidden") == "fail";
  if (command == Command::exec || command == Command::guard) {
    engine.lost_after = values.duration("lost-after");
  }
  engine.timeout = values.limit("timeout");
  engine.heartbeat = values.limit("heartbeat");
  return engine;
}

/// Only inside a Pod: elsewhere HOSTNAME is a machine's. Where it is not the Pod's name (a Pod may
/// set another) nothing is found, and nothing is refused.
std::optional<core::OwnPod> own_pod(const net::Environment& environment,
                                    const net::ClusterAccess& access) {
  core::OwnPod pod;
  pod.name = environment("POD_NAME").value_or("");
  if (pod.name.empty()) pod.name = environment("HOSTNAME").value_or("");
  pod.namespace_name = environment("POD_NAMESPACE").value_or("");
  if (pod.namespace_name.empty()) pod.namespace_name = access.namespace_name;
  if (pod.name.empty() || pod.namespace_name.empty()) return std::nullopt;
  return pod;
}

struct Access {
  net::ClusterAccess cluster;
  std::optional<core::OwnPod> own_pod;
};

std::variant<Access, Mistake> find_access(const Values& values,
                                          const net::Environment& environment) {
  std::vector<std::string> kubeconfigs;
  if (values.given("kubeconfig")) {
    kubeconfigs = {values.text("kubeconfig")};
  } else if (environment("KUBERNETES_SERVICE_HOST").value_or("").empty()) {
    // A Pod's own access comes before KUBECONFIG: there it is meant for another program.
    kubeconfigs = split(environment("KUBECONFIG").value_or(""), ":");
  }
  const bool in_cluster = kubeconfigs.empty();
  if (in_cluster && values.on_command_line("context")) {
    return Mistake{
        "--context names a context of a kubeconfig, but there is none: give --kubeconfig"};
  }
  auto access = in_cluster ? net::in_cluster_access(environment, values.text("serviceaccount-dir"))
                           : net::kubeconfig_access(kubeconfigs, values.text_if_given("context"));
  if (const auto* error = std::get_if<net::ConfigError>(&access)) return Mistake{error->message};
  Access result;
  result.cluster = std::get<net::ClusterAccess>(std::move(access));
  if (in_cluster) result.own_pod = own_pod(environment, result.cluster);
  return result;
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts) {
    if (!text.empty()) return text;
  }
  return "default";
}

}  // namespace

std::optional<Mistake> check_namespace(const Values& values) {
  const std::string name = values.text_if_given("namespace");
  if (name.empty()) return std::nullopt;
  const auto tried = core::parse_dependency("a", name);
  if (std::holds_alternative<core::Dependency>(tried)) return std::nullopt;
  return Mistake{"--namespace (WFE_NAMESPACE): \"" + name +
                 "\" is no DNS label (lower-case letters, digits and '-', at most 63 characters)"};
}

core::Source source_of(const Values& values) {
  const std::string source = values.text("source");
  if (source == "slices") return core::Source::slices;
  return source == "endpoints" ? core::Source::endpoints : core::Source::automatic;
}

std::variant<Groups, Mistake> parse_groups(const Wanted& wanted,
                                           const std::string& namespace_name) {
  Groups groups;
  std::size_t count = 0;
  for (const auto& texts : wanted.groups) {
    auto& group = groups.emplace_back();
    for (const std::string& text : texts) {
      auto parsed = core::parse_dependency(text, namespace_name);
      if (const auto* error = std::get_if<core::DependencyError>(&parsed)) {
        return Mistake{error->message};
      }
      group.push_back(std::get<core::Dependency>(std::move(parsed)));
      if (++count > dependencies_max) {
        return Mistake{"more than " + std::to_string(dependencies_max) + " dependencies are given"};
      }
    }
  }
  return groups;
}

std::variant<run::Setup, Mistake> make_setup(Command command, const Values& values,
                                             const Wanted& wanted,
                                             const net::Environment& environment) {
  run::Setup setup;
  setup.engine = engine_options(command, values);
  if (setup.engine.until_gone && setup.engine.verify == core::Verify::tcp) {
    return Mistake{
        "--not-ready and --verify=tcp exclude each other: what is gone is not connected to"};
  }
  setup.log_format =
      values.text("log-format") == "json" ? run::LogFormat::json : run::LogFormat::text;
  if (command != Command::check) setup.termination_log = values.text("termination-log");
  setup.notes = wanted.notes;
  if (auto mistake = check_namespace(values)) return *mistake;
  // Names first: a typing error is a typing error with or without a cluster.
  const std::string chosen = first_of({values.text_if_given("namespace"), wanted.namespace_name});
  auto groups = parse_groups(wanted, chosen);
  if (auto* mistake = std::get_if<Mistake>(&groups)) return std::move(*mistake);
  auto found = find_access(values, environment);
  if (auto* mistake = std::get_if<Mistake>(&found)) return std::move(*mistake);
  auto& access = std::get<Access>(found);
  groups = parse_groups(wanted, first_of({values.text_if_given("namespace"), wanted.namespace_name,
                                          access.cluster.namespace_name,
                                          access.own_pod ? access.own_pod->namespace_name : ""}));
  if (auto* mistake = std::get_if<Mistake>(&groups)) return std::move(*mistake);
  setup.engine.groups = std::get<Groups>(std::move(groups));
  setup.engine.own_pod = std::move(access.own_pod);
  if (const auto error = net::check_access(access.cluster)) return Mistake{error->message};
  setup.access = std::move(access.cluster);
  return setup;
}

}  // namespace waiter::cli
