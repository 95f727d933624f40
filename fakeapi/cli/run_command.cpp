#include "fakeapi/cli/run_command.hpp"

#include <cstdio>
#include <string_view>

#include "fakeapi/cli/help.hpp"
#include "fakeapi/scenario/clock.hpp"

namespace fakeapi::cli {

using run::ExitCode;

void Run::declare(CLI::App& app) {
  app.add_option("SCENARIO", options.scenarios,
                 wrapped("Scenario files or names of shipped ones, run one after the other"))
      ->required();
  app.add_option("--seed", options.seed,
                 wrapped("Of everything that is drawn; not given: the scenario's own"))
      ->type_name("N");
  app.add_option("--repeat", options.repeat,
                 wrapped("Run each scenario so often, with seed, seed + 1 and so on"))
      ->type_name("N")
      ->check(CLI::Range(1, 100'000));
  app.add_option("--speed", speed,
                 wrapped("How fast the scenario's clock runs. It scales the timeline and the lag "
                         "of controllers, not what the command can time itself: timeouts, "
                         "bookmarks, latency, Retry-After"))
      ->type_name("X")
      ->check(CLI::Range(scenario::speed_min, scenario::speed_max));
  app.add_option(
         "--junit", options.junit,
         wrapped("Write the verdicts to this file as JUnit XML, a case for each expectation"))
      ->type_name("FILE");
  app.add_option("--report", options.report,
                 wrapped("Write event log, HTML page, SVG and text of each run into this folder"))
      ->type_name("DIR");
  app.add_option("--only", only,
                 wrapped("real: without the faults that no API server causes itself; network: "
                         "without those that no server would cause which keeps its promises"))
      ->type_name("real|network");
  app.add_option("--pods", pods,
                 wrapped("real: Pods listen at 10.20.x.y, in a network of the run's own; loopback: "
                         "at 127.20.x.y; none: nothing listens; not given: real where possible"))
      ->type_name("real|loopback|none");
  app.add_option("--as", as,
                 wrapped("Whose the kubeconfig of the command is; not given: the service account's "
                         "where the scenario is about its token, CA or rights, else admin's"))
      ->type_name("admin|serviceaccount");
  app.add_flag("--quiet,-q", options.quiet, wrapped("Verdicts only, no progress"));
  app.footer(
      "\nAfter the scenarios: -- COMMAND ARGUMENT...\n"
      "The command gets KUBECONFIG, KUBERNETES_SERVICE_HOST and _PORT, and its service account\n"
      "where a Pod has it: in /var/run/secrets/kubernetes.io/serviceaccount.\n\n"
      "Exit codes: 0 all expectations met, 1 not met, 2 a bad file or flag, 3 it could not be "
      "run.\n"
      "Its own lines go to standard error, standard output is the command's.\n\n"
      "Example:\n"
      "  fakeapi run scenarios/flapping.yaml -- wait-for-endpoints --stable-for=2s mysql");
}

int Run::take_command(int argc, char** argv) {
  if (argc < 2 || std::string_view(argv[1]) != "run") return argc;
  for (int i = 2; i < argc; ++i) {
    if (std::string_view(argv[i]) != "--") continue;
    options.command.assign(argv + i + 1, argv + argc);
    return i;
  }
  return argc;
}

ExitCode Run::execute() {
  if (options.command.empty())
    return wrong("no command to run: fakeapi run SCENARIO... -- COMMAND ARGUMENT...");
  if (!pods.empty()) {
    if (pods == "real") {
      options.pods = run::PodNetwork::real;
    } else if (pods == "loopback") {
      options.pods = run::PodNetwork::loopback;
    } else if (pods == "none") {
      options.pods = run::PodNetwork::none;
    } else {
      return wrong("--pods: \"" + pods + "\" is neither real, loopback nor none");
    }
  }
  if (!as.empty() && as != "admin" && as != "serviceaccount")
    return wrong("--as: \"" + as + "\" is neither admin nor serviceaccount");
  if (!only.empty() && only != "real" && only != "network")
    return wrong("--only: \"" + only + "\" is neither real nor network");
  if (only == "real") options.server.only = fault::Faithfulness::real_over_http1;
  if (only == "network") options.server.only = fault::Faithfulness::network;
  if (!as.empty()) options.server.account_is_current = as == "serviceaccount";
  options.server.speed = speed;
  return run::run(options);
}

}  // namespace fakeapi::cli
