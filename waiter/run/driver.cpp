#include "waiter/run/driver.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/random.h>
#include <unistd.h>
#include <utility>

#include "waiter/run/termination_message.hpp"

namespace waiter::run {
namespace {

using session::RequestId;

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) {
    seed = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  return seed;
}

void write_line(const std::string& line) {
  // A reader that is gone or stuck stops no wait: its line is dropped.
  pollfd reader{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&reader, 1, 0) != 1 || (reader.revents & POLLOUT) == 0) return;
  // One write for a line: lines of two processes on one pipe do not mix.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

core::EngineOptions seeded(core::EngineOptions options) {
  options.seed = random_seed();
  return options;
}

}  // namespace

core::SignalReceived::Signal signal_of(int number) {
  using Signal = core::SignalReceived::Signal;
  return number == SIGINT ? Signal::interrupt : Signal::terminate;
}

std::int64_t wall_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Surroundings surroundings_of(const net::ClusterAccess& access) {
  const auto source = [&access](const net::Material& material) {
    return material.file.empty() ? access.origin : material.file;
  };
  return {access.url(), source(access.ca), source(access.token), access.in_pod};
}

Driver::Driver(boost::asio::io_context& loop, Setup setup, Listener listener)
    : listener_(std::move(listener)),
      surroundings_(surroundings_of(setup.access)),
      termination_log_(setup.termination_log),
      log_(setup.log_format, surroundings_, wall_milliseconds, write_line),
      session_(seeded(setup.engine)),
      client_(loop, std::move(setup.access), answers()),
      prober_(loop,
              [this](core::ProbeAnswered answer) {
                carry_out(session_.on_probe(steady_now(), std::move(answer)));
              }),
      timer_(loop, [this] { carry_out(session_.on_deadline(steady_now())); }) {
  for (const std::string& note : setup.notes) log_.note(note);
  log_.started(setup.engine);
}

void Driver::start() { carry_out(session_.start(steady_now())); }

void Driver::interrupt(int number) {
  carry_out(session_.on_signal(steady_now(), signal_of(number)));
}

net::Answers Driver::answers() {
  return {
      [this](RequestId id, const session::Head& head) {
        carry_out(session_.on_head(steady_now(), id, head));
      },
      [this](RequestId id, std::string_view bytes) {
        carry_out(session_.on_body(steady_now(), id, bytes));
      },
      [this](RequestId id, const session::End& end) {
        carry_out(session_.on_end(steady_now(), id, end));
      },
  };
}

void Driver::carry_out(const session::Session::Commands& commands) {
  for (const session::Command& command : commands) {
    std::visit([this](const auto& what) { carry_out(what); }, command);
  }
  timer_.set(session_.next_deadline());
}

void Driver::carry_out(const core::ReportEnd& end) {
  log_.report(end);
  if (end.code == core::ExitCode::ready) return;
  write_termination_message(termination_log_, describe(end, surroundings_));
}

void Driver::carry_out(const core::VerdictChanged& verdict) {
  log_.report(verdict);
  // Whether it ends for this is the mode's to say; met again, the next loss replaces it.
  if (!verdict.met) {
    write_termination_message(termination_log_,
                              "lost: " + missing(verdict.snapshot, surroundings_));
  }
  listener_.on_verdict(verdict);
}

}  // namespace waiter::run
