#include "waiter/run/driver.hpp"

#include <chrono>
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
                carry_out(session_.on_probe(now(), std::move(answer)));
              }),
      timer_(loop) {
  for (const std::string& note : setup.notes) log_.note(note);
  log_.started(setup.engine);
}

core::Instant Driver::now() {
  return core::Instant(std::chrono::steady_clock::now().time_since_epoch());
}

void Driver::start() { carry_out(session_.start(now())); }

void Driver::signal(core::SignalReceived::Signal signal) {
  carry_out(session_.on_signal(now(), signal));
}

net::Answers Driver::answers() {
  return {
      [this](RequestId id, const session::Head& head) {
        carry_out(session_.on_head(now(), id, head));
      },
      [this](RequestId id, std::string_view bytes) {
        carry_out(session_.on_body(now(), id, bytes));
      },
      [this](RequestId id, const session::End& end) { carry_out(session_.on_end(now(), id, end)); },
  };
}

void Driver::carry_out(const session::Session::Commands& commands) {
  for (const session::Command& command : commands) {
    std::visit([this](const auto& what) { carry_out(what); }, command);
  }
  set_timer();
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

void Driver::set_timer() {
  const auto deadline = session_.next_deadline();
  if (deadline == armed_for_) return;
  armed_for_ = deadline;
  timer_.cancel();
  if (!deadline) return;
  timer_.expires_at(std::chrono::steady_clock::time_point(deadline->time_since_epoch()));
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    armed_for_.reset();
    carry_out(session_.on_deadline(now()));
  });
}

}  // namespace waiter::run
