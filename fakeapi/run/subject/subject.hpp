// The command of `fakeapi run`, as a child that is never left behind: however fakeapi ends, kill -9
// included, everything that the command has started ends as well. It sees its service account where
// a Pod does, without any change to the host.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "fakeapi/run/subject/isolation.hpp"

namespace fakeapi::run {

/// Where every in-cluster client looks (kubernetes.io: Accessing the API from a Pod).
inline constexpr const char* service_account_path = "/var/run/secrets/kubernetes.io/serviceaccount";

struct SubjectOptions {
  std::vector<std::string> command;
  /// Replaces what is in this process's own environment.
  subject::Variables environment;
  /// The directory of the run; none is mounted where it is empty. Later changes in it are seen.
  std::string service_account;
  std::string mount_point = service_account_path;
  /// Gets the command's standard output and error; must stay open until start() returns. -1: both
  /// are inherited. Standard input always is.
  int output = -1;
  /// false: as on a machine that refuses namespaces.
  bool namespaces = true;
};

class Subject {
 public:
  struct Started {
    std::chrono::steady_clock::time_point at;  // exec had succeeded
    Isolation isolation;
  };
  struct NotStarted {
    /// errno of exec where the command is at fault (ENOENT, EACCES, ENOEXEC, ...); else 0: the
    /// machine refused a process.
    int exec_error = 0;
    std::string message;
  };
  struct Ended {
    int code = 0;    // where it exited by itself
    int signal = 0;  // what ended it; 0: it exited
    std::chrono::steady_clock::time_point at;
    /// Empty, or what went wrong in holding it together.
    std::string problem;
  };
  /// Called by the loop, never by a function of Subject. The last call is one of the last two; then
  /// nothing that the command started is left. SIGKILL may come before on_started.
  struct Listener {
    std::function<void(const Started&)> on_started;
    std::function<void(const NotStarted&)> on_not_started;
    std::function<void(const Ended&)> on_ended;
  };

  Subject(boost::asio::io_context& loop, SubjectOptions options, Listener listener);
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  /// Kills what is left and waits for its end; nothing is called any more.
  ~Subject();

  /// Once. To be called in the thread that runs the loop, and this thread must not end before the
  /// command: the kernel would take its end for fakeapi's (PR_SET_PDEATHSIG, prctl(2)).
  ///
  /// The command's own end is the end: what it has left in the background is killed. Where there is
  /// a controlling terminal the command is in this process's group, so that the terminal's keys
  /// reach both and job control is the shell's; elsewhere it leads a group, so that its `kill 0`
  /// stays its own affair.
  void start();

  /// To the command alone, as kubelet does it. Nothing happens where it is not running.
  void signal(int number);
  /// SIGTERM, and SIGKILL for everything after `grace`.
  void terminate(std::chrono::milliseconds grace);

 private:
  class Run;
  std::shared_ptr<Run> run_;
};

}  // namespace fakeapi::run
