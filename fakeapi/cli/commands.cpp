#include "fakeapi/cli/commands.hpp"

#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "fakeapi/cli/help.hpp"
#include "fakeapi/cli/record_command.hpp"
#include "fakeapi/cli/run_command.hpp"
#include "fakeapi/cli/server_flags.hpp"
#include "fakeapi/run/lint.hpp"
#include "fakeapi/run/report.hpp"
#include "fakeapi/run/sandbox_command.hpp"
#include "fakeapi/run/scenarios_list.hpp"
#include "fakeapi/run/serve.hpp"

namespace fakeapi::cli {
namespace {

using run::ExitCode;

struct Serve {
  run::ServeOptions options;
  ServerFlags server;
  std::string pods = "real";
  std::string watch_list = "on";

  void declare(CLI::App& app) {
    app.add_option(
        "SCENARIO", options.scenario,
        wrapped("A scenario file, or a recorded trace (*.json); none: an empty cluster"));
    app.add_option(
           "--dir", options.server.folder,
           wrapped(
               "Where ca.crt, kubeconfig, tokens.json and serviceaccount/ are written for clients"))
        ->required()
        ->type_name("DIR");
    server.declare(app);
    app.add_option(
           "--pods", pods,
           wrapped("real: Pods listen at 10.20.x.y (inside `fakeapi sandbox`); loopback: at "
                   "127.20.x.y, and Endpoints "
                   "may hold loopback addresses; none: nothing listens"))
        ->type_name("real|loopback|none")
        ->capture_default_str();
    app.add_option("--events", options.server.events,
                   wrapped("Write what was true and what the API showed to this event log"))
        ->type_name("FILE");
    app.add_option("--watch-history", options.server.watch_history,
                   wrapped("Events kept of each kind of object, which bounds memory: a watch from "
                           "before them gets 410 Expired; not given: all are kept"))
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    app.add_option(
           "--watch-list", watch_list,
           wrapped("What becomes of sendInitialEvents=true, as in servers of other ages: on; "
                   "off: declined, the feature gate WatchList is off (1.27 and later); "
                   "unknown: declined (1.19 to 1.26); ignored: no end of the initial events "
                   "is told (before 1.19)"))
        ->type_name("on|off|unknown|ignored")
        ->capture_default_str();
    app.footer(app.get_footer() +
               "\n\nFaults, requests, clock, steps: the control API, docs/control-api.md;\n"
               "the URL \"page\" of the printed line looks on in a browser");
  }

  bool read_watch_list() {
    using cluster::WatchList;
    static const std::map<std::string, WatchList> words{{"on", WatchList::on},
                                                        {"off", WatchList::off},
                                                        {"unknown", WatchList::unknown},
                                                        {"ignored", WatchList::ignored}};
    const auto word = words.find(watch_list);
    if (word != words.end()) options.server.watch_list = word->second;
    return word != words.end();
  }

  ExitCode execute() {
    if (const auto problem = server.read(options.server)) return wrong(*problem);
    if (pods == "real") {
      options.server.pods = run::PodNetwork::real;
    } else if (pods == "loopback") {
      options.server.pods = run::PodNetwork::loopback;
    } else if (pods == "none") {
      options.server.pods = run::PodNetwork::none;
    } else {
      return wrong("--pods: \"" + pods + "\" is neither real, loopback nor none");
    }
    if (!read_watch_list())
      return wrong("--watch-list: \"" + watch_list + "\" is neither on, off, unknown nor ignored");
    return run::serve(options);
  }
};

struct Report {
  run::ReportOptions options;
  std::string colour = "auto";

  void declare(CLI::App& app) {
    app.add_option("EVENTS", options.logs,
                   wrapped("Event logs (docs/event-log.md); several are one picture"))
        ->required();
    app.add_option("--svg", options.svg, wrapped("Write the picture to this file as well"))
        ->type_name("FILE");
    app.add_option("--html", options.html,
                   wrapped("Write it as a page in which one can zoom and see all details"))
        ->type_name("FILE");
    app.add_option("--colour,--color", colour, wrapped("auto: when standard output is a terminal"))
        ->type_name("auto|always|never")
        ->capture_default_str();
    app.add_option("--width", options.width,
                   wrapped("Columns of the picture, 60 to 200; 0 takes the terminal's"))
        ->type_name("N")
        ->capture_default_str();
  }

  ExitCode execute() {
    if (colour != "auto" && colour != "always" && colour != "never") {
      return wrong("--colour: \"" + colour + "\" is neither auto, always nor never");
    }
    if (options.width != 0 && (options.width < 60 || options.width > 200)) {
      return wrong("--width: " + std::to_string(options.width) + " is not from 60 to 200");
    }
    if (colour != "auto") options.colour = colour == "always";
    return run::report(options);
  }
};

struct Lint {
  run::LintOptions options;

  void declare(CLI::App& app) {
    app.add_option("FILES", options.files,
                   wrapped("Scenario files, or recorded traces (*.json); - is standard input"))
        ->required();
    app.add_flag("--show", options.show,
                 wrapped("List what happens when, without the language's short forms"));
  }
};

}  // namespace

int run(int argc, char** argv) {
  CLI::App app("A fake Kubernetes API server that plays what a cluster does to its endpoints.",
               "fakeapi");
  app.set_version_flag("--version", "fakeapi " WFE_VERSION);
  app.footer(
      "Exit codes: 0 done, 2 the input cannot be used, 3 the machine does not give\n"
      "what is needed; of `sandbox` the command's own.\n\n"
      "Example:\n"
      "  fakeapi sandbox -- bash\n"
      "  fakeapi serve scenarios/full-cluster-restart.yaml --dir /tmp/cluster &\n"
      "  wait-for-endpoints --kubeconfig /tmp/cluster/kubeconfig --verify=tcp mysql");
  Serve serve;
  Run run_command;
  Report report;
  Record record;
  Lint lint;
  std::vector<std::string> command;
  CLI::App& serve_app =
      *app.add_subcommand("serve", wrapped("Serve a scenario over HTTPS until SIGTERM"));
  CLI::App& report_app =
      *app.add_subcommand("report", wrapped("Draw an event log as a picture with lanes over time"));
  CLI::App& sandbox_app = *app.add_subcommand(
      "sandbox",
      wrapped(
          "Run a command in a network of its own, in which Pod addresses (10.20.0.0/16) are real"));
  CLI::App& record_app = *app.add_subcommand(
      "record", wrapped("Record a real cluster as a scenario that replays what happened"));
  CLI::App& run_app = *app.add_subcommand(
      "run", wrapped("Play scenarios against a command and judge what it does"));
  CLI::App& lint_app =
      *app.add_subcommand("lint", wrapped("Check scenario files, and say what they come to"));
  lint.declare(lint_app);
  CLI::App& scenarios_app = *app.add_subcommand(
      "scenarios", wrapped("List the shipped scenarios: how long each takes, how faithful its "
                           "faults are, what it is about"));
  std::string scenarios_folder;
  scenarios_app
      .add_option("--dir", scenarios_folder,
                  wrapped("Where they are; not given: FAKEAPI_SCENARIOS, else beside the program"))
      ->type_name("DIR");
  serve.declare(serve_app);
  run_command.declare(run_app);
  report.declare(report_app);
  record.declare(record_app);
  sandbox_app.add_option("COMMAND", command, wrapped("The command and its arguments, after --"))
      ->required();
  sandbox_app.positionals_at_end();
  try {
    app.parse(run_command.take_command(argc, argv), argv);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    std::fputs((chosen.empty() ? app.help() : chosen.front()->help()).c_str(), stdout);
    return 0;
  } catch (const CLI::CallForVersion&) {
    std::printf("%s\n", app.version().c_str());
    return 0;
  } catch (const CLI::ParseError& error) {
    return static_cast<int>(wrong(std::string(error.what()) + "; --help lists commands and flags"));
  }
  if (serve_app.parsed()) return static_cast<int>(serve.execute());
  if (run_app.parsed()) return static_cast<int>(run_command.execute());
  if (report_app.parsed()) return static_cast<int>(report.execute());
  if (record_app.parsed()) return static_cast<int>(record.execute());
  if (lint_app.parsed()) return static_cast<int>(run::lint(lint.options));
  if (scenarios_app.parsed()) {
    return static_cast<int>(run::print_scenarios(run::places_of_this_process(scenarios_folder)));
  }
  if (sandbox_app.parsed()) return run::sandbox(command);
  return static_cast<int>(
      wrong("a command is needed: serve, run, scenarios, lint, record, report or sandbox; --help "
            "explains them"));
}

}  // namespace fakeapi::cli
