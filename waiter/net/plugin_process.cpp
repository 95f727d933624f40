#include "waiter/net/plugin_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/prctl.h>
#include <unistd.h>
#include <vector>

namespace waiter::net {
namespace {

constexpr int exit_code_failed = 126;  // as of a shell: it is there and cannot be executed

/// Ours, what the kubeconfig adds, and KUBERNETES_EXEC_INFO; a later name wins.
std::vector<std::string> environment_of(const CredentialPlugin& plugin) {
  auto added = plugin.environment;
  added.emplace_back("KUBERNETES_EXEC_INFO", exec_info(plugin));
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [key, value] : added) replaced = replaced || key == name;
    if (!replaced) result.emplace_back(text);
  }
  for (const auto& [key, value] : added) result.push_back(key + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// The child, from fork to exec: only what is safe after a fork. It does not return.
[[noreturn]] void become(const char* path, char* const* arguments, char* const* environment,
                         int output, pid_t parent) {
  // Nobody would end a plugin that hangs once we are gone, and it holds our standard error open.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(exit_code_failed);
  const int input = ::open("/dev/null", O_RDONLY);
  if (input < 0 || ::dup2(input, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0) {
    ::_exit(exit_code_failed);
  }
  // Close-on-exec holds for what we opened; this also for what we were started with.
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  // We ignore SIGPIPE, and an ignored or blocked signal stays so over exec (execve(2)).
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(path, arguments, environment);
  ::_exit(exit_code_failed);
}

bool is_executable(const std::string& path) { return ::access(path.c_str(), X_OK) == 0; }

/// A hint may have many lines; a message has one.
std::string hint_of(const CredentialPlugin& plugin) {
  std::string hint = plugin.install_hint.empty() ? "" : "; " + trimmed(plugin.install_hint);
  for (char& c : hint) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return hint;
}

/// As a shell finds it.
std::variant<std::string, ConfigError> path_of(const CredentialPlugin& plugin) {
  if (plugin.command.find('/') != std::string::npos) {
    if (is_executable(plugin.command)) return plugin.command;
    return plugin_error(plugin, std::strerror(errno) + hint_of(plugin));
  }
  const char* variable = std::getenv("PATH");
  std::string_view folders = variable == nullptr ? "/bin:/usr/bin" : variable;
  while (true) {
    const auto colon = folders.find(':');
    std::string path(folders.substr(0, colon));
    // An empty entry is the current folder, and a plugin from there nobody has meant (Go's
    // LookPath).
    if (!path.empty() && is_executable(path.append("/").append(plugin.command))) return path;
    if (colon == std::string_view::npos) break;
    folders.remove_prefix(colon + 1);
  }
  return plugin_error(plugin, "no such command in PATH" + hint_of(plugin));
}

}  // namespace

ConfigError plugin_error(const CredentialPlugin& plugin, const std::string& why) {
  return ConfigError{"credential plugin " + plugin.command + ": " + why};
}

std::optional<ConfigError> check_plugin(const CredentialPlugin& plugin) {
  const auto path = path_of(plugin);
  if (const auto* error = std::get_if<ConfigError>(&path)) return *error;
  return std::nullopt;
}

std::variant<PluginProcess, ConfigError> start_plugin(const CredentialPlugin& plugin) {
  const auto found = path_of(plugin);
  if (const auto* error = std::get_if<ConfigError>(&found)) return *error;
  const auto& path = std::get<std::string>(found);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return plugin_error(plugin, std::strerror(errno));
  std::vector<std::string> arguments = {plugin.command};
  arguments.insert(arguments.end(), plugin.arguments.begin(), plugin.arguments.end());
  std::vector<std::string> environment = environment_of(plugin);
  const auto arguments_given = pointers(arguments);
  const auto environment_given = pointers(environment);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    become(path.c_str(), arguments_given.data(), environment_given.data(), ends[1], parent);
  }
  const int failed = errno;
  ::close(ends[1]);
  if (child > 0) return PluginProcess{child, ends[0]};
  ::close(ends[0]);
  return plugin_error(plugin, std::strerror(failed));
}

}  // namespace waiter::net
