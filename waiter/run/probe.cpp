// The mode `probe`, for exec probes in images without a shell. kubelet runs it every few seconds,
// so it does one thing: connects, asks, reads a short answer, all within a second, which is
// kubelet's own default limit for a probe.
#include <array>
#include <cstdio>
#include <exception>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "waiter/net/coroutine.hpp"
#include "waiter/net/socket.hpp"
#include "waiter/run/guard.hpp"

namespace waiter::run {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using net::awaiting;

constexpr auto time_limit = std::chrono::seconds(1);
// A guard's reason is a line; what is longer is cut.
constexpr std::size_t answer_size_max = 16U * 1024;

struct Outcome {
  bool ok = false;
  std::string reason;
};

asio::awaitable<error_code> connect(tcp::socket& socket, std::uint16_t port) {
  const std::array<asio::ip::address, 2> loopback{asio::ip::address_v4::loopback(),
                                                  asio::ip::address_v6::loopback()};
  error_code first;
  for (const asio::ip::address& address : loopback) {
    error_code failed;
    error_code ignored;
    socket.close(ignored);
    const tcp::endpoint endpoint(address, port);
    net::open_socket(socket, endpoint.protocol(), failed);
    if (!failed) co_await socket.async_connect(endpoint, awaiting(failed));
    if (!failed) co_return failed;
    if (!first) first = failed;  // where there is no IPv6, its error would only mislead
  }
  co_return first;
}

/// The first line of the body, without control characters: it goes into kubelet's events.
std::string first_line(std::string_view answer) {
  const auto head_end = answer.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return "";
  std::string line;
  for (const char c : answer.substr(head_end + 4)) {
    if (c == '\n') break;
    if (static_cast<unsigned char>(c) >= 0x20) line += c;
  }
  return line;
}

Outcome outcome_of(std::string_view answer) {
  constexpr std::string_view version = "HTTP/1.1 ";
  if (answer.substr(0, version.size()) != version) return {false, "what answers is no guard"};
  const std::string_view status = answer.substr(version.size(), 3);
  if (status == "200") return {true, ""};
  return {false, fmt::format("{} ({})", first_line(answer), status)};
}

asio::awaitable<Outcome> ask(tcp::socket& socket, std::string path, std::uint16_t port) {
  error_code failed = co_await connect(socket, port);
  if (failed) {
    co_return Outcome{false, "cannot connect: " + failed.message() + "; does the guard run?"};
  }
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  co_await asio::async_write(socket, asio::buffer(request), awaiting(failed));
  std::string answer;
  if (!failed) {
    co_await asio::async_read(socket, asio::dynamic_buffer(answer, answer_size_max),
                              awaiting(failed));
  }
  if (failed && failed != asio::error::eof) co_return Outcome{false, failed.message()};
  co_return outcome_of(answer);
}

}  // namespace

core::ExitCode probe(const std::string& path, std::uint16_t port) {
  asio::io_context loop(1);
  tcp::socket socket(loop);
  Outcome outcome{false, "no answer within 1 s"};
  asio::co_spawn(loop, ask(socket, path, port), [&](std::exception_ptr thrown, Outcome told) {
    net::rethrow(thrown);
    outcome = std::move(told);
  });
  loop.run_for(time_limit);
  if (outcome.ok) return core::ExitCode::ready;
  std::fprintf(stderr, "wait-for-endpoints probe: port %u, %s: %s\n", unsigned{port}, path.c_str(),
               outcome.reason.c_str());
  return core::ExitCode::not_ready;
}

}  // namespace waiter::run
