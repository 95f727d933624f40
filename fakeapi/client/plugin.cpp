// A credential plugin as a child: its standard input is empty, its standard error is ours, and it
// has a minute.
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/client/credentials.hpp"

namespace fakeapi::client {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr auto time_max = std::chrono::seconds(60);  // as for a browser that somebody must click in
constexpr std::size_t output_max = 1U << 20U;        // a token and a chain of certificates

Problem problem_of(const Plugin& plugin, const std::string& why) {
  return {"credential plugin " + plugin.command + ": " + why};
}

std::string exec_info(const Plugin& plugin) {
  json spec = {{"interactive", false}};
  if (!plugin.cluster_json.empty()) spec["cluster"] = json::parse(plugin.cluster_json);
  return json({{"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", spec}})
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<std::string> environment_of(const Plugin& plugin) {
  auto added = plugin.environment;
  added.emplace_back("KUBERNETES_EXEC_INFO", exec_info(plugin));
  std::vector<std::string> made;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text(*one);
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [key, value] : added) replaced = replaced || key == name;
    if (!replaced) made.emplace_back(text);
  }
  for (const auto& [key, value] : added) made.push_back(key + "=" + value);
  return made;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> made;
  for (std::string& text : texts) made.push_back(text.data());
  made.push_back(nullptr);
  return made;
}

/// 0, or why the child could not be started.
int spawn(const Plugin& plugin, int output, pid_t& child) {
  std::vector<std::string> arguments = {plugin.command};
  arguments.insert(arguments.end(), plugin.arguments.begin(), plugin.arguments.end());
  std::vector<std::string> environment = environment_of(plugin);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  // What this program ignores or blocks, a child would ignore or block too (execve(2)).
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  const int failed = ::posix_spawnp(&child, plugin.command.c_str(), &actions, &attributes,
                                    pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failed;
}

/// All of it, or nothing when it is too much or too late.
std::optional<std::string> read_all(int pipe, steady_clock::time_point end) {
  std::string output;
  std::array<char, 4096> piece;
  while (output.size() <= output_max) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now());
    pollfd one{pipe, POLLIN, 0};
    if (left.count() <= 0) return std::nullopt;
    const int ready = ::poll(&one, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    const auto got = ::read(pipe, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return output;
    output.append(piece.data(), static_cast<std::size_t>(got));
  }
  return std::nullopt;
}

std::optional<int> end_of(pid_t child, steady_clock::time_point end) {
  // It has closed its output, and ends at once or never.
  while (steady_clock::now() < end) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) return 0;
    ::poll(nullptr, 0, 5);
  }
  return std::nullopt;
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

}  // namespace

Or<Credential> run_plugin(const Plugin& plugin) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return problem_of(plugin, std::strerror(errno));
  pid_t child = -1;
  const int failed = spawn(plugin, ends[1], child);
  ::close(ends[1]);
  if (failed != 0) {
    ::close(ends[0]);
    const std::string hint =
        plugin.install_hint.empty() ? "" : "; " + one_line(plugin.install_hint);
    return problem_of(plugin, std::strerror(failed) + hint);
  }
  const auto end = steady_clock::now() + time_max;
  const auto output = read_all(ends[0], end);
  ::close(ends[0]);
  const auto status = output ? end_of(child, end) : std::nullopt;
  if (!status) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return problem_of(plugin, "it does not end within a minute, or says more than 1 MiB");
  }
  if (WIFSIGNALED(*status))
    return problem_of(plugin, "it was ended by signal " + std::to_string(WTERMSIG(*status)));
  if (WEXITSTATUS(*status) != 0)
    return problem_of(plugin, "it ended with exit code " + std::to_string(WEXITSTATUS(*status)));
  auto made = parse_exec_credential(*output, plugin.api_version);
  if (auto* problem = std::get_if<Problem>(&made)) return problem_of(plugin, problem->message);
  return made;
}

}  // namespace fakeapi::client
