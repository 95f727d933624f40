#include "waiter/net/credential_source.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "waiter/net/coroutine.hpp"
#include "waiter/net/plugin_process.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// Under a sanitizer GCC 12 inlines operator new of Asio's coroutine frames, but not their operator
// delete, and takes the two for no pair.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace waiter::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return "it was ended by signal " + std::to_string(WTERMSIG(status));
  return "it ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

struct CredentialSource::Running {
  Running(asio::io_context& loop, const PluginProcess& process)
      : output(loop, process.output), limit(loop), pid(process.pid) {}
  asio::posix::stream_descriptor output;
  asio::steady_timer limit;
  pid_t pid;
  bool late = false;
  bool reaped = false;
};

CredentialSource::CredentialSource(asio::io_context& loop, CredentialPlugin plugin,
                                   std::chrono::milliseconds limit)
    : loop_(loop), plugin_(std::move(plugin)), limit_(limit), done_(loop) {
  done_.expires_at(asio::steady_timer::time_point::max());
}

bool CredentialSource::usable() const {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return credential_ && (!credential_->expires_at || *credential_->expires_at > now);
}

void CredentialSource::refused(std::uint64_t number) {
  if (number == number_) credential_.reset();
}

asio::awaitable<CredentialSource::Result> CredentialSource::get() {
  if (usable()) co_return Numbered{*credential_, number_};
  if (!running_) {
    running_ = true;
    asio::co_spawn(
        loop_, [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->run(); },
        rethrow);
  }
  while (running_) {
    error_code cancelled;
    co_await done_.async_wait(awaiting(cancelled));
  }
  // What has just come is tried even where its time is over: the server decides, and clocks differ.
  if (credential_) co_return Numbered{*credential_, number_};
  co_return error_.value_or(plugin_error(plugin_, "its credential was refused"));
}

asio::awaitable<void> CredentialSource::run() {
  auto answer = co_await ask();
  ++number_;
  credential_.reset();
  error_.reset();
  if (auto* credential = std::get_if<Credential>(&answer)) {
    credential_ = std::move(*credential);
  } else {
    error_ = std::get<ConfigError>(std::move(answer));
  }
  running_ = false;
  done_.cancel();
}

asio::awaitable<std::variant<Credential, ConfigError>> CredentialSource::ask() {
  auto started = start_plugin(plugin_);
  if (auto* error = std::get_if<ConfigError>(&started)) co_return std::move(*error);
  const auto running = std::make_shared<Running>(loop_, std::get<PluginProcess>(started));
  running->limit.expires_after(limit_);
  running->limit.async_wait([running](const error_code& cancelled) {
    if (cancelled || running->reaped) return;
    running->late = true;
    ::kill(running->pid, SIGKILL);
    error_code ignored;
    running->output.close(ignored);  // a grandchild may hold the other end
  });
  const std::string output = co_await read_output(*running);
  const auto status = co_await end_of(*running);
  running->limit.cancel();
  if (running->late) {
    co_return plugin_error(plugin_,
                           "no answer within " + std::to_string(limit_.count() / 1000) + " s");
  }
  if (output.size() > output_size_max) co_return plugin_error(plugin_, "it says more than 1 MiB");
  if (status && *status != 0) co_return plugin_error(plugin_, how_it_ended(*status));
  auto credential = parse_exec_credential(output, plugin_.api_version);
  if (const auto* error = std::get_if<ConfigError>(&credential)) {
    co_return plugin_error(plugin_, error->message);
  }
  co_return credential;
}

/// Up to a little more than output_size_max.
asio::awaitable<std::string> CredentialSource::read_output(Running& running) {
  std::string output;
  std::array<char, 4096> piece;
  error_code failed;
  while (!failed && output.size() <= output_size_max) {
    const std::size_t got =
        co_await running.output.async_read_some(asio::buffer(piece), awaiting(failed));
    output.append(piece.data(), got);
  }
  error_code ignored;
  running.output.close(ignored);
  co_return output;
}

/// Nothing where somebody else has reaped it, as PID 1 does with every child.
asio::awaitable<std::optional<int>> CredentialSource::end_of(Running& running) {
  // It has closed its output and mostly ends at once: no SIGCHLD, which belongs to the modes.
  constexpr auto pause_max = std::chrono::milliseconds(200);
  auto pause = std::chrono::milliseconds(1);
  asio::steady_timer timer(loop_);
  while (true) {
    int status = 0;
    const pid_t ended = ::waitpid(running.pid, &status, WNOHANG);
    if (ended != 0 && !(ended < 0 && errno == EINTR)) {
      running.reaped = true;
      co_return ended > 0 ? std::optional(status) : std::nullopt;
    }
    timer.expires_after(pause);
    error_code cancelled;
    co_await timer.async_wait(awaiting(cancelled));
    pause = std::min(pause * 2, pause_max);
  }
}

}  // namespace waiter::net
