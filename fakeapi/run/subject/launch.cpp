#include "fakeapi/run/subject/launch.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <string_view>
#include <unistd.h>

#include "fakeapi/run/subject/reaper.hpp"
#include "fakeapi/run/subject/system_calls.hpp"

namespace fakeapi::run::subject {
namespace {

constexpr const char* default_path = "/bin:/usr/bin";  // execvp(3)

std::vector<std::string> merged(const Variables& wanted) {
  std::vector<std::string> variables;
  for (char** given = environ; given != nullptr && *given != nullptr; ++given) {
    const std::string_view text = *given;
    bool replaced = false;
    for (const auto& [name, value] : wanted)
      replaced = replaced || text.substr(0, text.find('=')) == name;
    if (!replaced) variables.emplace_back(text);
  }
  for (const auto& [name, value] : wanted) variables.push_back(name + "=" + value);
  return variables;
}

std::string_view search_path(const std::vector<std::string>& variables) {
  constexpr std::string_view name = "PATH=";
  for (const std::string& variable : variables) {
    if (variable.rfind(name, 0) == 0) return std::string_view(variable).substr(name.size());
  }
  return default_path;
}

std::vector<std::string> candidates(const std::string& program, std::string_view path) {
  if (program.find('/') != std::string::npos || program.empty()) return {program};
  std::vector<std::string> found;
  for (;;) {
    const auto end = path.find(':');
    const std::string folder(path.substr(0, end));
    found.push_back((folder.empty() ? "." : folder) + "/" + program);  // POSIX, 8.3: PATH
    if (end == std::string_view::npos) return found;
    path.remove_prefix(end + 1);
  }
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> made;
  for (std::string& text : texts) made.push_back(text.data());
  made.push_back(nullptr);
  return made;
}

unsigned long flags_of(Way way) {
  constexpr unsigned long both = CLONE_NEWPID | CLONE_NEWNS;
  if (way == Way::guardian) return 0;
  return way == Way::namespaces ? both : both | CLONE_NEWUSER;
}

}  // namespace

Program::Program(std::vector<std::string> command, const Variables& environment)
    : words_(std::move(command)),
      variables_(merged(environment)),
      paths_(candidates(words_.front(), search_path(variables_))),
      arguments_(pointers(words_)),
      environment_(pointers(variables_)) {}

int Program::execute() const {
  int error = ENOENT;
  for (const std::string& path : paths_) {
    ::execve(path.c_str(), arguments_.data(), environment_.data());
    if (errno == ENOENT || errno == ENOTDIR) continue;
    error = errno;
    // Another folder of PATH may have one that may be executed.
    if (error != EACCES) break;
  }
  return error;
}

Launched launch(const LaunchPlan& plan, Way way) {
  Launched launched;
  const auto fail = [&launched] {
    launched.error = errno;
    return std::move(launched);
  };
  int life[2];
  if (!open_pipe(life)) return fail();
  const server::UniqueFd their_life(life[0]);
  launched.life = server::UniqueFd(life[1]);
  int news[2];
  if (!open_pipe(news)) return fail();
  const server::UniqueFd their_news(news[1]);
  launched.news = server::UniqueFd(news[0]);
  if (::fcntl(news[0], F_SETFL, O_NONBLOCK) != 0) return fail();
  // A handler of ours must not run in the copy, which shares the descriptors that it writes to.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  launched.process = copy_process(flags_of(way));
  if (launched.process == 0) be_reaper(plan, way, their_life.get(), their_news.get());
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (launched.process < 0) launched.error = error;
  return launched;
}

}  // namespace fakeapi::run::subject
