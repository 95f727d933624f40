#include "waiter/cli/help.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include "waiter/cli/flags.hpp"
#include "waiter/core/exit_code.hpp"

namespace waiter::cli {
namespace {

using core::ExitCode;

constexpr std::size_t terminal_columns = 80;
constexpr const char* program = "wait-for-endpoints";

struct ExitText {
  ExitCode code;
  std::string_view text;
};

constexpr std::array<ExitText, 11> exit_texts = {{
    {ExitCode::ready, "all are ready; of exec the command's own code"},
    {ExitCode::not_ready, "not ready (check, probe)"},
    {ExitCode::usage, "wrong flags or configuration, or a DEP that can never become ready"},
    {ExitCode::lost, "a dependency was lost, and --on-lost or --policy says to end"},
    {ExitCode::forbidden, "a right is missing, with --on-forbidden=fail"},
    {ExitCode::timeout, "--timeout is over"},
    {ExitCode::internal, "internal error, or the system refuses what every process gets"},
    {ExitCode::cannot_execute, "exec: the command cannot be executed"},
    {ExitCode::no_command, "exec: there is no such command"},
    {ExitCode::interrupted, "SIGINT while waiting"},
    {ExitCode::terminated, "SIGTERM while waiting; never 0, which would start the workload"},
}};

constexpr std::string_view dependency_text =
    "DEP is [NAMESPACE/]SERVICE[:PORT][@MIN]. PORT is a port's name or its number at the Pods "
    "(targetPort); without it every port counts. MIN is a number of ready backends, a percentage, "
    "or all; the default is 1. Without any DEP the variable WFE_DEPENDENCIES is read, a list with "
    "blanks or commas; then DEPENDENCY_SERVICE, NAMESPACE and COMMAND as kubernetes-entrypoint "
    "does, or SERVICE and NAMESPACE of the old shell recipes.";

constexpr std::string_view rules_text =
    "Durations are written as in Go: 300ms, 1.5s, 2m30s. Each flag has an environment variable, "
    "which the command line overrules: WFE_TIMEOUT for --timeout, WFE_ON_LOST for --on-lost. "
    "WFE_ANY_OF may hold several groups, with blanks between them.";

/// Words in lines that end before the terminal does; the first line begins with `first`, the others
/// with as many blanks as `indent`.
std::string wrapped(std::string_view words, std::size_t indent, const std::string& first) {
  std::string text;
  std::string line = first;
  bool empty = true;
  while (!words.empty()) {
    const auto space = words.find(' ');
    const auto word = words.substr(0, space);
    if (!empty && line.size() + 1 + word.size() > terminal_columns) {
      text += line + "\n";
      line.assign(indent, ' ');
      empty = true;
    }
    line += (empty ? "" : " ") + std::string(word);
    empty = false;
    words = space == std::string_view::npos ? "" : words.substr(space + 1);
  }
  return text + line + "\n";
}

std::string paragraph(std::string_view words) { return wrapped(words, 0, "") + "\n"; }

std::string indented(std::string_view words, std::size_t indent) {
  return wrapped(words, indent, std::string(indent, ' '));
}

std::string default_of(const Flag& flag) {
  return flag.default_text.empty() ? "none" : std::string(flag.default_text);
}

std::string names_of(Commands set) {
  std::string names;
  for (const CommandText& command : commands()) {
    if (!contains(set, command.command)) continue;
    names += (names.empty() ? "" : ", ") + std::string(command.name);
  }
  return names;
}

std::string usage_of(const Flag& flag) {
  return "--" + std::string(flag.name) + (flag.is_switch() ? "" : " " + std::string(flag.type));
}

std::string flag_help(const Flag& flag) {
  std::string head = "  " + usage_of(flag);
  const std::string variable = flag.variable();
  if (head.size() + 3 + variable.size() <= terminal_columns) head += "   " + variable;
  return head + "\n" + indented(flag.meaning, 6) +
         indented("Default " + default_of(flag) + ": " + std::string(flag.reason) + ".", 6);
}

/// All of them, or those in a text as "0 1 124".
std::string exit_codes_help(std::string_view wanted) {
  std::string text = "Exit codes:\n";
  for (const ExitText& exit : exit_texts) {
    const std::string number = std::to_string(static_cast<int>(exit.code));
    const bool listed =
        (" " + std::string(wanted) + " ").find(" " + number + " ") != std::string::npos;
    if (!wanted.empty() && !listed) continue;
    text += wrapped(exit.text, 7, "  " + number + std::string(5 - number.size(), ' '));
  }
  return text;
}

bool is_named_by_dependencies(Command command) {
  return command != Command::probe && command != Command::install;
}

/// Bars would end a cell.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

std::string program_help() {
  std::string text = paragraph(std::string(program) +
                               " " WFE_VERSION
                               ": a workload starts when the Services it depends on have ready "
                               "endpoints.");
  text += "Usage:\n";
  for (const CommandText& command : commands()) {
    text += "  " + std::string(program) + " " + std::string(command.synopsis) + "\n" +
            indented(command.summary, 6);
  }
  text += "  " + std::string(program) + " COMMAND --help\n" +
          indented("what a command's flags mean", 6) + "\n";
  text += paragraph(dependency_text) + paragraph(rules_text);
  text += "Defaults, and why:\n";
  for (const Flag& flag : flags()) {
    text += indented("--" + std::string(flag.name) + ": " + default_of(flag) + " (" +
                         names_of(flag.commands) + ")",
                     2) +
            indented(flag.reason, 6);
  }
  return text + "\n" + exit_codes_help("") + "\nExample, as an init container:\n  " +
         std::string(text_of(Command::wait).example) + "\n";
}

std::string command_help(Command command) {
  const CommandText& about = text_of(command);
  std::string text = "Usage: " + std::string(program) + " " + std::string(about.synopsis) + "\n\n";
  std::string purpose(about.summary);
  purpose.front() = static_cast<char>(purpose.front() - 'a' + 'A');
  text += paragraph(purpose + ". " + std::string(about.purpose));
  if (is_named_by_dependencies(command)) text += paragraph(dependency_text) + paragraph(rules_text);
  bool any = false;
  for (const Flag& flag : flags()) {
    if (!contains(flag.commands, command)) continue;
    if (!any) text += "Flags, with their environment variables:\n";
    any = true;
    text += flag_help(flag);
  }
  if (any) text += "\n";
  return text + exit_codes_help(about.exit_codes) + "\nExample:\n  " + std::string(about.example) +
         "\n";
}

std::string commands_page() {
  std::string text = "| command | what it does |\n|---|---|\n";
  for (const CommandText& command : commands()) {
    text += "| `" + cell(command.synopsis) + "` | " + cell(command.summary) + ". " +
            cell(command.purpose) + " |\n";
  }
  return text;
}

std::string flags_page() {
  std::string text =
      "| flag | default | commands | what it says | why this default |\n|---|---|---|---|---|\n";
  for (const Flag& flag : flags()) {
    text += "| `" + cell(usage_of(flag)) + "` | " + cell(default_of(flag)) + " | " +
            names_of(flag.commands) + " | " + cell(flag.meaning) + " | " + cell(flag.reason) +
            " |\n";
  }
  return text;
}

std::string exit_codes_page() {
  std::string text = "| code | meaning |\n|---|---|\n";
  for (const ExitText& exit : exit_texts) {
    text += "| " + std::to_string(static_cast<int>(exit.code)) + " | " + cell(exit.text) + " |\n";
  }
  return text;
}

}  // namespace waiter::cli
