#include "waiter/cli/options.hpp"

#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include "waiter/cli/duration.hpp"
#include "waiter/cli/help.hpp"

namespace waiter::cli {
namespace {

using core::ExitCode;

constexpr const char* default_directory = "/var/run/secrets/kubernetes.io/serviceaccount";

struct Flags {
  std::vector<std::string> dependencies;
  std::string timeout = "0";
  std::string verify = "none";
  std::string kubeconfig;
  std::string context;
  std::string serviceaccount_dir = default_directory;
  std::string log_format = "text";
  std::string heartbeat = "30s";
};

void declare(CLI::App& app, Flags& flags) {
  app.add_option(
         "DEP", flags.dependencies,
         wrapped(
             "What to wait for: [NAMESPACE/]SERVICE[:PORT][@MIN]. PORT is a port's name or its "
             "number at the Pods "
             "(targetPort); MIN is a number of ready backends, a percentage or all (default 1)"))
      ->type_name("");
  app.add_option("--timeout", flags.timeout,
                 wrapped("Give up after this time with exit code 124; 0 waits for ever"))
      ->envname("WFE_TIMEOUT")
      ->type_name("DURATION")
      ->capture_default_str();
  app.add_option(
         "--verify", flags.verify,
         wrapped("tcp: before the verdict, connect to the addresses; a restart of a whole cluster "
                 "leaves addresses in "
                 "the API where nothing listens"))
      ->envname("WFE_VERIFY")
      ->type_name("none|tcp")
      ->capture_default_str();
  app.add_option("--heartbeat", flags.heartbeat,
                 wrapped("Say what is still missing at least so often; 0 never"))
      ->envname("WFE_HEARTBEAT")
      ->type_name("DURATION")
      ->capture_default_str();
  app.add_option("--log-format", flags.log_format,
                 wrapped("Lines on standard error, for people or for machines"))
      ->envname("WFE_LOG_FORMAT")
      ->type_name("text|json")
      ->capture_default_str();
  app.add_option("--serviceaccount-dir", flags.serviceaccount_dir,
                 wrapped("Where token, ca.crt and namespace of the Pod are"))
      ->envname("WFE_SERVICEACCOUNT_DIR")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option(
         "--kubeconfig", flags.kubeconfig,
         wrapped("Use this file in place of the Pod's own configuration; outside a Pod, KUBECONFIG "
                 "is the default"))
      ->envname("WFE_KUBECONFIG")
      ->type_name("FILE");
  app.add_option("--context", flags.context,
                 wrapped("The kubeconfig's context; its current one by default"))
      ->envname("WFE_CONTEXT")
      ->type_name("NAME");
  app.footer(
      "Durations are written as in Go: 300ms, 1.5s, 2m30s.\n"
      "Each flag can be set by its environment variable.\n\n"
      "Exit codes: 0 all are ready, 2 bad flags or configuration, 124 timeout,\n"
      "125 internal error, 130 SIGINT and 143 SIGTERM while waiting.\n\n"
      "Example, as an init container in front of a workload that needs MySQL:\n"
      "  wait-for-endpoints --verify=tcp --timeout=10m db/mysql:3306");
  app.set_version_flag("--version", "wait-for-endpoints " WFE_VERSION);
}

Answer usage(const std::string& message) {
  return {ExitCode::usage, "wait-for-endpoints: " + message + "\n"};
}

std::optional<Answer> take_dependencies(const Flags& flags, run::Setup& options) {
  for (const std::string& text : flags.dependencies) {
    auto parsed = core::parse_dependency(text, options.access.namespace_name);
    if (const auto* error = std::get_if<core::DependencyError>(&parsed))
      return usage(error->message);
    options.engine.groups.push_back({std::get<core::Dependency>(std::move(parsed))});
  }
  return std::nullopt;
}

std::optional<Answer> take_duration(const std::string& flag, const std::string& text,
                                    std::optional<core::Duration>& into) {
  const auto duration = parse_duration(text);
  if (!duration)
    return usage(flag + ": \"" + text +
                 "\" is no duration (such as 300ms, 1.5s, 2m30s; 0 for none)");
  if (duration->count() > 0) into = *duration;
  return std::nullopt;
}

std::optional<Answer> take_choices(const Flags& flags, run::Setup& options) {
  if (auto wrong = take_duration("--timeout (WFE_TIMEOUT)", flags.timeout, options.engine.timeout))
    return wrong;
  if (auto wrong =
          take_duration("--heartbeat (WFE_HEARTBEAT)", flags.heartbeat, options.engine.heartbeat))
    return wrong;
  if (flags.verify != "none" && flags.verify != "tcp") {
    return usage("--verify (WFE_VERIFY): \"" + flags.verify + "\" is neither none nor tcp");
  }
  if (flags.log_format != "text" && flags.log_format != "json") {
    return usage("--log-format (WFE_LOG_FORMAT): \"" + flags.log_format +
                 "\" is neither text nor json");
  }
  options.engine.verify = flags.verify == "tcp" ? core::Verify::tcp : core::Verify::none;
  options.log_format = flags.log_format == "json" ? run::LogFormat::json : run::LogFormat::text;
  return std::nullopt;
}

std::optional<Answer> take_access(const Flags& flags, const net::Environment& environment,
                                  run::Setup& options) {
  std::string kubeconfig = flags.kubeconfig;
  // A Pod's own configuration comes before KUBECONFIG: there, such a variable is meant for another
  // program.
  if (kubeconfig.empty() && !environment("KUBERNETES_SERVICE_HOST"))
    kubeconfig = environment("KUBECONFIG").value_or("");
  auto access = kubeconfig.empty() ? net::in_cluster_access(environment, flags.serviceaccount_dir)
                                   : net::kubeconfig_access(kubeconfig, flags.context);
  if (const auto* error = std::get_if<net::ConfigError>(&access)) return usage(error->message);
  options.access = std::get<net::ClusterAccess>(std::move(access));
  return std::nullopt;
}

}  // namespace

std::variant<run::Setup, Answer> parse_options(int argc, const char* const* argv,
                                                     const net::Environment& environment) {
  CLI::App app("Waits until Kubernetes Services have ready endpoints, then exits with 0.",
               "wait-for-endpoints");
  Flags flags;
  declare(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Answer{ExitCode::ready, app.help()};
  } catch (const CLI::CallForVersion&) {
    return Answer{ExitCode::ready, app.version() + "\n"};
  } catch (const CLI::ParseError& wrong) {
    return usage(std::string(wrong.what()) + "; --help lists the flags");
  }
  run::Setup options;
  if (auto wrong = take_choices(flags, options)) return *wrong;
  if (flags.dependencies.empty()) {
    return usage(
        "nothing to wait for: name at least one [NAMESPACE/]SERVICE[:PORT][@MIN]; --help explains");
  }
  // Names first: a typing error is a typing error with or without a cluster.
  options.access.namespace_name = "default";
  if (auto wrong = take_dependencies(flags, options)) return *wrong;
  if (auto wrong = take_access(flags, environment, options)) return *wrong;
  options.engine.groups.clear();
  if (auto wrong = take_dependencies(flags, options)) return *wrong;
  if (const auto error = net::check_access(options.access)) return usage(error->message);
  return options;
}

}  // namespace waiter::cli
