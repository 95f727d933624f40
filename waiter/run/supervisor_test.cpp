// Real processes: each test starts a Supervisor with a small shell script as its command.
#include "waiter/run/supervisor.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "waiter/run/test_supervised.hpp"

namespace waiter::run {
namespace {

using std::chrono::milliseconds;

std::vector<std::string> script(const std::string& text) { return {"/bin/sh", "-c", text}; }

/// Says "up" and goes on until one of `signals` comes, then does `last` and exits with `code`.
std::vector<std::string> until(const std::string& signals, int code,
                               const std::string& last = ":") {
  return script("sleep 600 & trap '" + last + "; kill $!; exit " + std::to_string(code) + "' " +
                signals + "; echo up; wait");
}

/// Until another process has come so far; there is nothing to be woken by.
bool eventually(const std::function<bool()>& true_at_last) {
  for (int tries = 0; tries < patience_ms; ++tries) {
    if (true_at_last()) return true;
    ::poll(nullptr, 0, 1);
  }
  return false;
}

std::vector<pid_t> children_of(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream file("/proc/" + id + "/task/" + id + "/children");
  return {std::istream_iterator<pid_t>(file), {}};
}

char state_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto end = text.rfind(')');
  return end == std::string::npos || end + 2 >= text.size() ? '?' : text[end + 2];
}

std::string own_status(const std::string& key) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key, 0) == 0) return line;
  }
  return "";
}

TEST(Supervisor, EndsWithTheCommandsCode) {
  EXPECT_EQ(Supervised({"sh", "-c", "exit 7"}).met().wait(), 7);
}

TEST(Supervisor, ASignalThatEndedTheCommandIsToldAsTheShellDoes) {
  EXPECT_EQ(Supervised(script("kill -KILL $$")).met().wait(), 137);
}

TEST(Supervisor, SigtermBeforeTheStartIs143) {
  Supervised supervised(script("exit 0"));
  EXPECT_EQ(supervised.signal(SIGTERM).wait(), 143);
}

TEST(Supervisor, ACommandThatIsNotThereIs127) {
  EXPECT_EQ(Supervised({"no-such-program-anywhere"}).met().wait(), 127);
}

TEST(Supervisor, ACommandThatIsNoProgramIs126) {
  EXPECT_EQ(Supervised({"/etc/passwd"}).met().wait(), 126);
}

TEST(Supervisor, ForwardsSignalsToTheCommand) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH}) {
    Supervised supervised(until(std::to_string(number), 42));
    supervised.met();
    ASSERT_EQ(supervised.line(), "up");
    EXPECT_EQ(supervised.signal(number).wait(), 42) << number;
  }
}

TEST(Supervisor, TheCommandFindsTheSignalsAsWeWereGivenThem) {
  Supervised supervised(script("grep -E '^Sig(Blk|Ign)' /proc/self/status"));
  supervised.met();
  EXPECT_EQ(supervised.line(), own_status("SigBlk"));
  EXPECT_EQ(supervised.line(), own_status("SigIgn"));
  EXPECT_EQ(supervised.wait(), 0);
}

TEST(Supervisor, TheCommandInheritsNoDescriptorButTheThree) {
  Supervised supervised(
      script("cd /proc/self/fd && for fd in [0-9]*; do [ $fd -gt 2 ] && readlink "
             "/proc/$$/fd/$fd; done; echo end"));
  supervised.met();
  EXPECT_EQ(supervised.line(), "end");
}

TEST(Supervisor, TheCommandLeadsItsOwnProcessGroup) {
  Supervised supervised(
      script("read -r pid comm state parent group rest < /proc/self/stat; "
             "[ $pid = $group ] && echo own"));
  supervised.met();
  EXPECT_EQ(supervised.line(), "own");
}

TEST(Supervisor, ALossTerminatesTheCommandAndEndsWith69) {
  Supervised supervised(until("TERM", 0, "echo term"));
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  supervised.lost();
  EXPECT_EQ(supervised.line(), "term");
  EXPECT_EQ(supervised.wait(), 69);
}

TEST(Supervisor, WhatDoesNotEndIsKilledWithEverythingThatItStarted) {
  Supervised supervised(script("trap '' TERM; sh -c 'echo up; sleep 600' & wait; sleep 600"),
                        {.kill_after = milliseconds(20)});
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  EXPECT_EQ(supervised.lost().wait(), 69);
  EXPECT_EQ(supervised.line(), "") << "the end of the pipe comes when nobody holds it any more";
}

TEST(Supervisor, WhatALostCommandLeavesBehindIsKilled) {
  Supervised supervised(script("(trap '' TERM; echo up; sleep 600) & wait"));
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  EXPECT_EQ(supervised.lost().wait(), 69);
  EXPECT_EQ(supervised.line(), "");
}

TEST(Supervisor, AStoppedCommandIsTerminatedToo) {
  Supervised supervised(until("TERM", 0, "echo term"));
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  const auto children = children_of(supervised.pid());
  ASSERT_EQ(children.size(), 1U);
  ::kill(children[0], SIGSTOP);
  ASSERT_TRUE(eventually([&] { return state_of(children[0]) == 'T'; }));
  supervised.lost();
  EXPECT_EQ(supervised.line(), "term");
  EXPECT_EQ(supervised.wait(), 69);
}

TEST(Supervisor, RestartsTheCommandWhenTheDependenciesAreBack) {
  Supervised supervised(until("TERM USR1", 9), {.on_lost = OnLost::restart});
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  supervised.lost().met();
  ASSERT_EQ(supervised.line(), "up");
  EXPECT_EQ(supervised.signal(SIGUSR1).wait(), 9) << "an end of its own ends the program";
}

TEST(Supervisor, SigtermBetweenTwoStartsIs143) {
  Supervised supervised(until("TERM", 0), {.on_lost = OnLost::restart});
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  supervised.lost();
  ASSERT_TRUE(eventually([&] { return children_of(supervised.pid()).empty(); }));
  EXPECT_EQ(supervised.signal(SIGTERM).wait(), 143);
}

TEST(Supervisor, AWatchThatIsOverEndsTheCommandWithItsCode) {
  Supervised supervised(until("TERM", 0));
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  EXPECT_EQ(supervised.watch_over().wait(), 77);
}

/// Twenty orphans that end when the test closes their input.
std::vector<std::string> with_orphans() {
  return script(
      "exec 3<&0; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "
      "(sh -c 'read line' <&3 &); done; "
      "sleep 600 & trap 'kill $!; exit 5' USR1; echo up; wait");
}

// Stopped while all of them end, it gets one SIGCHLD for twenty.
void expect_orphans_are_reaped(Supervised& supervised) {
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  const pid_t pid = supervised.pid();
  ASSERT_TRUE(eventually([&] { return children_of(pid).size() == 21; })) << children_of(pid).size();
  supervised.signal(SIGSTOP);
  ASSERT_TRUE(eventually([&] { return state_of(pid) == 'T'; }));
  supervised.end_input();
  ASSERT_TRUE(eventually([&] {
    int zombies = 0;
    for (const pid_t child : children_of(pid)) zombies += state_of(child) == 'Z' ? 1 : 0;
    return zombies == 20;
  }));
  supervised.signal(SIGCONT);
  EXPECT_TRUE(eventually([&] { return children_of(pid).size() == 1; })) << children_of(pid).size();
  EXPECT_EQ(supervised.signal(SIGUSR1).wait(), 5) << "the end of an orphan is not ours";
}

TEST(Supervisor, ReapsOrphansOfTheCommandAlsoWhenSigchldCoalesces) {
  Supervised supervised(with_orphans());
  expect_orphans_are_reaped(supervised);
}

// The kernel, its sysctls or a container runtime may forbid them (user_namespaces(7)), and only in
// one can a test be PID 1. The e2e tests of exec need the same, and say so too.
constexpr const char* no_pid_namespace = "unshare(CLONE_NEWUSER | CLONE_NEWPID) is refused here";

TEST(Supervisor, AsPid1ReapsOrphansAlsoWhenSigchldCoalesces) {
  if (!Supervised::can_be_pid_1()) GTEST_SKIP() << no_pid_namespace;
  Supervised supervised(with_orphans(), {.as_pid_1 = true});
  expect_orphans_are_reaped(supervised);
}

// The kernel drops a signal to PID 1 that has neither a handler nor is blocked.
TEST(Supervisor, AsPid1EndsOnSigtermBeforeTheStart) {
  if (!Supervised::can_be_pid_1()) GTEST_SKIP() << no_pid_namespace;
  Supervised supervised(script("exit 0"), {.as_pid_1 = true});
  EXPECT_EQ(supervised.signal(SIGTERM).wait(), 143);
}

TEST(Supervisor, AsPid1ForwardsSigterm) {
  if (!Supervised::can_be_pid_1()) GTEST_SKIP() << no_pid_namespace;
  Supervised supervised(until("TERM", 6), {.as_pid_1 = true});
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  EXPECT_EQ(supervised.signal(SIGTERM).wait(), 6);
}

// A process that reads from a terminal in whose foreground it is not is stopped.
TEST(Supervisor, TheCommandReadsFromTheTerminal) {
  Supervised supervised(script("stty -echo; echo up; read line; echo got $line"),
                        {.on_terminal = true});
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  supervised.type("words\n");
  EXPECT_EQ(supervised.line(), "got words");
  EXPECT_EQ(supervised.wait(), 0);
}

TEST(Supervisor, CtrlCIsForTheCommand) {
  Supervised supervised(script("stty -echo; trap 'exit 8' INT; echo up; read line"),
                        {.on_terminal = true});
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  supervised.type("\x03");
  EXPECT_EQ(supervised.wait(), 8);
}

TEST(Supervisor, CtrlCBeforeTheStartIs130) {
  Supervised supervised(script("exit 0"), {.on_terminal = true});
  supervised.pid();
  supervised.type("\x03");
  EXPECT_EQ(supervised.wait(), 130);
}

TEST(Supervisor, CtrlZStopsUsWithTheCommandAndTheShellMayGoOn) {
  Supervised supervised(script("stty -echo; echo up; read line; echo got $line"),
                        {.on_terminal = true});
  supervised.met();
  ASSERT_EQ(supervised.line(), "up");
  supervised.type("\x1a");
  ASSERT_EQ(supervised.note(), "stopped");
  supervised.type("words\n");
  EXPECT_EQ(supervised.line(), "got words");
  EXPECT_EQ(supervised.wait(), 0);
}

}  // namespace
}  // namespace waiter::run
