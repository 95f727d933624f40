// The end is told by SIGCHLD of the process beside the command, not by its pipe: the kernel closes
// a dying process's descriptors before it has killed the rest of the PID namespace, and lets its
// parent reap it only afterwards (zap_pid_ns_processes in kernel/pid_namespace.c).
#include "fakeapi/run/subject/subject.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace fakeapi::run {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using subject::Fact;
using subject::News;
using subject::Step;
using subject::Way;

steady_clock::time_point time_of(const News& news) {
  return steady_clock::time_point(std::chrono::nanoseconds(news.at_ns));
}

bool has_controlling_terminal() {
  return server::UniqueFd(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)).valid();
}

std::string self_map(unsigned id) { return std::to_string(id) + " " + std::to_string(id) + " 1\n"; }

// Root's own rights go further than those of a new user namespace.
std::vector<Way> ways_of(const SubjectOptions& options) {
  if (!options.namespaces) return {Way::guardian};
  if (::geteuid() != 0) return {Way::user_namespace, Way::guardian};
  return {Way::namespaces, Way::user_namespace, Way::guardian};
}

}  // namespace

class Subject::Run : public std::enable_shared_from_this<Run> {
 public:
  Run(asio::io_context& loop, SubjectOptions options, Listener listener)
      : loop_(loop),
        options_(std::move(options)),
        listener_(std::move(listener)),
        ways_(ways_of(options_)),
        children_(loop),
        news_(loop),
        grace_(loop) {}

  void start() {
    if (options_.command.empty() || options_.command.front().empty())
      return not_started({ENOENT, "there is no command to run"});
    program_.emplace(options_.command, options_.environment);
    plan_.program = &*program_;
    plan_.output = options_.output;
    plan_.own_group = !has_controlling_terminal();
    plan_.uid_map = self_map(::geteuid());
    plan_.gid_map = self_map(::getegid());
    if (!options_.service_account.empty()) {
      auto planned = subject::plan_mounts(options_.service_account, options_.mount_point);
      if (auto* problem = std::get_if<std::string>(&planned)) {
        mount_problem_ = std::move(*problem);
      } else {
        plan_.mounts = std::get<subject::MountPlan>(std::move(planned));
      }
    }
    boost::system::error_code failed;
    children_.add(SIGCHLD, failed);  // before there is a child whose end could be missed
    if (failed) return not_started({0, "cannot wait for a command: " + failed.message()});
    try_next_way();
  }

  void signal(int number) {
    if (process_ > 0) ::kill(process_, number);
  }

  void terminate(std::chrono::milliseconds grace) {
    if (process_ <= 0) return;
    stopping_ = true;
    signal(SIGTERM);
    grace_.expires_after(grace);
    grace_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
      if (!cancelled) self->kill_all();
    });
  }

  /// The listener is not called any more.
  void abandon() {
    listener_ = {};
    abandon_process();
    close();
  }

 private:
  void try_next_way() {
    while (next_way_ < ways_.size()) {
      way_ = ways_[next_way_++];
      subject::Launched launched = subject::launch(plan_, way_);
      if (launched.process < 0) {
        refuse(Step::none, launched.error);
        continue;
      }
      process_ = launched.process;
      life_ = std::move(launched.life);
      boost::system::error_code failed;
      news_.assign(launched.news.get(), failed);
      if (failed) {
        abandon_process();
        return not_started({0, "cannot listen to a command: " + failed.message()});
      }
      launched.news.release();
      last_ = {};
      isolation_ = subject::isolation_of(way_, refused_, ::geteuid() == 0, mount_point());
      if (isolation_.mounts && !mount_problem_.empty()) {
        isolation_.mounts = false;
        isolation_.why_not.push_back(options_.mount_point + " is not the run's: " + mount_problem_);
      }
      wait_for_news();
      return wait_for_end();
    }
    not_started({0, subject::not_started_text(program_->name(), Step::fork, last_error_)});
  }

  void abandon_process() {
    if (process_ <= 0) return;
    isolation_.pid_namespace = way_ != Way::guardian;
    kill_all();
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
  }

  std::string mount_point() const {
    return options_.service_account.empty() ? "" : options_.mount_point;
  }

  void refuse(Step step, int error) {
    last_error_ = error;
    refused_.push_back({way_, subject::refusal_text(way_, step, error)});
  }

  void wait_for_news() {
    news_.async_wait(asio::posix::descriptor_base::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& failed) {
                       if (!failed && self->take_news()) self->wait_for_news();
                     });
  }

  /// false: the pipe is at its end.
  bool take_news() {
    News news;
    for (;;) {
      if (!news_.is_open()) return false;
      const auto size = ::read(news_.native_handle(), &news, sizeof news);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return errno == EAGAIN;
      if (size != static_cast<ssize_t>(sizeof news)) return false;
      take(news);
    }
  }

  void take(const News& news) {
    switch (news.fact) {
      case Fact::degraded:
        if (news.step != Step::fresh_proc && news.step != Step::entries) isolation_.mounts = false;
        // Without private mounts there is nothing else that could be wrong about them.
        if (news.step != Step::private_mounts || !mount_point().empty())
          isolation_.why_not.push_back(subject::degraded_line(
              news, options_.mount_point, plan_.mounts ? plan_.mounts->shadowed : ""));
        return;
      case Fact::started:
        return call(listener_.on_started, Started{time_of(news), isolation_});
      case Fact::left_behind:
        problem_ = std::to_string(news.number) +
                   " of the command's processes belong to another user and could not be ended";
        return;
      case Fact::unusable:
      case Fact::not_started:
      case Fact::ended:
        last_ = news;
    }
  }

  void wait_for_end() {
    children_.async_wait([self = shared_from_this()](const boost::system::error_code& failed, int) {
      if (failed || self->process_ <= 0) return;
      int status = 0;
      if (::waitpid(self->process_, &status, WNOHANG) != self->process_)
        return self->wait_for_end();
      self->take_end(status);
    });
  }

  void take_end(int status) {
    process_ = -1;
    take_news();
    boost::system::error_code ignored;
    news_.close(ignored);
    life_ = {};
    if (!last_) return ended_unseen(status);
    switch (last_->fact) {
      case Fact::unusable:
        refuse(last_->step, last_->error);
        if (stopping_) return not_started({0, "it was stopped before it had started"});
        return try_next_way();
      case Fact::not_started: {
        const bool of_command = last_->step == Step::exec;
        return not_started(
            {of_command ? last_->error : 0,
             subject::not_started_text(program_->name(), last_->step, last_->error)});
      }
      default: {
        const int how = last_->number;
        Ended end{0, 0, time_of(*last_), problem_};
        if (WIFSIGNALED(how)) end.signal = WTERMSIG(how);
        if (WIFEXITED(how)) end.code = WEXITSTATUS(how);
        return ended(end);
      }
    }
  }

  // SIGKILL for the process beside the command, ours or somebody else's.
  void ended_unseen(int status) {
    Ended end{0, SIGKILL, steady_clock::now(), problem_};
    if (!killed_) {
      end.problem = "the process that holds \"" + program_->name() + "\" together " +
                    (WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                                         : "exited with " + std::to_string(WEXITSTATUS(status))) +
                    (isolation_.pid_namespace ? "" : "; what the command started may still run");
    }
    ended(end);
  }

  void kill_all() {
    if (process_ <= 0) return;  // the timer may have fired just before its end
    killed_ = true;
    life_ = {};  // the guardian's order to end everything; and it must not be stopped
    ::kill(process_, isolation_.pid_namespace ? SIGKILL : SIGCONT);
  }

  // A copy: the function may destroy the Subject, and with it the listener.
  template <class What>
  static void call(std::function<void(const What&)> function, const What& what) {
    if (function) function(what);
  }

  void not_started(NotStarted why) {
    close();
    asio::post(loop_, [self = shared_from_this(), why = std::move(why)] {
      self->call(self->listener_.on_not_started, why);
    });
  }

  void ended(const Ended& end) {
    close();
    call(listener_.on_ended, end);
  }

  // What is pending would keep the loop from running out.
  void close() {
    boost::system::error_code ignored;
    children_.clear(ignored);
    children_.cancel(ignored);
    news_.close(ignored);
    grace_.cancel();
    life_ = {};
  }

  asio::io_context& loop_;
  const SubjectOptions options_;
  Listener listener_;
  const std::vector<Way> ways_;
  std::size_t next_way_ = 0;
  Way way_ = Way::guardian;
  std::vector<subject::Refused> refused_;
  int last_error_ = 0;
  std::optional<subject::Program> program_;
  subject::LaunchPlan plan_;
  std::string mount_problem_;
  asio::signal_set children_;
  asio::posix::stream_descriptor news_;
  asio::steady_timer grace_;
  server::UniqueFd life_;
  pid_t process_ = -1;
  std::optional<News> last_;  // what the end of process_ is to be read as
  Isolation isolation_;
  std::string problem_;
  bool stopping_ = false;
  bool killed_ = false;
};

Subject::Subject(boost::asio::io_context& loop, SubjectOptions options, Listener listener)
    : run_(std::make_shared<Run>(loop, std::move(options), std::move(listener))) {}

Subject::~Subject() { run_->abandon(); }

void Subject::start() { run_->start(); }

void Subject::signal(int number) { run_->signal(number); }

void Subject::terminate(std::chrono::milliseconds grace) { run_->terminate(grace); }

}  // namespace fakeapi::run
