#include "waiter/run/wait.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <poll.h>
#include <sys/random.h>
#include <type_traits>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "waiter/core/invariant.hpp"
#include "waiter/net/api_client.hpp"
#include "waiter/net/tcp_prober.hpp"
#include "waiter/session/session.hpp"

namespace waiter::run {
namespace {

namespace asio = boost::asio;
using session::RequestId;

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) {
    seed = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  return seed;
}

std::int64_t wall_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void write_line(const std::string& line) {
  // A reader that is gone or stuck stops no wait: its line is dropped.
  pollfd reader{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&reader, 1, 0) != 1 || (reader.revents & POLLOUT) == 0) return;
  // One write for a line: lines of two processes on one pipe do not mix.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

Surroundings surroundings_of(const net::ClusterAccess& access) {
  const auto source = [&access](const net::Material& material) {
    return material.file.empty() ? access.origin : material.file;
  };
  return {access.url(), source(access.ca), source(access.token)};
}

/// The driver of a session: sockets, signals and the clock. Each callback takes the time once.
class Loop {
 public:
  explicit Loop(WaitOptions options)
      : log_(options.log_format, surroundings_of(options.access), wall_milliseconds, write_line),
        session_(options.engine),
        client_(loop_, std::move(options.access), answers()),
        prober_(loop_,
                [this](core::ProbeAnswered answer) {
                  carry_out(session_.on_probe(now(), std::move(answer)));
                }),
        signals_(loop_, SIGTERM, SIGINT),
        timer_(loop_) {
    log_.started(options.engine.dependencies,
                 options.engine.verify == core::Verify::tcp ? "tcp" : "none");
  }

  core::ExitCode run() {
    signals_.async_wait([this](const boost::system::error_code& failed, int number) {
      if (failed) return;
      using Signal = core::SignalReceived::Signal;
      carry_out(
          session_.on_signal(now(), number == SIGINT ? Signal::interrupt : Signal::terminate));
    });
    carry_out(session_.start(now()));
    loop_.run();
    core::invariant(exit_code_.has_value(), "the event loop ended without a verdict");
    return *exit_code_;
  }

 private:
  static core::Instant now() {
    return core::Instant(std::chrono::steady_clock::now().time_since_epoch());
  }

  net::Answers answers() {
    return {
        [this](RequestId id, const session::Head& head) {
          carry_out(session_.on_head(now(), id, head));
        },
        [this](RequestId id, std::string_view bytes) {
          carry_out(session_.on_body(now(), id, bytes));
        },
        [this](RequestId id, const session::End& end) {
          carry_out(session_.on_end(now(), id, end));
        },
    };
  }

  void carry_out(const session::Session::Commands& commands) {
    for (const session::Command& command : commands) {
      std::visit([this](const auto& what) { carry_out(what); }, command);
    }
    set_timer();
  }
  void carry_out(const session::SendRequest& request) { client_.send(request); }
  void carry_out(const session::CancelRequest& cancel) { client_.cancel(cancel.id); }
  void carry_out(const core::Connect& probe) { prober_.connect(probe); }
  void carry_out(const core::Finish& finish) {
    exit_code_ = finish.code;
    loop_.stop();
  }
  template <class Report>
  void carry_out(const Report& report) {
    log_.report(report);
  }

  void set_timer() {
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

  asio::io_context loop_{1};
  Log log_;
  session::Session session_;
  net::ApiClient client_;
  net::TcpProber prober_;
  asio::signal_set signals_;
  asio::steady_timer timer_;
  std::optional<core::Instant> armed_for_;
  std::optional<core::ExitCode> exit_code_;
};

}  // namespace

core::ExitCode wait(WaitOptions options) {
  options.engine.seed = random_seed();
  // Never destroyed: the resolver's thread of Asio would be joined, and it may hang on a DNS server
  // that is silent for longer than kubelet waits after SIGTERM. The process ends right after.
  auto& loop = *new Loop(std::move(options));
  return loop.run();
}

}  // namespace waiter::run
