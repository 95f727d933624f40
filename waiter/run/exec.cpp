#include "waiter/run/exec.hpp"

#include <csignal>
#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "waiter/core/invariant.hpp"
#include "waiter/run/command.hpp"
#include "waiter/run/signal_queue.hpp"
#include "waiter/run/supervisor.hpp"

namespace waiter::run {
namespace {

using core::ExitCode;
using Level = Log::Level;

/// The loop and what lives on it are never destroyed, as in `wait`: a resolver's thread may hang.
ExitCode replace_when_ready(ExecOptions options) {
  const Command command(std::move(options.command));
  options.setup.engine.mode = core::Mode::wait;
  auto& loop = *new boost::asio::io_context(1);
  std::optional<ExitCode> code;
  auto& driver = *new Driver(loop, std::move(options.setup),
                             {[](const core::VerdictChanged&) {},
                              [&](ExitCode finished) {
                                code = finished;
                                loop.stop();
                              }});
  auto& signals =
      *new SignalQueue(loop, termination_signals(), [&](int number) { driver.interrupt(number); });
  driver.start();
  loop.run();
  core::invariant(code.has_value(), "the event loop ended without a verdict");
  if (*code != ExitCode::ready) return *code;
  // It came after the verdict and nobody has looked: the command would never learn of it.
  if (const auto number = signals.take()) {
    driver.log().say(Level::warn, "interrupted", "ended by a signal before the command started");
    return ExitCode{core::code_of_signal(*number)};
  }
  const int error = replace_process(command, signals.given_mask());
  std::signal(SIGPIPE, SIG_IGN);  // again, for the last line
  driver.log().say(Level::error, "exec_failed", describe_failure(command.program(), error));
  return code_of(error);
}

class Parent {
 public:
  Parent(boost::asio::io_context& loop, ExecOptions options)
      : loop_(loop),
        supervisor_(loop, Command(std::move(options.command)), policy(options), listener()),
        driver_(loop, following(std::move(options.setup)),
                {[this](const core::VerdictChanged& verdict) { on_verdict(verdict.met); },
                 [this](ExitCode code) { supervisor_.handle(core::WatchOver{code}); }}) {}

  ExitCode run() {
    driver_.start();
    while (!code_) run_on();
    return ExitCode{*code_};
  }

 private:
  static core::ChildPolicy policy(const ExecOptions& options) {
    using OnLost = core::ChildPolicy::OnLost;
    const bool restart = options.on_lost == ExecOptions::OnLost::restart;
    return {restart ? OnLost::restart : OnLost::end, options.kill_after};
  }
  static Setup following(Setup setup) {
    setup.engine.mode = core::Mode::follow;
    return setup;
  }

  Supervisor::Listener listener() {
    return {
        [this](int number) { driver_.interrupt(number); },
        [this](const std::string& what) { driver_.log().say(Level::info, "command", what); },
        [this](const std::string& what) { driver_.log().say(Level::error, "exec_failed", what); },
        [this](int code) {
          code_ = code;
          loop_.stop();
        }};
  }

  void on_verdict(bool met) {
    if (met) return supervisor_.handle(core::DependenciesMet{});
    supervisor_.handle(core::DependenciesLost{});
  }

  /// A bug of ours must not tear the command away: where we are PID 1, our end is its SIGKILL.
  void run_on() {
    try {
      loop_.restart();
      loop_.run();
      core::invariant(code_.has_value(), "the event loop ended before the command");
    } catch (const std::exception& error) {
      driver_.log().say(Level::error, "internal", std::string("internal error: ") + error.what());
      supervisor_.handle(core::WatchOver{ExitCode::internal});
    }
  }

  boost::asio::io_context& loop_;
  std::optional<int> code_;
  Supervisor supervisor_;
  Driver driver_;
};

}  // namespace

ExitCode exec(ExecOptions options) {
  if (options.on_lost == ExecOptions::OnLost::nothing) {
    return replace_when_ready(std::move(options));
  }
  auto& loop = *new boost::asio::io_context(1);
  return (new Parent(loop, std::move(options)))->run();
}

}  // namespace waiter::run
