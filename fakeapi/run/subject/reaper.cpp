#include "fakeapi/run/subject/reaper.hpp"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakeapi/run/subject/orphans.hpp"
#include "fakeapi/run/subject/system_calls.hpp"

namespace fakeapi::run::subject {
namespace {

std::int64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

class Reaper {
 public:
  Reaper(const LaunchPlan& plan, Way way, int life, int news)
      : plan_(plan), way_(way), life_(life), news_(news) {}

  [[noreturn]] void run() {
    hold_together();
    int kept[3] = {life_, news_, plan_.output};
    close_all_but(kept);
    if (way_ == Way::user_namespace) map_ids();
    if (has_namespaces()) isolate();
    listen_to_signals();
    start_command();
    stand_aside();
    for (;;) take_next();
  }

 private:
  bool has_namespaces() const { return way_ != Way::guardian; }

  void tell(Fact fact, Step step, int error, int number = 0) const {
    const News news{fact, step, error, number, monotonic_ns()};
    // Nobody may be there to read it; SIGPIPE is blocked.
    [[maybe_unused]] const auto written = ::write(news_, &news, sizeof news);
  }

  [[noreturn]] void give_up(Fact fact, Step step, int error) const {
    tell(fact, step, error);
    ::_exit(1);
  }

  // The death of fakeapi shows at the end of `life` as well, which has no race: getppid() of a
  // process whose parent is in another PID namespace is always 0. The signal comes on top because
  // it needs no process that runs: one that was stopped dies too.
  void hold_together() const {
    if (has_namespaces()) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    } else {
      ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    }
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &standard, nullptr);  // ignored, there would be no status (wait(2))
  }

  // As run/sandbox.cpp: a user without privileges may map itself to itself once setgroups is denied
  // (user_namespaces(7)).
  void map_ids() const {
    const std::string& uid = plan_.uid_map;
    const std::string& gid = plan_.gid_map;
    int error = write_text("/proc/self/setgroups", "deny", 4);
    if (error == 0 || error == ENOENT)
      error = write_text("/proc/self/gid_map", gid.data(), gid.size());
    if (error == 0) error = write_text("/proc/self/uid_map", uid.data(), uid.size());
    if (error != 0) give_up(Fact::unusable, Step::map_ids, error);
  }

  void isolate() const {
    // Nothing that is mounted here may come to the host (mount_namespaces(7)).
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
      return tell(Fact::degraded, Step::private_mounts, errno);
    if (plan_.mounts) {
      const MountOutcome outcome = carry_out(*plan_.mounts);
      if (outcome.failed != Step::none) tell(Fact::degraded, outcome.failed, outcome.error);
      if (outcome.entries_left_out > 0)
        tell(Fact::degraded, Step::entries, outcome.entry_error, outcome.entries_left_out);
    }
    // Else /proc has the numbers of the processes outside. Last, as it hides /proc/self until here.
    if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
      tell(Fact::degraded, Step::fresh_proc, errno);
  }

  // Process 1 never gets a signal that has its default action, but one that is blocked waits for
  // whoever reads it (signal(7), pid_namespaces(7)).
  void listen_to_signals() {
    sigset_t all;
    ::sigfillset(&all);
    signals_ = ::signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals_ < 0) give_up(Fact::unusable, Step::signals, errno);
  }

  void start_command() {
    int exec[2];
    if (!open_pipe(exec)) give_up(Fact::unusable, Step::fork, errno);
    const pid_t self = ::getpid();
    command_ = copy_process(0);
    if (command_ < 0) give_up(Fact::not_started, Step::fork, errno);
    if (command_ == 0) become_command(self, exec[1]);
    ::close(exec[1]);
    exec_ = exec[0];
  }

  [[noreturn]] void become_command(pid_t reaper, int report) const {
    if (!has_namespaces()) {
      // Where the guardian itself is killed at least the command goes with it.
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != reaper) ::_exit(1);
    }
    if (plan_.own_group) ::setpgid(0, 0);
    if (plan_.output >= 0) {
      ::dup2(plan_.output, STDOUT_FILENO);
      ::dup2(plan_.output, STDERR_FILENO);
    }
    close_output();
    reset_dispositions();
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int error = plan_.program->execute();
    [[maybe_unused]] const auto written = ::write(report, &error, sizeof error);
    ::_exit(1);
  }

  // The terminal's keys are for the command; and whoever reads what it writes is to see the end
  // when the command has closed it.
  void stand_aside() const {
    ::setpgid(0, 0);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
      if (nothing < 0 || ::dup2(nothing, fd) < 0) ::close(fd);
    }
    if (nothing > STDERR_FILENO) ::close(nothing);
    close_output();
  }

  // The one descriptor of a caller, who may not have made it close-on-exec.
  void close_output() const {
    if (plan_.output > STDERR_FILENO) ::close(plan_.output);
  }

  void take_next() {
    pollfd sources[] = {{signals_, POLLIN, 0}, {life_, POLLIN, 0}, {exec_, POLLIN, 0}};
    if (::poll(sources, 3, -1) < 0) return;
    if (sources[2].revents != 0) take_start();
    if (sources[1].revents != 0) end_all();  // first: a signal is too late now
    if (sources[0].revents != 0) take_signals();
  }

  // An error number, or the end of the pipe because exec has closed it.
  void take_start() {
    int error = 0;
    const auto size = ::read(exec_, &error, sizeof error);
    ::close(exec_);
    exec_ = -1;
    if (size <= 0) return tell(Fact::started, Step::none, 0);
    tell(Fact::not_started, Step::exec, error);
    command_ = 0;
    end_all();
  }

  void take_signals() {
    signalfd_siginfo signal{};
    while (::read(signals_, &signal, sizeof signal) == static_cast<ssize_t>(sizeof signal)) {
      const int number = static_cast<int>(signal.ssi_signo);
      if (number == SIGCHLD) {
        reap();
      } else if (command_ > 0) {  // 0 would be this very process
        ::kill(command_, number);
        // One that was stopped would keep it for later.
        if (number == SIGTERM) ::kill(command_, SIGCONT);
      }
    }
  }

  // One SIGCHLD may stand for any number of children (signal(7)).
  void reap() {
    int status = 0;
    for (;;) {
      const pid_t ended = ::waitpid(-1, &status, WNOHANG | __WALL);
      if (ended <= 0) return;
      if (ended != command_) continue;
      take_end(status);
      end_all();
    }
  }

  void take_end(int status) {
    const std::int64_t at_ns = monotonic_ns();
    command_ = 0;
    if (exec_ >= 0) take_start();  // it was there before the end
    const News news{Fact::ended, Step::none, 0, status, at_ns};
    [[maybe_unused]] const auto written = ::write(news_, &news, sizeof news);
  }

  [[noreturn]] void end_all() {
    const int left = end_descendants(
        has_namespaces(),
        [](void* self, pid_t ended, int status) {
          auto* reaper = static_cast<Reaper*>(self);
          if (ended == reaper->command_) reaper->take_end(status);
        },
        this);
    if (left > 0) tell(Fact::left_behind, Step::none, 0, left);
    ::_exit(0);
  }

  const LaunchPlan& plan_;
  const Way way_;
  const int life_;
  const int news_;
  int signals_ = -1;
  int exec_ = -1;      // until it is known whether the command has started
  pid_t command_ = 0;  // 0 once it was reaped: its number is free for others
};

}  // namespace

void be_reaper(const LaunchPlan& plan, Way way, int life, int news) {
  Reaper(plan, way, life, news).run();
}

}  // namespace fakeapi::run::subject
