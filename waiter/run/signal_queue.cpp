#include "waiter/run/signal_queue.hpp"

#include <cerrno>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace waiter::run {
namespace {

int open_queue(const sigset_t& signals) {
  const int descriptor = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  return descriptor;
}

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

sigset_t termination_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  return signals;
}

sigset_t forwarded_signals() {
  sigset_t signals;
  ::sigfillset(&signals);
  for (const int fault : {SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGSYS, SIGPIPE}) {
    ::sigdelset(&signals, fault);
  }
  for (int number = 1; number <= SIGRTMAX; ++number) {
    if (number != SIGTERM && is_ignored(number)) ::sigdelset(&signals, number);
  }
  return signals;
}

SignalQueue::SignalQueue(boost::asio::io_context& loop, const sigset_t& signals,
                         std::function<void(int number)> on_signal)
    : queue_(loop), on_signal_(std::move(on_signal)) {
  ::pthread_sigmask(SIG_BLOCK, &signals, &given_mask_);
  queue_.assign(open_queue(signals));
  wait();
}

std::optional<int> SignalQueue::take() {
  signalfd_siginfo signal{};
  const auto size = ::read(queue_.native_handle(), &signal, sizeof signal);
  if (size != static_cast<ssize_t>(sizeof signal)) return std::nullopt;
  return static_cast<int>(signal.ssi_signo);
}

void SignalQueue::wait() {
  queue_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                    [this](const boost::system::error_code& failed) {
                      if (failed) return;
                      while (const auto number = take()) on_signal_(*number);
                      wait();
                    });
}

}  // namespace waiter::run
