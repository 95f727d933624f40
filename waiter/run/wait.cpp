#include "waiter/run/wait.hpp"

#include <csignal>
#include <optional>
#include <utility>

#include <boost/asio/signal_set.hpp>

#include "waiter/core/invariant.hpp"

namespace waiter::run {

core::ExitCode wait(Setup setup) {
  // Never destroyed: the resolver's thread of Asio would be joined, and it may hang on a DNS server
  // that is silent for longer than kubelet waits after SIGTERM. The process ends right after.
  auto& loop = *new boost::asio::io_context(1);
  std::optional<core::ExitCode> code;
  auto& driver = *new Driver(loop, std::move(setup),
                             {[](const core::VerdictChanged&) {},
                              [&](core::ExitCode finished) {
                                code = finished;
                                loop.stop();
                              }});
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code& failed, int number) {
    if (!failed) driver.interrupt(number);
  });
  driver.start();
  loop.run();
  core::invariant(code.has_value(), "the event loop ended without a verdict");
  return *code;
}

}  // namespace waiter::run
