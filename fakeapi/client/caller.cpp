// The one file that includes Beast.
#include "fakeapi/client/caller.hpp"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

#include "fakeapi/client/tls.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// Under a sanitizer GCC 12 inlines operator new of Asio's coroutine frames, but not their operator
// delete, and takes the two for no pair.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace fakeapi::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds connect_max(10);  // to one address, and as long for the handshake
constexpr std::size_t header_max = 64U << 10U;
constexpr std::size_t body_max = 256U << 20U;  // 500 objects of at most 1.5 MiB are never so large

auto awaiting(error_code& failed) { return asio::redirect_error(asio::use_awaitable, failed); }

std::string words(const error_code& failed) {
  return failed == beast::error::timeout ? "it took too long" : failed.message();
}

}  // namespace

struct Caller::Connection {
  Connection(asio::io_context& loop, SSL_CTX* made) : context(made), stream(loop, context) {}
  beast::tcp_stream& socket() { return stream.next_layer(); }
  asio::ssl::context context;
  asio::ssl::stream<beast::tcp_stream> stream;
  beast::flat_buffer buffer;
  std::optional<http::response_parser<http::buffer_body>> parser;
};

Caller::Caller(asio::io_context& loop, const Access& access, Credentials& credentials)
    : loop_(loop), access_(access), credentials_(credentials) {}

Caller::~Caller() = default;

asio::awaitable<Head> Caller::ask(std::string target, std::chrono::seconds limit) {
  const std::string request = request_text(target);
  while (true) {
    const bool kept = connection_ != nullptr;
    if (!kept) connection_ = co_await connect();
    Connection& connection = *connection_;
    connection.socket().expires_after(limit);
    connection.parser.emplace();
    connection.parser->header_limit(header_max);
    connection.parser->body_limit(boost::none);
    error_code failed;
    co_await asio::async_write(connection.stream, asio::buffer(request), awaiting(failed));
    if (!failed)
      co_await http::async_read_header(connection.stream, connection.buffer, *connection.parser,
                                       awaiting(failed));
    if (!failed) break;
    // The server may have closed a connection that was kept: then the request goes over a new one.
    const bool again = kept && !connection.parser->got_some();
    connection_.reset();
    if (!again) throw broken("does not answer", words(failed));
  }
  const auto& head = connection_->parser->get();
  if (head.result() == http::status::unauthorized) credentials_.refused();
  co_return Head{static_cast<int>(head.result_int()), std::string(head[http::field::retry_after])};
}

void Caller::allow(std::chrono::seconds limit) { connection_->socket().expires_after(limit); }

bool Caller::at_end() const { return connection_->parser->is_done(); }

void Caller::finish() {
  if (connection_ && !(connection_->parser && at_end() && connection_->parser->keep_alive()))
    connection_.reset();
}

asio::awaitable<std::string> Caller::piece() {
  Connection& connection = *connection_;
  std::array<char, 16384> bytes;
  auto& body = connection.parser->get().body();
  body.data = bytes.data();
  body.size = bytes.size();
  error_code failed;
  // Not async_read: that returns when the buffer is full, and an event shall be seen when it comes.
  co_await http::async_read_some(connection.stream, connection.buffer, *connection.parser,
                                 awaiting(failed));
  if (failed == http::error::need_buffer) failed = {};
  if (failed) throw broken("does not go on", words(failed));
  co_return std::string(bytes.data(), bytes.size() - body.size);
}

asio::awaitable<std::string> Caller::whole_body() {
  std::string body;
  while (!at_end()) {
    body += co_await piece();
    if (body.size() > body_max) throw broken("does not end", "its answer is too large");
  }
  co_return body;
}

std::string Caller::request_text(const std::string& target) {
  auto authorization = credentials_.authorization();
  if (const auto* problem = std::get_if<Problem>(&authorization))
    throw Failed{Failure::Kind::credentials, problem->message};
  const std::string& value = std::get<std::string>(authorization);
  return "GET " + access_.path_prefix + target + " HTTP/1.1\r\nHost: " + access_.authority() +
         (value.empty() ? "" : "\r\nAuthorization: " + value) +
         "\r\nUser-Agent: fakeapi/" WFE_VERSION
         " (record)\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n\r\n";
}

Failed Caller::broken(const char* how, const std::string& why) const {
  return {Failure::Kind::unreachable,
          fmt::format("the API server {} {}: {}", access_.authority(), how, why)};
}

asio::awaitable<std::unique_ptr<Caller::Connection>> Caller::connect() {
  auto certificate = credentials_.certificate();
  if (const auto* problem = std::get_if<Problem>(&certificate))
    throw Failed{Failure::Kind::credentials, problem->message};
  const auto made = make_tls_context(access_, std::get<Credentials::Certificate>(certificate));
  if (const auto* problem = std::get_if<Problem>(&made))
    throw Failed{Failure::Kind::credentials, problem->message};
  auto connection = std::make_unique<Connection>(loop_, std::get<SSL_CTX*>(made));
  co_await connect_socket(*connection);
  co_await handshake(*connection);
  co_return connection;
}

asio::awaitable<void> Caller::connect_socket(Connection& connection) {
  beast::tcp_stream& socket = connection.socket();
  error_code failed;
  const auto address = asio::ip::make_address(access_.host, failed);
  const auto port = static_cast<asio::ip::port_type>(access_.port);
  std::vector<tcp::endpoint> endpoints;
  if (!failed) {
    endpoints.emplace_back(address, port);
  } else {
    tcp::resolver resolver(loop_);
    const auto found =
        co_await resolver.async_resolve(access_.host, std::to_string(port), awaiting(failed));
    if (failed) throw broken("cannot be reached", failed.message());
    for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  }
  error_code ignored;
  for (const tcp::endpoint& endpoint : endpoints) {
    socket.socket().close(ignored);  // of the address before
    socket.expires_after(connect_max);
    co_await socket.async_connect(endpoint, awaiting(failed));
    if (!failed) break;
  }
  if (failed) throw broken("cannot be reached", words(failed));
  socket.socket().set_option(asio::socket_base::keep_alive(true), ignored);
}

asio::awaitable<void> Caller::handshake(Connection& connection) {
  SSL* tls = connection.stream.native_handle();
  expect_server(tls, access_);
  connection.socket().expires_after(connect_max);
  error_code failed;
  co_await connection.stream.async_handshake(asio::ssl::stream_base::client, awaiting(failed));
  if (!failed) co_return;
  const std::string untrusted = why_untrusted(tls, access_);
  if (untrusted.empty()) throw broken("does not speak TLS with us", words(failed));
  throw broken("is not trusted", untrusted);
}

}  // namespace fakeapi::client
