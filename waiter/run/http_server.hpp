// A small HTTP/1.1 server for probes, scrapes and people on the event loop that everything else
// runs on: GET and HEAD, answers made at once, and a limit on everything that a peer may use up.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace boost::asio {
class io_context;
}

namespace waiter::run {

struct HttpAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

struct HttpLimits {
  std::size_t header_size_max = 8U * 1024;  // as nginx; a scrape's head has 300 bytes
  /// One more, and the connection that has been quiet for the longest time is closed: idle
  /// strangers must not keep kubelet's probe out.
  std::size_t connections_max = 32;
  /// To send a whole request, and again to take the answer; kubelet and Prometheus need less than
  /// a millisecond.
  std::chrono::milliseconds request_limit = std::chrono::seconds(5);
  /// Between two requests of a connection: longer than a usual scrape interval (15 to 60 s).
  std::chrono::milliseconds idle_limit = std::chrono::seconds(75);
};

class HttpServer {
 public:
  /// `path` is without its query. Called from the event loop.
  using Handler = std::function<HttpAnswer(const std::string& path)>;

  HttpServer(boost::asio::io_context& loop, Handler handler, HttpLimits limits = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// `address` is an IP address; "::" takes IPv4 as well, and "" is "::" where the system has
  /// IPv6 and 0.0.0.0 elsewhere. Port 0 is a free one. The error says what failed and on what.
  std::optional<std::string> listen(const std::string& address, std::uint16_t port);
  /// "[::]:8086"
  std::string listens_at() const;
  std::uint16_t port() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace waiter::run
