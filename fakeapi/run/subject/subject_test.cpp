// Real processes: how the command is started, runs and ends, in every way to hold it together.
#include "fakeapi/run/subject/subject.hpp"

#include <sys/ioctl.h>

#include "fakeapi/run/subject/test_fakeapi.hpp"

namespace fakeapi::run {
namespace {

using namespace testing;  // NOLINT: fakeapi::run::testing

struct SubjectRun : SubjectTest {};
INSTANTIATE_TEST_SUITE_P(Ways, SubjectRun, every_way(), name_of);

SubjectOptions command(const std::string& text) {
  SubjectOptions options;
  options.command = script(text);
  return options;
}

TEST_P(SubjectRun, ExitCodesComeThrough) {
  for (const int code : {0, 1, 2, 126, 127, 128, 137, 255}) {
    FakeApi fakeapi(GetParam(), script("exit " + std::to_string(code)));
    EXPECT_EQ(fakeapi.end_told(), "exited " + std::to_string(code));
  }
}

// Where it is cheapest: a PID namespace takes some milliseconds to go.
TEST(Subject, EveryExitCodeComesThrough) {
  for (int code = 0; code <= 255; ++code) {
    FakeApi fakeapi({Who::root, false, Where::machine, ""}, script("exit " + std::to_string(code)));
    ASSERT_EQ(fakeapi.end_told(), "exited " + std::to_string(code));
  }
}

TEST_P(SubjectRun, TheSignalThatEndedTheCommandIsTold) {
  for (const int number : {SIGKILL, SIGTERM, SIGSEGV, SIGABRT, SIGINT, SIGUSR1}) {
    FakeApi fakeapi(GetParam(), script("ulimit -c 0; kill -" + std::to_string(number) + " $$"));
    EXPECT_EQ(fakeapi.end_told(), "killed by " + std::to_string(number));
  }
}

TEST_P(SubjectRun, IsToldHowItIsIsolated) {
  FakeApi fakeapi(GetParam(), script("exit 0"));
  const How how = GetParam();
  const std::string user = how.who == Who::ordinary ? " user" : "";
  EXPECT_EQ(fakeapi.told(), how.guardian() ? "started" : "started pid" + user);
}

TEST_P(SubjectRun, ACommandThatIsNotThereIsToldByItsError) {
  SubjectOptions options;
  options.command = {"no-such-program-anywhere"};
  options.environment = {{"PATH", "/usr/bin:/bin"}};  // ours may have folders of root alone
  FakeApi fakeapi(GetParam(), options);
  EXPECT_EQ(fakeapi.told(),
            "not started " + std::to_string(ENOENT) +
                ": cannot execute \"no-such-program-anywhere\": No such file or directory. It is "
                "in no folder of PATH; name it with its path");
}

TEST_P(SubjectRun, ACommandThatMayNotBeExecutedIsToldByItsError) {
  FakeApi fakeapi(GetParam(), std::vector<std::string>{"/etc/passwd"});
  EXPECT_EQ(fakeapi.told().rfind("not started " + std::to_string(EACCES) + ": ", 0), 0U);
}

TEST_P(SubjectRun, AnInterpreterThatIsNotThereIsTold) {
  std::string path = std::filesystem::temp_directory_path() / "subject-test-XXXXXX";
  const int fd = ::mkstemp(path.data());
  constexpr std::string_view text = "#!/no/such/interpreter\n";
  ASSERT_GT(::write(fd, text.data(), text.size()), 0);
  ::fchmod(fd, 0755);
  ::close(fd);
  FakeApi fakeapi(GetParam(), std::vector<std::string>{path});
  EXPECT_NE(fakeapi.told().find("its interpreter (first line) or dynamic loader is not"),
            std::string::npos);
  ::unlink(path.c_str());
}

TEST_P(SubjectRun, AnEmptyCommandIsToldAsMissing) {
  FakeApi fakeapi(GetParam(), std::vector<std::string>{});
  EXPECT_EQ(fakeapi.told(),
            "not started " + std::to_string(ENOENT) + ": there is no command to run");
}

TEST_P(SubjectRun, OutputAndErrorsKeepTheirOrder) {
  FakeApi fakeapi(GetParam(), script("for n in 1 2 3; do echo out $n; echo err $n >&2; done"));
  EXPECT_EQ(fakeapi.output(), "out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n");
}

// Without a redirection the command has our own three.
TEST_P(SubjectRun, StandardDescriptorsAreInherited) {
  Pipe input;
  Pipe output;
  SubjectOptions options = command("read -r text; echo out $text; echo err $text >&2");
  options.output = STDOUT_FILENO;
  FakeApi fakeapi(GetParam(), options, [&] {
    ::dup2(input.ends[0], STDIN_FILENO);
    ::dup2(output.ends[1], STDOUT_FILENO);
    ::dup2(output.ends[1], STDERR_FILENO);
  });
  ASSERT_EQ(::write(input.ends[1], "hello\n", 6), 6);
  EXPECT_EQ(line_of(output.ends[0]), "out hello");
  EXPECT_EQ(line_of(output.ends[0]), "err hello");
}

TEST_P(SubjectRun, StartsInTheSameFolder) {
  FakeApi fakeapi(GetParam(), command("pwd -P"), [] { (void)!::chdir("/usr/share"); });
  EXPECT_EQ(fakeapi.line(), "/usr/share");
}

TEST_P(SubjectRun, EnvironmentIsOursWithWhatIsGivenOverIt) {
  SubjectOptions options =
      command("echo $KUBECONFIG $KUBERNETES_SERVICE_HOST $KEPT; env | grep -c KUBECONFIG=");
  options.environment = {{"KUBECONFIG", "/new"}, {"KUBERNETES_SERVICE_HOST", "127.0.0.1"}};
  FakeApi fakeapi(GetParam(), options, [] {
    ::setenv("KUBECONFIG", "/old", 1);
    ::setenv("KEPT", "kept", 1);
  });
  EXPECT_EQ(fakeapi.line(), "/new 127.0.0.1 kept");
  EXPECT_EQ(fakeapi.line(), "1");
}

TEST_P(SubjectRun, ProgramIsFoundInThePathThatIsGiven) {
  SubjectOptions options;
  options.command = {"true"};
  options.environment = {{"PATH", "/no/such/folder"}};
  FakeApi fakeapi(GetParam(), options);
  EXPECT_EQ(fakeapi.told().rfind("not started 2: ", 0), 0U);
}

TEST_P(SubjectRun, UserAndGroupAreTheSame) {
  FakeApi fakeapi(GetParam(), script("id -u; id -g"));
  const uid_t user =
      GetParam().who == Who::ordinary && ::geteuid() == 0 ? ordinary_user : ::geteuid();
  EXPECT_EQ(fakeapi.line(), std::to_string(user));
}

// An ignored SIGPIPE would make `yes | head` run for ever, a blocked signal would make the command
// deaf; what nohup has ignored stays so.
TEST_P(SubjectRun, SignalsAreAsANewProgramExpectsThem) {
  SubjectOptions options;  // no shell, which may reset them itself
  options.command = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"};
  FakeApi fakeapi(GetParam(), options, [] {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGCHLD, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN);
    sigset_t blocked;
    ::sigfillset(&blocked);
    ::sigdelset(&blocked, SIGCHLD);
    ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
  });
  EXPECT_EQ(fakeapi.line(), "SigBlk:\t0000000000000000");
  EXPECT_EQ(fakeapi.line(), "SigIgn:\t0000000000000001");  // 1 << (SIGHUP - 1)
}

TEST_P(SubjectRun, InheritsNoDescriptorButTheThree) {
  Pipe output;
  SubjectOptions options = command(
      "cd /proc/self/fd && for fd in [0-9]*; do [ $fd -gt 2 ] && readlink /proc/$$/fd/$fd; done; "
      "echo end");
  options.output = 58;
  FakeApi fakeapi(GetParam(), options, [&] {
    ::dup2(STDERR_FILENO, 57);  // not close-on-exec
    ::dup2(output.ends[1], 58);
  });
  EXPECT_EQ(line_of(output.ends[0]), "end");
}

// The kernel takes default actions of signals away from process 1, and many programs take it for
// an order to be init.
TEST_P(SubjectRun, TheCommandIsNotProcess1) {
  if (GetParam().guardian()) GTEST_SKIP() << "has the numbers of the machine";
  FakeApi fakeapi(GetParam(), script("echo $PPID; [ $$ -gt 1 ] && echo other"));
  EXPECT_EQ(fakeapi.line(), "1");
  EXPECT_EQ(fakeapi.line(), "other");
}

TEST_P(SubjectRun, ProcShowsTheNumbersThatTheCommandHas) {
  FakeApi fakeapi(GetParam(), script("read -r pid name rest < /proc/self/stat; "
                                     "[ $pid = $$ ] && echo own"));
  EXPECT_EQ(fakeapi.line(), "own");
}

// A process without a parent becomes the reaper's child; unreaped it would stay for ever.
TEST_P(SubjectRun, OrphansAreReapedWhileTheCommandRuns) {
  FakeApi fakeapi(GetParam(),
                  script("orphan=$(sh -c '(:) & echo $!'); tries=0; "
                         "while [ -e /proc/$orphan ] && [ $tries -lt 100000 ]; do "
                         "tries=$((tries+1)); done; [ -e /proc/$orphan ] || echo reaped"));
  EXPECT_EQ(fakeapi.line(), "reaped");
}

TEST_P(SubjectRun, SignalsReachTheCommand) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2}) {
    FakeApi fakeapi(GetParam(), script("trap 'echo got; kill $!; exit 42' " +
                                       std::to_string(number) + "; sleep 600 & echo up; wait"));
    ASSERT_EQ(fakeapi.line(), "up");
    fakeapi.signal(number);
    EXPECT_EQ(fakeapi.line(), "got") << number;
    EXPECT_EQ(fakeapi.end_told(), "exited 42") << number;
  }
}

TEST_P(SubjectRun, ASignalHasItsDefaultAction) {
  FakeApi fakeapi(GetParam(), script("echo up; exec sleep 600"));
  ASSERT_EQ(fakeapi.line(), "up");
  EXPECT_EQ(fakeapi.signal(SIGUSR1).end_told(), "killed by " + std::to_string(SIGUSR1));
}

TEST_P(SubjectRun, TerminateLetsTheCommandEndByItself) {
  FakeApi fakeapi(GetParam(), script("trap 'kill $!; exit 3' TERM; sleep 600 & echo up; wait"));
  ASSERT_EQ(fakeapi.line(), "up");
  EXPECT_EQ(fakeapi.terminate(patience_ms).end_told(), "exited 3");
}

TEST_P(SubjectRun, AStoppedCommandIsTerminatedToo) {
  FakeApi fakeapi(GetParam(), script("echo up; kill -STOP $$; sleep 600"));
  ASSERT_EQ(fakeapi.line(), "up");
  EXPECT_EQ(fakeapi.terminate(patience_ms).end_told(), "killed by " + std::to_string(SIGTERM));
}

TEST_P(SubjectRun, WhatIgnoresSigtermIsKilledAfterTheGrace) {
  const std::string time = unique_time();
  FakeApi fakeapi(GetParam(), script("trap '' TERM; setsid sleep " + time + " & sleep " + time +
                                     " & echo up; wait"));
  ASSERT_EQ(fakeapi.line(), "up");
  EXPECT_EQ(fakeapi.terminate(10).end_told(), "killed by " + std::to_string(SIGKILL));
  EXPECT_TRUE(having(time).empty());
}

// `trap 'kill 0' EXIT` is the idiom of many scripts.
TEST_P(SubjectRun, ACommandWithoutTerminalLeadsItsOwnGroup) {
  FakeApi fakeapi(GetParam(), script("trap 'exit 5' TERM; kill -TERM 0; sleep 600"));
  EXPECT_EQ(fakeapi.end_told(), "exited 5");
  EXPECT_EQ(fakeapi.wait(), 0);
}

/// A terminal whose keys the test presses and which the harness controls.
struct Terminal {
  Terminal() : keys(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (::grantpt(keys) != 0 || ::unlockpt(keys) != 0) std::abort();
    ::ptsname_r(keys, name, sizeof name);
    screen = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::close(keys);
    ::close(screen);
  }
  void become_ours() const {
    if (::ioctl(screen, TIOCSCTTY, 0) != 0 || ::dup2(screen, STDIN_FILENO) < 0) ::_exit(204);
  }
  void type(const std::string& text) const {
    ASSERT_EQ(::write(keys, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  int keys;
  int screen;
  char name[64] = "";
};

// A group in the background would be stopped when it reads.
TEST_P(SubjectRun, TheCommandReadsFromTheTerminal) {
  const Terminal terminal;
  FakeApi fakeapi(GetParam(), command("read -r line; echo got $line"),
                  [&] { terminal.become_ours(); });
  terminal.type("hello\n");
  EXPECT_EQ(fakeapi.line(), "got hello");
}

// The trap ends the first `read`.
TEST_P(SubjectRun, InterruptKeyReachesTheCommand) {
  const Terminal terminal;
  const std::string text =
      "trap 'echo interrupted' INT; echo up; until read -r line; do :; done; echo $line";
  FakeApi fakeapi(GetParam(), command(text), [&] {
    terminal.become_ours();
    std::signal(SIGINT, [](int) {});  // as fakeapi, which has its own use for it
  });
  ASSERT_EQ(fakeapi.line(), "up");
  terminal.type("\003");
  EXPECT_EQ(fakeapi.line(), "interrupted");
  terminal.type("last\n");
  EXPECT_EQ(fakeapi.line(), "last");
}

// It would forward each key a second time.
TEST_P(SubjectRun, ProcessInBetweenIsNotReachedByTheKeys) {
  const Terminal terminal;
  FakeApi fakeapi(GetParam(), command("echo up; exec sleep 600"), [&] { terminal.become_ours(); });
  ASSERT_EQ(fakeapi.line(), "up");
  const pid_t between = fakeapi.child();
  ASSERT_GT(between, 0);
  EXPECT_TRUE(eventually([&] { return ::getpgid(between) == between; }));
}

// Timed where it happens, not where it is told.
TEST(Subject, TimesAreThoseOfTheStartAndTheEnd) {
  boost::asio::io_context loop(1);
  const auto before = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point started;
  std::chrono::steady_clock::time_point ended;
  SubjectOptions options = command("exit 0");
  options.output = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  Subject subject(
      loop, options,
      {[&](const Subject::Started& start) { started = start.at; },
       [&](const Subject::NotStarted&) {}, [&](const Subject::Ended& end) { ended = end.at; }});
  subject.start();
  loop.run();
  EXPECT_LE(before, started);
  EXPECT_LE(started, ended);
  EXPECT_LE(ended, std::chrono::steady_clock::now());
  ::close(options.output);
}

}  // namespace
}  // namespace fakeapi::run
