#include "waiter/run/own_process.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

namespace waiter::run {
namespace {

/// An open descriptor that a command would inherit, numbered `at_least` or higher.
class Inheritable {
 public:
  explicit Inheritable(int at_least) : number_(::fcntl(STDERR_FILENO, F_DUPFD, at_least)) {}
  ~Inheritable() { ::close(number_); }
  Inheritable(const Inheritable&) = delete;
  Inheritable& operator=(const Inheritable&) = delete;
  bool closes_on_exec() const { return (::fcntl(number_, F_GETFD) & FD_CLOEXEC) != 0; }

 private:
  int number_;
};

void (*handler_of(int number))(int) {
  struct sigaction action {};
  ::sigaction(number, nullptr, &action);
  return action.sa_handler;
}

TEST(OwnProcess, ACommandIsGivenTheDispositionsThatWeWereGiven) {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGCHLD, SIG_IGN);
  prepare_own_process();
  ASSERT_EQ(handler_of(SIGPIPE), SIG_IGN);
  ASSERT_EQ(handler_of(SIGCHLD), SIG_DFL) << "else no exit code could be read";
  give_back_dispositions();
  EXPECT_EQ(handler_of(SIGPIPE), SIG_DFL);
  EXPECT_EQ(handler_of(SIGCHLD), SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);
}

TEST(OwnProcess, ClosesEveryDescriptorOnExec) {
  const Inheritable low(3);
  const Inheritable high(700);
  ASSERT_FALSE(low.closes_on_exec());
  close_descriptors_on_exec();
  EXPECT_TRUE(low.closes_on_exec());
  EXPECT_TRUE(high.closes_on_exec());
  EXPECT_EQ(::fcntl(STDERR_FILENO, F_GETFD) & FD_CLOEXEC, 0);
}

TEST(OwnProcess, ClosesEveryDescriptorOnExecWithoutHelpOfTheKernel) {
  const Inheritable low(3);
  const Inheritable high(700);
  close_listed_descriptors_on_exec();
  EXPECT_TRUE(low.closes_on_exec());
  EXPECT_TRUE(high.closes_on_exec());
  EXPECT_EQ(::fcntl(STDERR_FILENO, F_GETFD) & FD_CLOEXEC, 0);
}

}  // namespace
}  // namespace waiter::run
