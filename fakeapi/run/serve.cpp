#include "fakeapi/run/serve.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <nlohmann/json.hpp>

#include "fakeapi/run/load_file.hpp"

namespace fakeapi::run {
namespace {

ExitCode fail(const Failure& failure) {
  std::fprintf(stderr, "fakeapi: %s\n", failure.message.c_str());
  return failure.code;
}

bool tell_ready(const ClusterServer& server, const ServeOptions& options) {
  const double started = std::chrono::duration<double>(server.started().time_since_epoch()).count();
  std::printf("%s\n", nlohmann::ordered_json{{"url", server.url()},
                                             {"dir", options.server.folder},
                                             {"namespace", server.namespace_name()},
                                             {"started", started},
                                             {"page", server.page()}}
                          .dump()
                          .c_str());
  if (::isatty(STDOUT_FILENO) != 0) std::fprintf(stderr, "look on at %s\n", server.page().c_str());
  return std::fflush(stdout) == 0;
}

}  // namespace

ExitCode serve(const ServeOptions& options) {
  auto loaded = load_file(options.scenario);
  if (const auto* problems = std::get_if<std::vector<std::string>>(&loaded)) {
    for (const std::string& problem : *problems)
      std::fprintf(stderr, "fakeapi: %s\n", problem.c_str());
    return ExitCode::usage;
  }
  boost::asio::io_context loop{1};
  auto started =
      ClusterServer::start(loop, std::get<scenario::Scenario>(std::move(loaded)), options.server);
  if (const auto* failure = std::get_if<Failure>(&started)) return fail(*failure);
  ClusterServer& server = *std::get<std::unique_ptr<ClusterServer>>(started);
  std::optional<Failure> failure;
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) { loop.stop(); });
  server.on_failure([&](const Failure& told) {
    failure = told;
    loop.stop();
  });
  if (!tell_ready(server, options))
    return fail({ExitCode::internal, "standard output cannot be written"});
  loop.run();
  const auto unwritten = server.stop("the server was stopped");
  if (failure) return fail(*failure);
  return unwritten ? fail({ExitCode::internal, *unwritten}) : ExitCode::ok;
}

}  // namespace fakeapi::run
