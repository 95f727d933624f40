#include "waiter/run/guard.hpp"

#include <csignal>
#include <cstdio>
#include <optional>
#include <utility>

#include <boost/asio/signal_set.hpp>

#include "waiter/core/invariant.hpp"
#include "waiter/run/guard_report.hpp"
#include "waiter/run/http_server.hpp"

namespace waiter::run {
namespace {

class Guard {
 public:
  Guard(boost::asio::io_context& loop, GuardOptions options)
      : loop_(loop),
        options_(std::move(options)),
        policy_(options_.policy),
        surroundings_(surroundings_of(options_.setup.access)),
        signals_(loop, SIGTERM, SIGINT),
        server_(loop, [this](const std::string& path) { return answer_to(path, report()); }) {}

  core::ExitCode run() {
    // Before anything else: kubelet asks from the start, and an address that is taken is an error
    // of configuration.
    if (const auto error = server_.listen(options_.listen_address, options_.port)) {
      std::fprintf(stderr,
                   "wait-for-endpoints: %s; --listen=ADDR:PORT chooses where the guard listens\n",
                   error->c_str());
      return core::ExitCode::usage;
    }
    driver_.emplace(loop_, options_.setup,
                    Driver::Listener{[this](const core::VerdictChanged& verdict) { take(verdict); },
                                     [this](core::ExitCode code) { end(code); }});
    driver_->log().say(
        Log::Level::info, "listening",
        "listening at http://" + server_.listens_at() + ", policy " + name_of(options_.policy));
    wait_for_signal();
    driver_->start();
    loop_.run();
    core::invariant(code_.has_value(), "the event loop ended without a verdict");
    return *code_;
  }

 private:
  GuardReport report() const {
    return {policy_, driver_->snapshot(), surroundings_, started_milliseconds_};
  }

  void take(const core::VerdictChanged& verdict) {
    if (const auto code = policy_.take_verdict(verdict.met)) end(*code);
  }

  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& failed, int number) {
      if (failed) return;
      const core::ExitCode code = policy_.end_by(signal_of(number));
      if (code != core::ExitCode::ready) {
        driver_->interrupt(number);  // the engine says what it was still waiting for
        return;
      }
      driver_->log().say(Log::Level::info, "stopped",
                         "told to stop by a signal, the guard's work is done");
      end(code);
    });
  }

  void end(core::ExitCode code) {
    code_ = code;
    loop_.stop();
  }

  boost::asio::io_context& loop_;
  GuardOptions options_;
  core::GuardPolicy policy_;
  Surroundings surroundings_;
  std::int64_t started_milliseconds_ = wall_milliseconds();
  boost::asio::signal_set signals_;
  HttpServer server_;
  std::optional<Driver> driver_;
  std::optional<core::ExitCode> code_;
};

}  // namespace

core::ExitCode guard(GuardOptions options) {
  // Never destroyed, for the reason that wait() has.
  auto& loop = *new boost::asio::io_context(1);
  return (new Guard(loop, std::move(options)))->run();
}

}  // namespace waiter::run
