// The command and the cluster on one event loop.
#include "fakeapi/run/trial/trial.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "fakeapi/run/files.hpp"
#include "fakeapi/run/subject/subject.hpp"
#include "fakeapi/run/trial/work_folder.hpp"

namespace fakeapi::run {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr auto grace = std::chrono::seconds(5);  // from SIGTERM to SIGKILL
constexpr auto last_words_max = std::chrono::seconds(1);
// What `says` looks into; a command that says more has said it before.
constexpr std::size_t output_bytes_max = 8U << 20U;

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool is_about_the_account(const scenario::Scenario& scenario) {
  return std::any_of(scenario.steps.begin(), scenario.steps.end(),
                     [](const auto& step) { return step.token || step.rights || step.authority; });
}

class Trial {
 public:
  Trial(const scenario::Scenario& scenario, const TrialOptions& options, const Tell& tell)
      : scenario_(scenario),
        options_(options),
        tell_(tell),
        name_("subject/" + base_name(options.command.front())),
        signals_(loop_, SIGINT, SIGTERM),
        end_(loop_),
        output_(loop_) {}

  std::variant<Verdict, Failure> run() {
    const auto began = steady_clock::now();
    if (folder_.error()) return Failure{ExitCode::internal, *folder_.error()};
    if (auto failure = start_cluster()) return *failure;
    if (auto failure = start_command()) return *failure;
    wait_for_end();
    loop_.run();
    subject_.reset();
    if (failure_) return *failure_;
    Verdict verdict = judged();
    verdict.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
    const auto unwritten = server_->stop("the command has ended");
    if (unwritten) return Failure{ExitCode::internal, *unwritten};
    if (options_.keeps_log || verdict.findings.empty()) {
      auto log = read_file(server_options().events);
      if (const auto* error = std::get_if<FileError>(&log))
        return Failure{ExitCode::internal, error->message};
      verdict.log = std::get<std::string>(std::move(log));
    }
    return verdict;
  }

 private:
  ServerOptions server_options() const {
    ServerOptions server = options_.server;
    server.folder = folder_.path() + "/cluster";
    server.events = folder_.path() + "/events.jsonl";
    server.seed = options_.seed;
    server.keeps_record = true;
    if (!server.account_is_current) server.account_is_current = is_about_the_account(scenario_);
    return server;
  }

  // Files and addresses are not what the user named, so what is refused is the machine's fault.
  std::optional<Failure> start_cluster() {
    auto started = ClusterServer::start(loop_, scenario_, server_options());
    if (const auto* failure = std::get_if<Failure>(&started))
      return Failure{ExitCode::internal, failure->message};
    server_ = std::get<std::unique_ptr<ClusterServer>>(std::move(started));
    server_->on_failure([this](const Failure& failure) { fail(failure); });
    server_->play().on_step = [this](cluster::Duration at, const std::string& why) {
      tell_(fmt::format("{:7.1f} s  {}", std::chrono::duration<double>(at).count(), why));
    };
    return std::nullopt;
  }

  subject::Variables environment() const {
    const std::string folder = folder_.path() + "/cluster";
    const std::string& url = server_->url();
    const auto colon = url.rfind(':');
    std::string host = url.substr(8, colon - 8);  // after https://
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return {{"KUBECONFIG", folder + "/kubeconfig"},
            {"KUBERNETES_SERVICE_HOST", host},
            {"KUBERNETES_SERVICE_PORT", url.substr(colon + 1)},
            {"FAKEAPI_URL", url},
            {"FAKEAPI_DIR", folder},
            {"FAKEAPI_SEED", std::to_string(options_.seed)}};
  }

  std::optional<Failure> start_command() {
    int write_end = -1;
    if (!scenario_.expect.says.empty()) {
      std::array<int, 2> ends{};
      if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return Failure{ExitCode::internal, "the system gives no pipe for the command's output"};
      output_.assign(ends[0]);
      write_end = ends[1];
      read_output();
    }
    Subject::Listener listener;
    listener.on_started = [this](const Subject::Started& started) {
      for (const std::string& line : started.isolation.why_not) tell_(line);
      note("started", "");
    };
    listener.on_not_started = [this](const Subject::NotStarted& failed) {
      fail({failed.exec_error != 0 ? ExitCode::usage : ExitCode::internal, failed.message});
    };
    listener.on_ended = [this](const Subject::Ended& ended) { command_ended(ended); };
    subject_ = std::make_unique<Subject>(
        loop_,
        SubjectOptions{options_.command, environment(), folder_.path() + "/cluster/serviceaccount",
                       service_account_path, write_end, true},
        std::move(listener));
    subject_->start();
    if (write_end >= 0) ::close(write_end);
    return std::nullopt;
  }

  void read_output() {
    output_.async_read_some(
        asio::buffer(piece_), [this](const boost::system::error_code& failed, std::size_t size) {
          if (failed) {
            said_all_ = true;
            if (finishing_) loop_.stop();
            return;
          }
          const std::string_view text(piece_.data(), size);
          std::string& kept = server_->play().record().output;
          if (kept.size() < output_bytes_max) kept += text;
          [[maybe_unused]] const auto shown = ::write(STDOUT_FILENO, text.data(), text.size());
          read_output();
        });
  }

  void wait_for_end() {
    signals_.async_wait([this](const boost::system::error_code& failed, int number) {
      if (failed) return;
      fail({ExitCode::internal, fmt::format("interrupted by signal {}", number)});
    });
    look_at_clock();
  }

  // The clock may be paused or moved by the control API, so it is asked each time.
  void look_at_clock() {
    if (ended_) return;
    const auto end = server_->play().clock().when(server_->now(), scenario_.end);
    const auto left = end ? *end - server_->now() : cluster::Duration(std::chrono::seconds(1));
    if (end && left <= cluster::Duration{}) return scenario_ended();
    end_.expires_after(std::min<cluster::Duration>(left, std::chrono::seconds(1)));
    end_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) look_at_clock();
    });
  }

  void scenario_ended() {
    if (ended_) return;
    over_ = server_->play().clock().at(server_->now());
    note("killed", "the scenario is over");
    subject_->terminate(grace);
  }

  void command_ended(const Subject::Ended& ended) {
    if (!ended.problem.empty()) tell_(ended.problem);
    const cluster::Duration at = server_->play().clock().at(server_->at(ended.at));
    ended_ = true;
    if (!over_) {
      scenario::Ended how;
      if (ended.signal == 0) how.code = ended.code;
      how.signal = ended.signal;
      how.at = at;
      server_->play().record().ended = how;
      if (how.code == 0 && !scenario_.expect.truth.empty()) note("starts workload", "it exited 0");
      note(how.code ? fmt::format("exited {}", *how.code) : "killed",
           how.code ? "" : fmt::format("by signal {}", how.signal));
    }
    finish();
  }

  void fail(const Failure& failure) {
    if (!failure_) failure_ = failure;
    finish();
  }

  // What the command has said is in the pipe; it is read to its end before, which has come when
  // nothing of the command is left. Whoever outlived it for all that is not waited for.
  void finish() {
    end_.cancel();
    boost::system::error_code ignored;
    signals_.cancel(ignored);
    if (failure_ || !output_.is_open() || said_all_) return loop_.stop();
    finishing_ = true;
    end_.expires_after(last_words_max);
    end_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) loop_.stop();
    });
  }

  void note(std::string what, std::string why) {
    server_->log().write(cluster::Instant(server_->play().clock().at(server_->now())), name_,
                         std::move(what), std::move(why));
  }

  Verdict judged() {
    scenario::Record& record = server_->play().record();
    record.end = over_.value_or(server_->play().clock().at(server_->now()));
    Verdict verdict;
    verdict.scenario = scenario_.name;
    verdict.seed = options_.seed;
    verdict.findings = scenario::judge(scenario_.expect, record);
    verdict.habits = scenario::other_habits(scenario_.expect, record);
    verdict.how_it_ended = scenario::how_it_ended(record);
    for (const scenario::Finding& finding : verdict.findings) {
      server_->log().write(cluster::Instant(record.end), "verdict",
                           finding.met ? "passed" : "failed",
                           finding.expectation + ": " + finding.reason);
    }
    return verdict;
  }

  const scenario::Scenario& scenario_;
  const TrialOptions& options_;
  const Tell& tell_;
  const std::string name_;
  WorkFolder folder_;
  asio::io_context loop_{1};
  std::unique_ptr<ClusterServer> server_;
  std::unique_ptr<Subject> subject_;
  asio::signal_set signals_;
  asio::steady_timer end_;
  asio::posix::stream_descriptor output_;
  std::array<char, 4096> piece_{};
  std::optional<cluster::Duration> over_;
  std::optional<Failure> failure_;
  bool ended_ = false;
  bool said_all_ = false;
  bool finishing_ = false;
};

}  // namespace

bool Verdict::met() const {
  return std::all_of(findings.begin(), findings.end(),
                     [](const scenario::Finding& finding) { return finding.met; });
}

std::variant<Verdict, Failure> run_trial(const scenario::Scenario& scenario,
                                         const TrialOptions& options, const Tell& tell) {
  return Trial(scenario, options, tell).run();
}

}  // namespace fakeapi::run
