// Drives a session with sockets and the clock: carries out its commands, reports back what came of
// them, and writes the log. Each mode builds one and says what a verdict means to it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "waiter/net/api_client.hpp"
#include "waiter/net/tcp_prober.hpp"
#include "waiter/run/deadline_timer.hpp"
#include "waiter/run/log.hpp"
#include "waiter/session/session.hpp"

namespace waiter::run {

/// What every mode needs.
struct Setup {
  core::EngineOptions engine;  // but the seed, which the driver draws
  net::ClusterAccess access;   // checked
  LogFormat log_format = LogFormat::text;
  std::string termination_log;     // a file for the message in the Pod's status; "" is none
  std::vector<std::string> notes;  // what the log says first
};

/// How messages name the API server and its credentials.
Surroundings surroundings_of(const net::ClusterAccess& access);
/// SIGINT, or any other signal that asks the program to end.
core::SignalReceived::Signal signal_of(int number);
/// The Unix time now: for people and for metrics, never to decide.
std::int64_t wall_milliseconds();

class Driver {
 public:
  struct Listener {
    /// Mode::follow only.
    std::function<void(const core::VerdictChanged&)> on_verdict;
    /// The engine has ended and does nothing more.
    std::function<void(core::ExitCode)> on_finish;
  };

  Driver(boost::asio::io_context& loop, Setup setup, Listener listener);

  void start();
  /// SIGTERM or SIGINT while there is nothing else to end: the engine finishes.
  void interrupt(int number);
  core::Snapshot snapshot() const { return session_.snapshot(steady_now()); }
  Log& log() { return log_; }

 private:
  net::Answers answers();
  void carry_out(const session::Session::Commands& commands);
  void carry_out(const session::SendRequest& request) { client_.send(request); }
  void carry_out(const session::CancelRequest& cancel) { client_.cancel(cancel.id); }
  void carry_out(const core::Connect& probe) { prober_.connect(probe); }
  void carry_out(const core::VerdictChanged& verdict);
  void carry_out(const core::ReportEnd& end);
  void carry_out(const core::Finish& finish) { listener_.on_finish(finish.code); }
  template <class Report>
  void carry_out(const Report& report) {
    log_.report(report);
  }

  const Listener listener_;
  const Surroundings surroundings_;
  const std::string termination_log_;
  Log log_;
  session::Session session_;
  net::ApiClient client_;
  net::TcpProber prober_;
  DeadlineTimer timer_;
};

}  // namespace waiter::run
