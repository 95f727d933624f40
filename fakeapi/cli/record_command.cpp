#include "fakeapi/cli/record_command.hpp"

#include <cstdio>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "fakeapi/cli/help.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::cli {

using run::ExitCode;

void Record::declare(CLI::App& app) {
  app.add_option("--kubeconfig", options.kubeconfig,
                 wrapped("The cluster to record; not given: KUBECONFIG, ~/.kube/config, or the "
                         "Pod's own cluster"))
      ->type_name("FILE");
  app.add_option("--context", options.context,
                 wrapped("The kubeconfig's context; not given: its current one"))
      ->type_name("NAME");
  // One value each: what follows the last one is no further namespace.
  app.add_option("-n,--namespace", options.namespaces,
                 wrapped("The namespace to record, and may be repeated; not given: the context's"))
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_flag("--all-namespaces,-A", options.all_namespaces, wrapped("Record every namespace"));
  app.add_option("--for", length,
                 wrapped("How long, such as 10m; not given: until SIGINT or SIGTERM"))
      ->type_name("DURATION");
  app.add_option("--from", options.from,
                 wrapped("Import this in place of a cluster: the output of kubectl get KIND -w -o "
                         "json --output-watch-events (one file a kind, repeated), or of kwokctl "
                         "snapshot record"))
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("-o,--output", options.output,
                 wrapped("The scenario that is written, whole or not at all"))
      ->required()
      ->type_name("FILE");
  app.add_flag("--redact", options.redact,
               wrapped("Replace names and addresses, the same everywhere, and drop annotations, "
                       "images and unknown labels"));
  app.footer(
      "Needs the rights to list and watch services, pods, endpoints and\n"
      "endpointslices.\n\n"
      "Example:\n"
      "  fakeapi record -n shop --for 10m --redact -o incident.yaml\n"
      "  fakeapi serve incident.yaml --dir /tmp/cluster");
}

ExitCode Record::execute() {
  if (!length.empty()) {
    const auto parsed = scenario::parse_duration(length);
    if (!parsed || *parsed <= cluster::Duration{})
      return wrong("--for: \"" + length + "\" is no duration above 0, such as 30s or 10m");
    options.length = std::chrono::ceil<std::chrono::milliseconds>(*parsed);
  }
  if (options.all_namespaces && !options.namespaces.empty())
    return wrong("--all-namespaces and --namespace exclude each other");
  for (const std::string& name : options.namespaces) {
    if (!scenario::is_dns_1123_label(name))
      return wrong("--namespace: \"" + name + "\" is no name of a namespace");
  }
  const bool cluster = !options.kubeconfig.empty() || !options.context.empty() || options.length;
  if (!options.from.empty() && cluster)
    return wrong("--from imports a file: --kubeconfig, --context and --for do not go with it");
  return run::record(options);
}

}  // namespace fakeapi::cli
