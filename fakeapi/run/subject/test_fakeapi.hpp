// A Subject in a process of its own, as fakeapi would be, for tests that kill that process or make
// an ordinary user of it. What the listener is told and what the command writes is read line by
// line.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <poll.h>
#include <sched.h>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <gtest/gtest.h>

#include "fakeapi/run/sandbox.hpp"
#include "fakeapi/run/subject/subject.hpp"

namespace fakeapi::run::testing {

// Not a measure, only an end for a test that hangs.
constexpr int patience_ms = 30'000;
constexpr uid_t ordinary_user = 65534;

enum class Who { root, ordinary };
enum class Where { machine, sandbox };

struct How {
  Who who = Who::root;
  bool namespaces = true;
  Where where = Where::machine;
  const char* name = "";

  bool guardian() const { return !namespaces; }
};

inline const How root_namespaces{Who::root, true, Where::machine, "RootInNamespaces"};
inline const How user_namespaces{Who::ordinary, true, Where::machine, "OrdinaryUserInNamespaces"};
inline const How root_guardian{Who::root, false, Where::machine, "RootWithGuardian"};
inline const How user_guardian{Who::ordinary, false, Where::machine, "OrdinaryUserWithGuardian"};
inline const How root_sandbox{Who::root, true, Where::sandbox, "RootInSandbox"};
inline const How user_sandbox{Who::ordinary, true, Where::sandbox, "OrdinaryUserInSandbox"};

inline void PrintTo(const How& how, std::ostream* out) { *out << how.name; }

inline auto every_way() {
  return ::testing::Values(root_namespaces, user_namespaces, root_guardian, user_guardian,
                           root_sandbox, user_sandbox);
}
inline std::string name_of(const ::testing::TestParamInfo<How>& info) { return info.param.name; }

inline std::vector<std::string> script(const std::string& text) { return {"/bin/sh", "-c", text}; }

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

/// One line, "" at the end, "nothing came" where the other side hangs.
inline std::string line_of(int descriptor) {
  std::string line;
  char letter = 0;
  pollfd source{descriptor, POLLIN, 0};
  for (;;) {
    if (::poll(&source, 1, patience_ms) == 0) return "nothing came";
    if (::read(descriptor, &letter, 1) != 1 || letter == '\n') return line;
    line += letter;
  }
}

/// Until other processes have come so far; there is nothing to be woken by.
inline bool eventually(const std::function<bool()>& true_at_last) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  while (!true_at_last()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 1);
  }
  return true;
}

inline std::string become_ordinary() {
  if (::geteuid() != 0) return "";
  if (::setresgid(ordinary_user, ordinary_user, ordinary_user) != 0) return "setresgid failed";
  if (::setresuid(ordinary_user, ordinary_user, ordinary_user) != 0) return "setresuid failed";
  ::prctl(PR_SET_DUMPABLE, 1);  // a change of user took /proc/self away from the process (proc(5))
  return "";
}

/// In a child: whether this way can be gone at all on this machine.
inline bool is_possible(const How& how) {
  if (how.who == Who::root && ::geteuid() != 0) return false;
  const pid_t child = ::fork();
  if (child == 0) {
    if (how.who == Who::ordinary && !become_ordinary().empty()) ::_exit(1);
    if (how.where == Where::sandbox && enter_sandbox()) ::_exit(1);
    const int user = how.who == Who::ordinary ? CLONE_NEWUSER : 0;
    const int flags = CLONE_NEWPID | CLONE_NEWNS | user;
    ::_exit(how.namespaces && ::unshare(flags) != 0 ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0;
}

class FakeApi {
 public:
  /// `prepare` is called in the new process before the Subject is made.
  FakeApi(
      const How& how, SubjectOptions options, const std::function<void()>& prepare = [] {}) {
    process_ = ::fork();
    if (process_ == 0) ::_exit(be_fakeapi(how, std::move(options), prepare));
    orders_.close_end(0);
    told_.close_end(1);
    output_.close_end(1);
  }
  FakeApi(const How& how, const std::vector<std::string>& command)
      : FakeApi(how, SubjectOptions{command, {}, "", service_account_path, -1, true}) {}
  FakeApi(const FakeApi&) = delete;
  FakeApi& operator=(const FakeApi&) = delete;
  ~FakeApi() { end(); }

  /// Of the command's output.
  std::string line() { return line_of(output_.ends[0]); }
  std::string output() {
    std::string all;
    for (std::string next = line(); !next.empty() && next != "nothing came"; next = line())
      all += next + "\n";
    return all;
  }
  /// What the listener was told: "started", "exited 7", "killed by 9", "not started 2: TEXT".
  std::string told() { return line_of(told_.ends[0]); }
  /// The same for what follows "started".
  std::string end_told() {
    std::string first = told();
    if (first.rfind("started", 0) != 0) return first;
    while (first.rfind("why not: ", 0) == 0 || first.rfind("started", 0) == 0) first = told();
    return first;
  }
  FakeApi& terminate(int grace_ms) { return order("t" + std::to_string(grace_ms)); }
  FakeApi& signal(int number) { return order("s" + std::to_string(number)); }
  FakeApi& destroy() { return order("d"); }
  pid_t pid() const { return process_; }
  /// Its only one: the process between it and the command.
  pid_t child() const {
    const std::string id = std::to_string(process_);
    pid_t found = 0;
    std::ifstream("/proc/" + id + "/task/" + id + "/children") >> found;
    return found;
  }
  void kill_9() {
    ::kill(process_, SIGKILL);
    end();
  }
  /// Once it has ended by itself.
  int wait() {
    int status = 0;
    if (process_ > 0) ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  void end() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    wait();
  }

  FakeApi& order(const std::string& text) {
    EXPECT_GT(::write(orders_.ends[1], (text + "\n").data(), text.size() + 1), 0);
    return *this;
  }

  void tell(const std::string& text) const {
    [[maybe_unused]] const auto written =
        ::write(told_.ends[1], (text + "\n").data(), text.size() + 1);
  }

  Subject::Listener listener(boost::asio::io_context& loop) {
    return {[this](const Subject::Started& started) {
              const Isolation& how = started.isolation;
              tell(std::string("started") + (how.pid_namespace ? " pid" : "") +
                   (how.user_namespace ? " user" : "") + (how.mounts ? " mounts" : ""));
              for (const std::string& line : how.why_not) tell("why not: " + line);
            },
            [this, &loop](const Subject::NotStarted& why) {
              tell("not started " + std::to_string(why.exec_error) + ": " + why.message);
              loop.stop();
            },
            [this, &loop](const Subject::Ended& end) {
              const std::string how = end.signal == 0 ? "exited " + std::to_string(end.code)
                                                      : "killed by " + std::to_string(end.signal);
              tell(how + (end.problem.empty() ? "" : ": " + end.problem));
              loop.stop();
            }};
  }

  void take_order(const std::string& text, std::unique_ptr<Subject>& subject) {
    const int number = text.size() > 1 ? std::stoi(text.substr(1)) : 0;
    if (text[0] == 't') subject->terminate(std::chrono::milliseconds(number));
    if (text[0] == 's') subject->signal(number);
    if (text[0] != 'd') return;
    subject.reset();
    tell("destroyed");
  }

  int be_fakeapi(const How& how, SubjectOptions options, const std::function<void()>& prepare) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that fails leaves nothing behind
    ::setsid();                          // whoever runs the tests may have a terminal
    if (how.who == Who::ordinary && !become_ordinary().empty()) return 200;
    if (how.where == Where::sandbox && enter_sandbox()) return 201;
    prepare();
    options.namespaces = options.namespaces && how.namespaces;
    if (options.output < 0) options.output = output_.ends[1];
    boost::asio::io_context loop(1);
    auto subject = std::make_unique<Subject>(loop, options, listener(loop));
    subject->start();
    output_.close_end(0);
    output_.close_end(1);
    boost::asio::posix::stream_descriptor orders(loop, ::dup(orders_.ends[0]));
    orders_.close_end(1);
    std::function<void()> next = [&] {
      orders.async_wait(orders.wait_read, [&](const boost::system::error_code& failed) {
        const std::string text = failed ? "" : line_of(orders.native_handle());
        if (text.empty()) return;
        take_order(text, subject);
        next();
      });
    };
    next();
    loop.run();
    return 0;
  }

  Pipe orders_, told_, output_;
  pid_t process_ = -1;
};

/// All processes that have `word` as one of their arguments, here or in any namespace below.
inline std::vector<pid_t> having(const std::string& word) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "cmdline");
    for (std::string argument; std::getline(file, argument, '\0');) {
      if (argument == word) found.push_back(std::stoi(name));
    }
  }
  return found;
}

/// A time for sleep(1) that no other process on this machine has.
inline std::string unique_time() {
  static int count = 0;
  return "86400." + std::to_string(::getpid()) + std::to_string(++count);
}

class SubjectTest : public ::testing::TestWithParam<How> {
 protected:
  void SetUp() override {
    if (!is_possible(GetParam())) GTEST_SKIP() << "not possible on this machine, or for this user";
  }
};

}  // namespace fakeapi::run::testing
