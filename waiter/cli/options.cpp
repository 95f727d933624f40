#include "waiter/cli/options.hpp"

#include <arpa/inet.h>
#include <utility>

#include "waiter/cli/compat.hpp"
#include "waiter/cli/help.hpp"
#include "waiter/cli/nearest.hpp"
#include "waiter/cli/rbac.hpp"
#include "waiter/cli/setup.hpp"
#include "waiter/net/url.hpp"

namespace waiter::cli {
namespace {

using core::ExitCode;

/// One line, whatever was typed.
Answer usage(const Mistake& mistake) {
  std::string text = "wait-for-endpoints: " + mistake.message;
  for (char& c : text) {
    if (c >= 0 && c < ' ') c = ' ';
  }
  return {ExitCode::usage, text + "\n"};
}

Answer usage(const std::string& message) { return usage(Mistake{message}); }

std::variant<Wanted, Mistake> find_wanted(Arguments& arguments, const Values& values,
                                          const net::Environment& environment) {
  Wanted wanted;
  std::vector<std::string> dependencies = arguments.words;
  if (dependencies.empty()) {
    dependencies = split(environment(dependencies_variable).value_or(""), ", \t\r\n");
  }
  for (std::string& dependency : dependencies) wanted.groups.push_back({std::move(dependency)});
  for (const std::string& group : values.all("any-of")) {
    auto members = split(group, ", \t");
    if (members.empty()) return Mistake{"--any-of (WFE_ANY_OF): \"" + group + "\" names no DEP"};
    wanted.groups.push_back(std::move(members));
  }
  if (!wanted.groups.empty()) return wanted;
  auto found = inherited(environment);
  if (auto* mistake = std::get_if<Mistake>(&found)) return std::move(*mistake);
  auto* given = std::get_if<Inherited>(&found);
  if (given == nullptr) {
    return Mistake{
        "nothing to wait for: name at least one [NAMESPACE/]SERVICE[:PORT][@MIN]; --help explains"};
  }
  for (std::string& dependency : given->dependencies)
    wanted.groups.push_back({std::move(dependency)});
  wanted.namespace_name = std::move(given->namespace_name);
  wanted.notes = std::move(given->notes);
  if (!given->command.empty() && !arguments.command_named) {
    arguments.command = Command::exec;
    arguments.separated = true;
    arguments.child = std::move(given->command);
  }
  return wanted;
}

/// A Service may be named so; who meant the command waits for ever for nothing.
void note_mistyped_command(const Arguments& arguments, Wanted& wanted) {
  if (arguments.command_named || arguments.words.empty()) return;
  const std::string& word = arguments.words.front();
  for (const CommandText& command : commands()) {
    if (distance(word, command.name) != 1) continue;
    wanted.notes.push_back("\"" + word + "\" is taken for a Service; the command is " +
                           std::string(command.name));
  }
}

std::optional<Mistake> check_child(const Arguments& arguments) {
  if (arguments.command == Command::exec) {
    if (!arguments.child.empty() && !arguments.child.front().empty()) return std::nullopt;
    return Mistake{"exec needs a command after --: wait-for-endpoints exec DEP... -- COMMAND"};
  }
  if (!arguments.separated) return std::nullopt;
  return Mistake{"a command after -- is for exec: wait-for-endpoints exec DEP... -- COMMAND"};
}

std::variant<run::ExecOptions, Mistake> exec_options(const Arguments& arguments,
                                                     const Values& values) {
  run::ExecOptions options;
  options.command = arguments.child;
  const std::string on_lost = values.text("on-lost");
  using OnLost = run::ExecOptions::OnLost;
  options.on_lost = on_lost == "term"      ? OnLost::term
                    : on_lost == "restart" ? OnLost::restart
                                           : OnLost::nothing;
  options.kill_after = values.duration("kill-after");
  if (options.on_lost != OnLost::nothing) return options;
  for (const char* name : {"lost-after", "kill-after"}) {
    if (!values.on_command_line(name)) continue;
    return Mistake{"--" + std::string(name) + " has no effect without --on-lost=term or restart"};
  }
  return options;
}

bool is_address(const std::string& text) {
  in6_addr ignored{};
  return ::inet_pton(text.find(':') == std::string::npos ? AF_INET : AF_INET6, text.c_str(),
                     &ignored) == 1;
}

std::variant<run::GuardOptions, Mistake> guard_options(const Values& values) {
  run::GuardOptions options;
  const std::string policy = values.text("policy");
  using Policy = run::GuardOptions::Policy;
  options.policy = policy == "unready" ? Policy::unready
                   : policy == "exit"  ? Policy::exit
                                       : Policy::observe;
  const std::string listen = values.text("listen");
  const auto colon = listen.rfind(':');
  std::string address = listen.substr(0, colon);
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (bracketed) address = address.substr(1, address.size() - 2);
  const std::string number = colon == std::string::npos ? "" : listen.substr(colon + 1);
  // Port 0 is any that is free; the log names it.
  const auto port = number == "0" ? std::optional(0) : net::parse_port(number);
  if (!port || (!address.empty() && !is_address(address)) ||
      bracketed != (address.find(':') != std::string::npos)) {
    return Mistake{"--listen (WFE_LISTEN): \"" + listen +
                   "\" is not of the form ADDR:PORT, such as :8086, 127.0.0.1:8086 or [::1]:8086"};
  }
  options.listen_address = std::move(address);
  options.port = static_cast<std::uint16_t>(*port);
  return options;
}

/// What is not about the cluster first: a typing error is one with or without it.
Plan waiting_plan(const Arguments& arguments, const Values& values, const Wanted& wanted,
                  const net::Environment& environment) {
  std::variant<run::ExecOptions, run::GuardOptions, Mistake> options = run::ExecOptions{};
  const auto take = [&options](auto found) {
    std::visit([&options](auto& what) { options = std::move(what); }, found);
  };
  if (arguments.command == Command::exec) take(exec_options(arguments, values));
  if (arguments.command == Command::guard) take(guard_options(values));
  if (const auto* mistake = std::get_if<Mistake>(&options)) return usage(*mistake);
  auto made = make_setup(arguments.command, values, wanted, environment);
  if (const auto* mistake = std::get_if<Mistake>(&made)) return usage(*mistake);
  auto& setup = std::get<run::Setup>(made);
  if (auto* guard = std::get_if<run::GuardOptions>(&options)) {
    guard->setup = std::move(setup);
    return std::move(*guard);
  }
  if (arguments.command != Command::exec) return Wait{std::move(setup)};
  auto& exec = std::get<run::ExecOptions>(options);
  exec.setup = std::move(setup);
  return std::move(exec);
}

Plan rbac_plan(const Wanted& wanted, const Values& values) {
  if (const auto mistake = check_namespace(values)) return usage(*mistake);
  std::string where = values.text_if_given("namespace");
  if (where.empty()) where = wanted.namespace_name;
  if (where.empty()) where = "default";
  const auto groups = parse_groups(wanted, where);
  if (const auto* mistake = std::get_if<Mistake>(&groups)) return usage(*mistake);
  Grantee grantee{values.text("serviceaccount"), values.text_if_given("serviceaccount-namespace")};
  if (grantee.namespace_name.empty()) grantee.namespace_name = where;
  for (const std::string& name : {grantee.service_account, grantee.namespace_name}) {
    const bool plain = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") ==
                       std::string::npos;  // RFC 1123, as the API has it
    if (!plain) return usage("\"" + name + "\" is no name of a service account or a namespace");
  }
  return Answer{ExitCode::ready,
                rbac_objects(std::get<Groups>(groups), source_of(values), grantee)};
}

Plan probe_plan(const Arguments& arguments, const Values& values) {
  const auto& words = arguments.words;
  const std::string what = words.size() == 1 ? words.front() : "";
  if (what != "startup" && what != "ready" && what != "live") {
    return usage("probe needs one of startup, ready, live");
  }
  const std::string port = values.text("port");
  const auto number = net::parse_port(port);
  if (!number) return usage("--port (WFE_PORT): \"" + port + "\" is no port from 1 to 65535");
  return Probe{"/" + what + "z", static_cast<std::uint16_t>(*number)};
}

Plan install_plan(const Arguments& arguments) {
  if (arguments.words.size() != 1) return usage("install needs one folder: install DIR");
  return Install{arguments.words.front()};
}

Plan plan(Arguments arguments, const net::Environment& environment) {
  const Values values(arguments, environment);
  const bool names_services =
      arguments.command != Command::probe && arguments.command != Command::install;
  Wanted wanted;
  if (names_services) {
    auto found = find_wanted(arguments, values, environment);
    if (const auto* mistake = std::get_if<Mistake>(&found)) return usage(*mistake);
    wanted = std::get<Wanted>(std::move(found));
    note_mistyped_command(arguments, wanted);
  }
  if (const auto mistake = check_flags(arguments)) return usage(*mistake);
  if (const auto mistake = values.check()) return usage(*mistake);
  if (const auto mistake = check_child(arguments)) return usage(*mistake);
  if (arguments.command == Command::probe) return probe_plan(arguments, values);
  if (arguments.command == Command::install) return install_plan(arguments);
  if (arguments.command == Command::rbac) return rbac_plan(wanted, values);
  return waiting_plan(arguments, values, wanted, environment);
}

}  // namespace

Plan parse_options(const std::vector<std::string>& words, const net::Environment& environment,
                   const std::vector<std::string>& variables) {
  auto read = read_arguments(words);
  if (auto* mistake = std::get_if<Mistake>(&read)) return usage(*mistake);
  auto& arguments = std::get<Arguments>(read);
  if (arguments.help) {
    return Answer{ExitCode::ready,
                  arguments.command_named ? command_help(arguments.command) : program_help()};
  }
  if (arguments.version) return Answer{ExitCode::ready, "wait-for-endpoints " WFE_VERSION "\n"};
  if (const auto mistake = check_variables(variables)) return usage(*mistake);
  return plan(std::move(arguments), environment);
}

}  // namespace waiter::cli
