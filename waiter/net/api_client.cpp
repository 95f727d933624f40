#include "waiter/net/api_client.hpp"

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <openssl/ssl.h>

#include "waiter/net/connection.hpp"
#include "waiter/net/coroutine.hpp"
#include "waiter/net/credential_source.hpp"
#include "waiter/net/idle_connections.hpp"
#include "waiter/net/socket.hpp"
#include "waiter/net/tls.hpp"

namespace waiter::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using session::End;
using session::RequestId;

constexpr std::size_t header_size_max = 64U * 1024;  // nginx and Go clients allow as much
constexpr std::size_t read_size = 16U * 1024;        // the largest TLS record
// client-go dials for 30 s; here the next address, or the next attempt, may be the better one.
constexpr auto connect_limit = std::chrono::seconds(5);
// A connection that was idle may be dead without a sign: then the request is sent again on another.
constexpr auto idle_answer_limit = std::chrono::seconds(2);
// While a watch is open another connection is kept ready, so that the read before a verdict costs
// one round trip. Not at once: most waits are over with the first answer.
constexpr auto spare_delay = std::chrono::milliseconds(200);
// Later watches are longer than kube-apiserver keeps what is idle (90 s, and 32 s before the first
// request: apiserver/pkg/server/secure_serving.go), and each handshake would be in vain.
constexpr auto spare_until = std::chrono::minutes(3);

/// A request could not be answered; what it means to the session.
struct Failed {
  End end;
};

/// For as long as a stream is read.
class OpenStream {
 public:
  explicit OpenStream(IdleConnections* connections) : connections_(connections) {
    if (connections_ != nullptr) connections_->stream_begins();
  }
  ~OpenStream() {
    if (connections_ != nullptr) connections_->stream_ended();
  }
  OpenStream(const OpenStream&) = delete;
  OpenStream& operator=(const OpenStream&) = delete;

 private:
  IdleConnections* connections_;
};

End::Kind connect_end(const error_code& failed) {
  return failed == asio::error::connection_refused ? End::Kind::refused : End::Kind::unreachable;
}

}  // namespace

class ApiClient::Impl : public std::enable_shared_from_this<ApiClient::Impl> {
 public:
  Impl(asio::io_context& loop, ClusterAccess access, Answers answers)
      : loop_(loop), access_(std::move(access)), answers_(std::move(answers)), spare_timer_(loop) {
    if (access_.plugin) plugin_ = std::make_shared<CredentialSource>(loop, *access_.plugin);
  }

  void send(const session::SendRequest& request) {
    under_way_.emplace(request.id, nullptr);
    asio::co_spawn(
        loop_,
        [self = shared_from_this(), request]() -> asio::awaitable<void> {
          co_await self->run(request);
        },
        rethrow);
  }

  void cancel(RequestId id) {
    const auto found = under_way_.find(id);
    if (found == under_way_.end()) return;
    const auto connection = std::move(found->second);
    under_way_.erase(found);
    if (connection) connection->close();
  }

  void close() {
    for (auto& [id, connection] : std::exchange(under_way_, {})) {
      if (connection) connection->close();
    }
    idle_.clear();
    spare_timer_.cancel();
  }

 private:
  bool wanted(RequestId id) const { return under_way_.count(id) > 0; }

  asio::awaitable<void> run(session::SendRequest request) {
    End end;
    try {
      while (!co_await exchange(
          request)) {  // a connection that the server had closed while it was idle
      }
    } catch (const Failed& failed) {
      end = failed.end;
    }
    if (!wanted(request.id)) co_return;
    under_way_.erase(request.id);
    answers_.on_end(request.id, end);
  }

  /// False when the connection was an old one and turned out to be closed before anything of an
  /// answer came.
  asio::awaitable<bool> exchange(const session::SendRequest& request) {
    const auto credential = co_await plugin_credential();
    if (!wanted(request.id)) co_return true;
    const std::string text = request_text(request, credential);
    const auto use =
        request.stream ? IdleConnections::For::stream : IdleConnections::For::one_answer;
    ConnectionPtr connection = idle_.take(use, certificate_number(credential));
    if (!connection) connection = co_await connect(request.id, credential);
    if (!wanted(request.id)) co_return true;
    under_way_[request.id] = connection;
    const bool used = std::exchange(connection->used, true);

    error_code failed;
    // What is not answered in time by a connection that was idle is read as closed.
    const auto answering = std::make_shared<bool>(used);
    asio::steady_timer timer(loop_, idle_answer_limit);
    if (*answering) {
      timer.async_wait([answering, connection](const error_code& cancelled) {
        if (!cancelled && *answering) connection->close();
      });
    }
    co_await asio::async_write(connection->stream, asio::buffer(text), awaiting(failed));
    http::response_parser<http::buffer_body> parser;
    parser.header_limit(header_size_max);
    parser.body_limit(boost::none);
    if (!failed)
      co_await http::async_read_header(connection->stream, connection->buffer, parser,
                                       awaiting(failed));
    *answering = false;
    timer.cancel();
    if (!wanted(request.id)) co_return true;
    if (failed && used && !parser.got_some()) {
      under_way_[request.id] = nullptr;
      co_return false;
    }
    if (failed) throw Failed{{End::Kind::broken, failed.message()}};
    if (!wanted(request.id)) co_return true;
    const auto& head = parser.get();
    if (plugin_ && head.result() == http::status::unauthorized) plugin_->refused(credential.number);
    answers_.on_head(request.id, {static_cast<int>(head.result_int()),
                                  std::string(head[http::field::retry_after])});
    if (request.stream) keep_spare();
    co_await read_body(request, *connection, parser);
    if (wanted(request.id) && parser.keep_alive()) idle_.keep(connection);
    co_return true;
  }

  asio::awaitable<void> read_body(const session::SendRequest& request, Connection& connection,
                                  http::response_parser<http::buffer_body>& parser) {
    const OpenStream counted(request.stream ? &idle_ : nullptr);
    const RequestId id = request.id;
    std::array<char, read_size> piece;
    while (wanted(id) && !parser.is_done()) {
      auto& body = parser.get().body();
      body.data = piece.data();
      body.size = piece.size();
      error_code failed;
      // Not async_read: that returns when the buffer is full, and an event shall be seen when it
      // comes.
      co_await http::async_read_some(connection.stream, connection.buffer, parser,
                                     awaiting(failed));
      if (failed == http::error::need_buffer) failed = {};
      const std::size_t got = piece.size() - body.size;
      if (got > 0 && wanted(id)) answers_.on_body(id, std::string_view(piece.data(), got));
      if (failed && wanted(id)) throw Failed{{End::Kind::broken, failed.message()}};
    }
  }

  void keep_spare() {
    if (idle_.has_spare() || std::chrono::steady_clock::now() - started_ > spare_until) return;
    spare_timer_.expires_after(spare_delay);
    spare_timer_.async_wait([self = weak_from_this()](const error_code& cancelled) {
      const auto impl = self.lock();
      if (cancelled || !impl || impl->idle_.has_spare() || impl->under_way_.empty()) return;
      asio::co_spawn(impl->loop_, impl->open_spare(), asio::detached);
    });
  }

  asio::awaitable<void> open_spare() {
    const auto self = shared_from_this();
    try {
      const auto credential = co_await plugin_credential();
      // As a request that nobody waits for.
      const RequestId id = 0;
      under_way_[id] = nullptr;
      const ConnectionPtr connection = co_await connect(id, credential);
      if (under_way_.erase(id) == 0 || idle_.has_spare()) co_return;
      connection->used = true;
      idle_.keep(connection);
    } catch (const Failed&) {  // the request that needs one says why there is none
      under_way_.erase(0);
    }
  }

  /// Nothing in it where there is no plugin.
  asio::awaitable<CredentialSource::Numbered> plugin_credential() {
    if (!plugin_) co_return CredentialSource::Numbered{};
    auto got = co_await plugin_->get();
    if (const auto* error = std::get_if<ConfigError>(&got)) {
      throw Failed{{End::Kind::credentials_unreadable, error->message}};
    }
    co_return std::get<CredentialSource::Numbered>(std::move(got));
  }

  /// TLS proves it once, so a connection belongs to its certificate; a token goes with each
  /// request.
  static std::uint64_t certificate_number(const CredentialSource::Numbered& of_plugin) {
    return of_plugin.credential.certificate.empty() ? 0 : of_plugin.number;
  }

  std::string request_text(const session::SendRequest& request,
                           const CredentialSource::Numbered& of_plugin) {
    std::string authorization;
    if (!of_plugin.credential.token.empty()) {
      authorization = "Authorization: Bearer " + of_plugin.credential.token + "\r\n";
    } else if (!access_.basic.empty()) {
      authorization = "Authorization: Basic " + access_.basic + "\r\n";
    } else if (access_.token.present()) {
      // The file is read for every request, of which there are few: kubelet replaces it before the
      // token expires.
      auto token = access_.token.file.empty() ? access_.token.text : read_token(access_.token.file);
      if (const auto* error = std::get_if<ConfigError>(&token)) {
        throw Failed{{End::Kind::credentials_unreadable, error->message}};
      }
      authorization = "Authorization: Bearer " + std::get<std::string>(token) + "\r\n";
    }
    return "GET " + access_.path_prefix + request.target +
           " HTTP/1.1\r\nHost: " + access_.authority() + "\r\n" + authorization +
           "User-Agent: wait-for-endpoints/" WFE_VERSION
           "\r\n"
           "Accept: application/json\r\n"
           "Accept-Encoding: identity\r\n\r\n";
  }

  asio::awaitable<ConnectionPtr> connect(RequestId id,
                                         const CredentialSource::Numbered& of_plugin) {
    ClusterAccess access = access_;
    if (!of_plugin.credential.certificate.empty()) {
      access.client_certificate = {of_plugin.credential.certificate, ""};
      access.client_key = {of_plugin.credential.key, ""};
    }
    auto made = make_tls_context(access);
    if (const auto* error = std::get_if<ConfigError>(&made)) {
      throw Failed{{End::Kind::credentials_unreadable, error->message}};
    }
    auto connection = std::make_shared<Connection>(loop_, std::get<TlsContext>(std::move(made)));
    connection->credential = certificate_number(of_plugin);
    if (!wanted(id)) co_return connection;
    under_way_[id] = connection;
    co_await connect_socket(id, connection->stream.next_layer());
    if (wanted(id)) co_await handshake(*connection);
    co_return connection;
  }

  /// One address; a peer that drops every packet is given up after connect_limit.
  asio::awaitable<error_code> connect_to(tcp::socket& socket, const tcp::endpoint& endpoint) {
    error_code failed;
    open_socket(socket, endpoint.protocol(), failed);
    if (failed) co_return failed;
    // The timer may fire in the same turn in which the connect succeeds: then it must not close
    // anything any more.
    const auto connecting = std::make_shared<bool>(true);
    asio::steady_timer timer(loop_, connect_limit);
    timer.async_wait([connecting, &socket](const error_code& cancelled) {
      if (cancelled || !*connecting) return;
      error_code ignored;
      socket.close(ignored);
    });
    co_await socket.async_connect(endpoint, awaiting(failed));
    *connecting = false;
    co_return failed == asio::error::operation_aborted ? asio::error::timed_out : failed;
  }

  asio::awaitable<void> connect_socket(RequestId id, tcp::socket& socket) {
    error_code failed;
    const auto address = asio::ip::make_address(access_.host, failed);
    const auto port = static_cast<asio::ip::port_type>(access_.port);
    if (!failed) {  // the usual case in a Pod: no resolver, and so no thread of it
      failed = co_await connect_to(socket, {address, port});
      if (failed) throw Failed{{connect_end(failed), failed.message()}};
      co_return;
    }
    tcp::resolver resolver(loop_);
    const auto found =
        co_await resolver.async_resolve(access_.host, std::to_string(port), awaiting(failed));
    if (failed)
      throw Failed{{End::Kind::unreachable, "the name cannot be resolved: " + failed.message()}};
    for (const auto& entry : found) {
      if (!wanted(id)) co_return;
      error_code ignored;
      socket.close(ignored);
      failed = co_await connect_to(socket, entry.endpoint());
      if (!failed) co_return;
    }
    throw Failed{{connect_end(failed), failed.message()}};
  }

  asio::awaitable<void> handshake(Connection& connection) {
    const std::string& name = access_.server_name.empty() ? access_.host : access_.server_name;
    SSL* ssl = connection.stream.native_handle();
    error_code no_address;
    asio::ip::make_address(name, no_address);
    if (no_address) {  // an address is no server name (RFC 6066 3)
      SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(name.c_str()));
    }
    bool name_matches = true;
    if (access_.verify_certificate) {
      const auto verify = asio::ssl::host_name_verification(name);
      connection.stream.set_verify_callback(
          [&name_matches, verify](bool trusted, asio::ssl::verify_context& context) {
            const bool accepted = verify(trusted, context);
            name_matches = !trusted || accepted;
            return accepted;
          });
    }
    error_code failed;
    co_await connection.stream.async_handshake(asio::ssl::stream_base::client, awaiting(failed));
    connection.stream.set_verify_callback([](bool, asio::ssl::verify_context&) { return false; });
    if (!failed) co_return;
    const long verdict = SSL_get_verify_result(ssl);
    if (!name_matches) {
      throw Failed{
          {End::Kind::untrusted_certificate, "the certificate is not for \"" + name + "\""}};
    }
    if (verdict != X509_V_OK) {
      throw Failed{{End::Kind::untrusted_certificate, X509_verify_cert_error_string(verdict)}};
    }
    throw Failed{{End::Kind::tls_failed, failed.message()}};
  }

  asio::io_context& loop_;
  ClusterAccess access_;
  Answers answers_;
  std::shared_ptr<CredentialSource> plugin_;      // null where the kubeconfig names none
  std::map<RequestId, ConnectionPtr> under_way_;  // null while there is no connection yet
  IdleConnections idle_;
  asio::steady_timer spare_timer_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

ApiClient::ApiClient(asio::io_context& loop, ClusterAccess access, Answers answers)
    : impl_(std::make_shared<Impl>(loop, std::move(access), std::move(answers))) {}

ApiClient::~ApiClient() { impl_->close(); }

void ApiClient::send(const session::SendRequest& request) { impl_->send(request); }

void ApiClient::cancel(RequestId id) { impl_->cancel(id); }

}  // namespace waiter::net
