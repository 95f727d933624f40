// A Supervisor in a process of its own, for tests: verdicts are written to it through a pipe, and
// what its command prints is read line by line.
#pragma once

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "waiter/run/supervisor.hpp"

namespace waiter::run {

using OnLost = core::ChildPolicy::OnLost;

// Not a measure, only an end for a test that hangs.
constexpr int patience_ms = 20'000;

struct Pipe {
  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(int which) {
    if (ends[which] >= 0) ::close(ends[which]);
    ends[which] = -1;
  }
  int ends[2];
};

struct Surrounding {
  OnLost on_lost = OnLost::end;
  core::Duration kill_after = std::chrono::minutes(10);  // no test waits for it
  bool as_pid_1 = false;
  bool on_terminal = false;
};

class Supervised {
 public:
  explicit Supervised(std::vector<std::string> command, Surrounding surrounding = {})
      : surrounding_(surrounding) {
    if (surrounding_.on_terminal) open_terminal();
    process_ = ::fork();
    if (process_ == 0) ::_exit(prepare_and_run(command));
    verdicts_.close_end(0);
    output_.close_end(1);
    input_.close_end(0);
    notes_.close_end(1);
  }
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;
  ~Supervised() {
    if (terminal_ >= 0) ::close(terminal_);
    if (process_ == 0) return;
    if (pid() > 0) ::kill(pid(), SIGKILL);
    wait();
  }

  Supervised& met() { return tell('m'); }
  Supervised& lost() { return tell('l'); }
  /// Where the verdicts come from has ended.
  Supervised& watch_over() { return tell('o'); }
  Supervised& signal(int number) {
    if (pid() > 0) ::kill(pid(), number);
    return *this;
  }
  /// Its PID in our eyes, once it looks at signals.
  pid_t pid() {
    while (supervisor_ == 0 || !ready_) {
      const std::string note = line_of(notes_.ends[0]);
      if (note.empty() || note == "nothing came") return -1;
      if (note == "ready") ready_ = true;
      if (note != "ready") supervisor_ = std::atoi(note.c_str());
    }
    return supervisor_;
  }
  /// What the command, or where it is on a terminal the terminal, printed.
  std::string line() { return line_of(terminal_ >= 0 ? terminal_ : output_.ends[0]); }
  /// The next line that the harness has to tell: "stopped".
  std::string note() {
    pid();
    return line_of(notes_.ends[0]);
  }
  /// Typed at the terminal.
  void type(const std::string& text) {
    ASSERT_EQ(::write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end_input() { input_.close_end(1); }
  int wait() {
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

  static bool can_be_pid_1() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(::unshare(CLONE_NEWUSER | CLONE_NEWPID) == 0 ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return status == 0;
  }

 private:
  Supervised& tell(char verdict) {
    EXPECT_EQ(::write(verdicts_.ends[1], &verdict, 1), 1);
    return *this;
  }

  static std::string line_of(int descriptor) {
    std::string line;
    char letter = 0;
    pollfd source{descriptor, POLLIN, 0};
    for (;;) {
      if (::poll(&source, 1, patience_ms) == 0) return "nothing came";
      if (::read(descriptor, &letter, 1) != 1 || letter == '\n') return line;
      if (letter != '\r') line += letter;
    }
  }

  void open_terminal() {
    terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(terminal_, 0);
    ASSERT_EQ(::grantpt(terminal_), 0);
    ASSERT_EQ(::unlockpt(terminal_), 0);
  }

  void write_note(const std::string& text) {
    [[maybe_unused]] const auto written =
        ::write(notes_.ends[1], (text + "\n").data(), text.size() + 1);
  }

  /// In the new process. A failing system call shows in the test as a code that it does not expect.
  int prepare_and_run(const std::vector<std::string>& command) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nothing is left behind by a test that hangs
    ::dup2(input_.ends[0], STDIN_FILENO);
    ::dup2(output_.ends[1], STDOUT_FILENO);
    input_.close_end(1);
    if (surrounding_.as_pid_1 && ::unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0) return 200;
    if (!surrounding_.as_pid_1 && !surrounding_.on_terminal) {
      write_note(std::to_string(::getpid()));
      return run(command);
    }
    if (surrounding_.on_terminal && !become_session()) return 201;
    const pid_t supervisor = ::fork();
    if (supervisor == 0) {
      // A shell that controls jobs gives each its group and puts it into the foreground.
      if (surrounding_.on_terminal) ::setpgid(0, 0);
      ::_exit(run(command));
    }
    if (surrounding_.on_terminal) {
      ::setpgid(supervisor, supervisor);
      ::tcsetpgrp(STDIN_FILENO, supervisor);
    }
    write_note(std::to_string(supervisor));
    return be_shell(supervisor);
  }

  bool become_session() {
    ::setsid();
    const int terminal = ::open(::ptsname(terminal_), O_RDWR);
    if (terminal < 0 || ::ioctl(terminal, TIOCSCTTY, 0) != 0) return false;
    std::signal(SIGTTOU, SIG_IGN);
    ::dup2(terminal, STDIN_FILENO);
    ::dup2(terminal, STDOUT_FILENO);
    ::close(terminal);
    return true;
  }

  /// Waits for the job; when it stops it is put into the foreground again.
  int be_shell(pid_t job) {
    int status = 0;
    while (::waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
      write_note(::tcgetpgrp(STDIN_FILENO) == job ? "stopped" : "stopped in the background");
      ::tcsetpgrp(STDIN_FILENO, job);
      ::kill(-job, SIGCONT);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  int run(const std::vector<std::string>& command) {
    std::signal(SIGTTOU, SIG_DFL);
    boost::asio::io_context loop(1);
    int code = 202;
    Supervisor supervisor(
        loop, Command(command), core::ChildPolicy(surrounding_.on_lost, surrounding_.kill_after),
        {[](int) {}, [](const std::string&) {},
         [](const std::string& what) { std::fprintf(stderr, "%s\n", what.c_str()); },
         [&](int ended) {
           code = ended;
           loop.stop();
         }});
    boost::asio::posix::stream_descriptor verdicts(loop, ::dup(verdicts_.ends[0]));
    std::function<void()> read_next = [&] {
      verdicts.async_wait(verdicts.wait_read, [&](const boost::system::error_code&) {
        char verdict = 0;
        if (::read(verdicts.native_handle(), &verdict, 1) != 1) return;
        if (verdict == 'm') supervisor.handle(core::DependenciesMet{});
        if (verdict == 'l') supervisor.handle(core::DependenciesLost{});
        if (verdict == 'o') supervisor.handle(core::WatchOver{core::ExitCode::forbidden});
        read_next();
      });
    };
    verdicts_.close_end(1);
    write_note("ready");
    read_next();
    loop.run();
    return code;
  }

  Surrounding surrounding_;
  Pipe verdicts_, output_, input_, notes_;
  int terminal_ = -1;
  pid_t process_ = 0;     // our child: the supervisor, or what started it
  pid_t supervisor_ = 0;  // 0: not read yet
  bool ready_ = false;
};

}  // namespace waiter::run
