// Real processes: whatever the command does, and however fakeapi ends, nothing is left. The proof
// is the kernel's: a test makes itself the parent of every orphan below it (PR_SET_CHILD_SUBREAPER)
// and waits until it has no child. The processes of a PID namespace are gone before its process 1
// can be reaped (pid_namespaces(7)), and what a guardian overlooked would be a child of the test.
#include <gtest/gtest.h>

#include "fakeapi/run/subject/test_fakeapi.hpp"

namespace fakeapi::run {
namespace {

using namespace testing;  // NOLINT: fakeapi::run::testing

struct NothingIsLeft : SubjectTest {
  void SetUp() override {
    SubjectTest::SetUp();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  }
  void TearDown() override { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }

  /// No descendant of the test is left, but what is reaped meanwhile.
  static bool all_are_gone() {
    return eventually([] {
      while (::waitpid(-1, nullptr, WNOHANG | __WALL) > 0) {
      }
      return ::waitpid(-1, nullptr, WNOHANG | __WALL) < 0 && errno == ECHILD;
    });
  }

  /// Children, grandchildren, a daemon that has left the session, the parents and all descriptors,
  /// one that ignores what can be ignored, and one that is stopped: five that sleep so long.
  static std::string family(const std::string& time) {
    const std::string sleep = "sleep " + time;
    return sleep + " & sh -c '" + sleep + " & wait' & (setsid sh -c 'exec " + sleep +
           "' <&- >&- 2>&- &) ; (trap '' TERM HUP INT QUIT USR1 USR2; exec " + sleep +
           ") & sh -c 'kill -STOP $$; exec sleep 1' & (sh -c 'kill -STOP $$; exec " + sleep + "' " +
           time + " &) ; ";
  }
  static constexpr std::size_t family_size = 5;

  static bool has_grown_up(const std::string& time) {
    return eventually([&] { return having(time).size() == family_size; });
  }
};
INSTANTIATE_TEST_SUITE_P(Ways, NothingIsLeft, every_way(), name_of);

TEST_P(NothingIsLeft, WhenFakeapiIsKilled) {
  const std::string time = unique_time();
  FakeApi fakeapi(GetParam(), script(family(time) + "wait"));
  ASSERT_TRUE(has_grown_up(time));
  fakeapi.kill_9();
  EXPECT_TRUE(all_are_gone());
  EXPECT_TRUE(having(time).empty());
}

// The command must not outlive a fakeapi that was gone before anything could be set up.
TEST_P(NothingIsLeft, WhenFakeapiIsKilledAtOnce) {
  const std::string time = unique_time();
  for (int tries = 0; tries < 50; ++tries) {
    const pid_t process = ::fork();
    if (process == 0) {
      if (GetParam().who == Who::ordinary && !become_ordinary().empty()) ::_exit(1);
      if (GetParam().where == Where::sandbox && enter_sandbox()) ::_exit(1);
      boost::asio::io_context loop(1);
      SubjectOptions options;
      options.command = {"sleep", time};
      options.namespaces = GetParam().namespaces;
      Subject subject(loop, options, {});
      subject.start();
      ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(process, &status, 0), process);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_TRUE(all_are_gone());
    ASSERT_TRUE(having(time).empty());
  }
}

// Told only when nothing is left: no waiting here.
TEST_P(NothingIsLeft, WhenTheCommandHasEnded) {
  const std::string time = unique_time();
  FakeApi fakeapi(GetParam(), script(family(time) + "wait"));
  ASSERT_TRUE(has_grown_up(time));
  fakeapi.signal(SIGHUP);
  EXPECT_EQ(fakeapi.end_told(), "killed by " + std::to_string(SIGHUP));
  EXPECT_TRUE(having(time).empty());
}

TEST_P(NothingIsLeft, WhenTheCommandOnlyStartsADaemon) {
  const std::string time = unique_time();
  FakeApi fakeapi(GetParam(), script("(setsid sleep " + time + " <&- >&- 2>&- &); exit 4"));
  EXPECT_EQ(fakeapi.end_told(), "exited 4");
  EXPECT_TRUE(having(time).empty());
}

TEST_P(NothingIsLeft, WhenTheSubjectIsDestroyed) {
  const std::string time = unique_time();
  FakeApi fakeapi(GetParam(), script("echo up;" + family(time) + "wait"));
  ASSERT_TRUE(has_grown_up(time));
  fakeapi.destroy();
  std::string told = fakeapi.told();
  while (told.rfind("started", 0) == 0 || told.rfind("why not", 0) == 0) told = fakeapi.told();
  EXPECT_EQ(told, "destroyed");
  EXPECT_TRUE(having(time).empty());
}

// Whoever ends processes by hand may hit the one in between: the only one with this parent.
TEST_P(NothingIsLeft, WhenTheProcessInBetweenIsKilled) {
  if (GetParam().guardian()) GTEST_SKIP() << "a guardian may not be killed with SIGKILL";
  const std::string time = unique_time();
  FakeApi fakeapi(GetParam(), script(family(time) + "wait"));
  ASSERT_TRUE(has_grown_up(time));
  const pid_t between = fakeapi.child();
  ASSERT_GT(between, 0);
  ::kill(between, SIGKILL);
  EXPECT_EQ(fakeapi.end_told().rfind("killed by 9: the process that holds \"/bin/sh\" together", 0),
            0U);
  EXPECT_TRUE(having(time).empty());
}

// A stopped process cannot look at its pipe. A guardian that is continued may find the SIGTERM
// first.
TEST_P(NothingIsLeft, WhenTheProcessInBetweenIsStopped) {
  const std::string time = unique_time();
  FakeApi fakeapi(GetParam(), script(family(time) + "wait"));
  ASSERT_TRUE(has_grown_up(time));
  const pid_t between = fakeapi.child();
  ASSERT_GT(between, 0);
  ::kill(between, SIGSTOP);
  const std::string told = fakeapi.terminate(10).end_told();
  EXPECT_TRUE(told == "killed by 9" || (GetParam().guardian() && told == "killed by 15")) << told;
  EXPECT_TRUE(having(time).empty());
}

// A machine without namespaces, made of one: a user namespace in which none may be made.
TEST(Guardian, TakesOverWhereNamespacesAreRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const std::string time = unique_time();
  SubjectOptions options;
  options.command = script("sleep " + time + " & exit 6");
  options.service_account = "/tmp";
  FakeApi fakeapi({Who::root, true, Where::machine, ""}, options, [] {
    if (::unshare(CLONE_NEWUSER) != 0) ::_exit(202);
    std::ofstream("/proc/self/uid_map") << "0 0 1\n";
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/gid_map") << "0 0 1\n";
    std::ofstream limit("/proc/sys/user/max_pid_namespaces");
    if (!(limit << "0\n" << std::flush)) ::_exit(203);
  });
  EXPECT_EQ(fakeapi.told(), "started");
  EXPECT_EQ(fakeapi.told(),
            "why not: a guardian process ends what the command leaves behind, not the kernel: no "
            "PID namespace (No space left on device; user.max_user_namespaces, max_pid_namespaces "
            "or max_mnt_namespaces is reached or 0: raise it)");
  EXPECT_EQ(fakeapi.told(),
            "why not: /var/run/secrets/kubernetes.io/serviceaccount is not the run's (no mount "
            "namespace either): a client that reads its token there finds none or another one");
  EXPECT_EQ(fakeapi.told(), "exited 6");
  EXPECT_TRUE(having(time).empty());
}

// A program that its user may not read (or Ubuntu's AppArmor) gets the namespace and no way to map
// the user: seen only when it is there.
TEST(Guardian, TakesOverWhereTheUserCannotBeMapped) {
  if (!is_possible(user_namespaces)) GTEST_SKIP() << "no user namespaces here";
  SubjectOptions options;
  options.command = script("exit 6");
  FakeApi fakeapi(user_namespaces, options, [] { ::prctl(PR_SET_DUMPABLE, 0); });
  EXPECT_EQ(fakeapi.told(), "started");
  EXPECT_EQ(fakeapi.told().rfind("why not: a guardian process ends what the command leaves behind, "
                                 "not the kernel: no PID namespace (mapping the user's number: "
                                 "Permission denied; ",
                                 0),
            0U);
  EXPECT_EQ(fakeapi.told(), "exited 6");
}

}  // namespace
}  // namespace fakeapi::run
