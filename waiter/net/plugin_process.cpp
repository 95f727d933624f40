#include "waiter/net/plugin_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace waiter::net {
namespace {

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

class SpawnSettings {
 public:
  explicit SpawnSettings(int output) {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    // Close-on-exec holds for what we opened; this also for what we were started with.
    ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    ::posix_spawnattr_init(&attributes);
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    // We ignore SIGPIPE, and an ignored or blocked signal stays so over exec (execve(2)).
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
};

bool is_executable(const std::string& path) { return ::access(path.c_str(), X_OK) == 0; }

}  // namespace

ConfigError plugin_error(const CredentialPlugin& plugin, const std::string& why) {
  return ConfigError{"credential plugin " + plugin.command + ": " + why};
}

std::optional<ConfigError> check_plugin(const CredentialPlugin& plugin) {
  // A hint may have many lines; a message has one.
  std::string hint = plugin.install_hint.empty() ? "" : "; " + trimmed(plugin.install_hint);
  for (char& c : hint) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  if (plugin.command.find('/') != std::string::npos) {
    if (is_executable(plugin.command)) return std::nullopt;
    return plugin_error(plugin, std::strerror(errno) + hint);
  }
  const char* variable = std::getenv("PATH");
  std::string_view path = variable == nullptr ? "/bin:/usr/bin" : variable;
  while (true) {
    const auto colon = path.find(':');
    if (is_executable(std::string(path.substr(0, colon)) + "/" + plugin.command)) {
      return std::nullopt;
    }
    if (colon == std::string_view::npos) break;
    path.remove_prefix(colon + 1);
  }
  return plugin_error(plugin, "no such command in PATH" + hint);
}

std::variant<PluginProcess, ConfigError> start_plugin(const CredentialPlugin& plugin) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return plugin_error(plugin, std::strerror(errno));
  std::vector<std::string> arguments = {plugin.command};
  arguments.insert(arguments.end(), plugin.arguments.begin(), plugin.arguments.end());
  std::vector<std::string> environment = environment_of(plugin);
  const auto arguments_given = pointers(arguments);
  const auto environment_given = pointers(environment);
  PluginProcess process;
  process.output = ends[0];
  int failed = 0;
  {
    const SpawnSettings settings(ends[1]);
    failed = ::posix_spawnp(&process.pid, plugin.command.c_str(), &settings.files,
                            &settings.attributes, arguments_given.data(), environment_given.data());
  }
  ::close(ends[1]);
  if (failed == 0) return process;
  ::close(ends[0]);
  return plugin_error(plugin, std::strerror(failed));
}

}  // namespace waiter::net
