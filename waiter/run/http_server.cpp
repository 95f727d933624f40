#include "waiter/run/http_server.hpp"

#include <array>
#include <fcntl.h>
#include <list>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

#include "waiter/net/coroutine.hpp"

namespace waiter::run {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using net::awaiting;

// Accepting fails when the process has no descriptor left: trying again at once would only spin.
constexpr auto accept_pause = std::chrono::seconds(1);
constexpr int backlog = 64;
// Of what a refused client still sends; more than any request that is meant for this server.
constexpr std::size_t drained_size_max = 64U * 1024;
constexpr int bad_request = static_cast<int>(http::status::bad_request);

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                    : fmt::format("{}:{}", address, endpoint.port());
}

/// The path of a request's target: without the query, and without scheme and host where a proxy
/// was meant (RFC 9112 3.2.2).
std::string path_of(std::string_view target) {
  constexpr std::string_view scheme = "http://";
  if (target.substr(0, scheme.size()) == scheme) {
    const auto slash = target.find('/', scheme.size());
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return std::string(target.substr(0, target.find('?')));
}

/// nosniff and the policy keep a browser from making more of a text than it is.
std::string head_of(const HttpAnswer& answer, bool keep_alive) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(answer.status));
  return fmt::format(
      "HTTP/1.1 {} {}\r\n"
      "Content-Type: {}\r\n"
      "Content-Length: {}\r\n"
      "{}"
      "Cache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
      "frame-ancestors 'none'\r\n"
      "{}\r\n",
      answer.status, std::string_view(reason.data(), reason.size()), answer.content_type,
      answer.body.size(), answer.status == 405 ? "Allow: GET, HEAD\r\n" : "",
      keep_alive ? "" : "Connection: close\r\n");
}

HttpAnswer refusal(http::status status) {
  const auto reason = http::obsolete_reason(status);
  HttpAnswer answer;
  answer.status = static_cast<int>(status);
  answer.body.append(reason.data(), reason.size()).append("\n");
  return answer;
}

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  Impl(asio::io_context& loop, Handler handler, HttpLimits limits)
      : loop_(loop), acceptor_(loop), pause_(loop), handler_(std::move(handler)), limits_(limits) {}

  error_code listen(const tcp::endpoint& endpoint) {
    error_code failed;
    error_code ignored;
    acceptor_.close(ignored);
    acceptor_.open(endpoint.protocol(), failed);
    if (failed) return failed;
    ::fcntl(acceptor_.native_handle(), F_SETFD, FD_CLOEXEC);
    // A restarted sidecar meets the closed connections of its predecessor (TIME_WAIT).
    acceptor_.set_option(tcp::acceptor::reuse_address(true), ignored);
    if (endpoint.address().is_v6()) acceptor_.set_option(asio::ip::v6_only(false), ignored);
    acceptor_.bind(endpoint, failed);
    if (!failed) acceptor_.listen(backlog, failed);
    return failed;
  }

  void start() {
    spawn([self = shared_from_this()]() { return self->accept(); });
  }

  tcp::endpoint endpoint() const {
    error_code failed;
    return acceptor_.local_endpoint(failed);
  }

  void close() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const ConnectionPtr& connection : connections_) connection->close();
  }

 private:
  struct Connection {
    explicit Connection(tcp::socket accepted)
        : socket(std::move(accepted)), deadline(socket.get_executor()) {}
    void close() {
      error_code ignored;
      deadline.cancel();
      socket.close(ignored);
    }
    tcp::socket socket;
    asio::steady_timer deadline;
  };
  using ConnectionPtr = std::shared_ptr<Connection>;

  template <class Coroutine>
  void spawn(Coroutine coroutine) {
    asio::co_spawn(loop_, std::move(coroutine), net::rethrow);
  }

  asio::awaitable<void> accept() {
    while (acceptor_.is_open()) {
      error_code failed;
      tcp::socket socket = co_await acceptor_.async_accept(awaiting(failed));
      if (!acceptor_.is_open()) co_return;
      if (failed) {
        pause_.expires_after(accept_pause);
        co_await pause_.async_wait(awaiting(failed));
        continue;
      }
      ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      if (connections_.size() >= limits_.connections_max) {
        connections_.front()->close();
        connections_.pop_front();
      }
      auto connection = std::make_shared<Connection>(std::move(socket));
      connections_.push_back(connection);
      spawn([self = shared_from_this(), connection]() { return self->serve(connection); });
    }
  }

  asio::awaitable<void> serve(ConnectionPtr connection) {
    bool first = true;
    while (connection->socket.is_open()) {
      if (!first && !co_await next_request(connection)) break;
      first = false;
      if (!co_await exchange(connection)) break;
      // In the order of their last request: the front is the quietest.
      connections_.remove(connection);
      if (connection->socket.is_open()) connections_.push_back(connection);
    }
    connection->close();
    connections_.remove(connection);
  }

  /// Waits until a byte of it is there; holds no buffer meanwhile.
  asio::awaitable<bool> next_request(ConnectionPtr connection) {
    limit(connection, limits_.idle_limit);
    error_code failed;
    co_await connection->socket.async_wait(tcp::socket::wait_read, awaiting(failed));
    co_return !failed;
  }

  /// One request and its answer; false when the connection is of no more use.
  asio::awaitable<bool> exchange(ConnectionPtr connection) {
    limit(connection, limits_.request_limit);
    boost::beast::flat_buffer buffer(limits_.header_size_max);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.header_size_max));
    error_code failed;
    co_await http::async_read_header(connection->socket, buffer, parser, awaiting(failed));
    const bool readable = !failed;
    if (failed && !is_wrong_request(failed)) co_return false;
    const bool head_only = readable && parser.get().method() == http::verb::head;
    const HttpAnswer answer = readable ? answer_to(parser.get()) : refusal(status_for(failed));
    // A body is not read, so what follows it cannot be found. Nor is a request that came with this
    // one kept: a client that does not wait for answers gets one answer.
    const bool keep_alive = readable && parser.is_done() && parser.keep_alive() &&
                            buffer.size() == 0 && answer.status != bad_request;
    const std::string head = head_of(answer, keep_alive);
    limit(connection, limits_.request_limit);
    const std::array<asio::const_buffer, 2> whole{
        asio::buffer(head), asio::buffer(answer.body, head_only ? 0 : answer.body.size())};
    co_await asio::async_write(connection->socket, whole, awaiting(failed));
    if (failed || keep_alive) co_return !failed;
    co_await drain(connection);
    co_return false;
  }

  /// Closing with bytes of the peer unread would reset the connection, and the peer might lose the
  /// answer with it (RFC 9112 9.6).
  asio::awaitable<void> drain(ConnectionPtr connection) {
    error_code failed;
    connection->socket.shutdown(tcp::socket::shutdown_send, failed);
    std::string rest;
    co_await asio::async_read(connection->socket, asio::dynamic_buffer(rest, drained_size_max),
                              awaiting(failed));
  }

  HttpAnswer answer_to(const http::request<http::empty_body>& request) const {
    if (request.method() != http::verb::get && request.method() != http::verb::head) {
      return refusal(http::status::method_not_allowed);
    }
    // RFC 9112 3.2
    if (request.version() == 11 && request.count(http::field::host) != 1) {
      return refusal(http::status::bad_request);
    }
    return handler_(path_of({request.target().data(), request.target().size()}));
  }

  static bool is_wrong_request(const error_code& failed) {
    return failed.category() == http::make_error_code(http::error::bad_method).category() &&
           failed != http::error::end_of_stream && failed != http::error::partial_message;
  }

  static http::status status_for(const error_code& failed) {
    const bool too_large =
        failed == http::error::header_limit || failed == http::error::buffer_overflow;
    return too_large ? http::status::request_header_fields_too_large : http::status::bad_request;
  }

  /// The connection is closed when this much time has passed, unless a new limit is set before.
  static void limit(const ConnectionPtr& connection, std::chrono::milliseconds time) {
    connection->deadline.expires_after(time);
    connection->deadline.async_wait(
        [weak = std::weak_ptr(connection)](const error_code& cancelled) {
          const ConnectionPtr late = weak.lock();
          if (cancelled || !late) return;
          // It may have expired in the same turn in which a new limit was set.
          if (late->deadline.expiry() <= std::chrono::steady_clock::now()) late->close();
        });
  }

  asio::io_context& loop_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  Handler handler_;
  HttpLimits limits_;
  std::list<ConnectionPtr> connections_;
};

HttpServer::HttpServer(asio::io_context& loop, Handler handler, HttpLimits limits)
    : impl_(std::make_shared<Impl>(loop, std::move(handler), limits)) {}

HttpServer::~HttpServer() { impl_->close(); }

std::optional<std::string> HttpServer::listen(const std::string& address, std::uint16_t port) {
  error_code failed;
  const auto parsed = asio::ip::make_address(address.empty() ? "::" : address, failed);
  if (failed) return fmt::format("cannot listen at \"{}\": it is no IP address", address);
  tcp::endpoint endpoint(parsed, port);
  failed = impl_->listen(endpoint);
  if (failed == asio::error::address_family_not_supported && address.empty()) {
    endpoint = tcp::endpoint(tcp::v4(), port);
    failed = impl_->listen(endpoint);
  }
  if (failed) return fmt::format("cannot listen at {}: {}", text_of(endpoint), failed.message());
  impl_->start();
  return std::nullopt;
}

std::string HttpServer::listens_at() const { return text_of(impl_->endpoint()); }

std::uint16_t HttpServer::port() const { return impl_->endpoint().port(); }

}  // namespace waiter::run
