// For tests: a server in its event loop, and TLS clients that live on the same thread. Whatever
// waits runs the loop until what it waits for is there; a deadline far beyond any real run turns a
// hang into a failure.
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <deque>
#include <fcntl.h>
#include <functional>
#include <map>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "fakeapi/server/api_server.hpp"

namespace fakeapi::server::testing_tools {

class Loop {
 public:
  /// False when the condition did not come true in time.
  bool until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      if (context.poll() == 0) context.run_one_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  boost::asio::io_context context{1};

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context.get_executor()};
};

/// A TCP connection to a port of 127.0.0.1; -1 when it is refused.
inline int dial(std::uint16_t port, const char* host = "127.0.0.1") {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host, &address.sin_addr);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    return -1;
  }
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

/// One client connection; `tls` false speaks in the clear.
class Client {
 public:
  Client(Loop& loop, std::uint16_t port, bool tls = true) : loop_(loop), fd_(dial(port)) {
    if (!tls || fd_ < 0) return;
    context_.reset(SSL_CTX_new(TLS_client_method()));
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), fd_);
    SSL_set_connect_state(ssl_.get());
  }
  ~Client() { hang_up(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  SSL* ssl() { return ssl_.get(); }

  /// Verifies against the authority, strictly, and for a name or an address.
  void expect(const std::string& ca_pem, const std::string& name, const std::string& address) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(
        BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size())), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> authority(
        PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), &X509_free);
    X509_STORE* store = SSL_CTX_get_cert_store(context_.get());
    X509_STORE_add_cert(store, authority.get());
    X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl_.get());
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
    if (!name.empty()) X509_VERIFY_PARAM_set1_host(parameters, name.data(), name.size());
    if (!address.empty()) X509_VERIFY_PARAM_set1_ip_asc(parameters, address.c_str());
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, nullptr);
  }

  bool handshake() {
    int outcome = 0;
    return loop_.until([&] {
      outcome = SSL_do_handshake(ssl_.get());
      return outcome == 1 || !waiting(outcome);
    }) && outcome == 1;
  }

  /// Sends all of it, however long the server takes to read.
  bool send(std::string_view bytes) {
    return loop_.until([&] {
      const long sent = write_some(bytes);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      return bytes.empty() || sent < 0;
    }) && bytes.empty();
  }

  /// Reads what has come; false when the connection has ended.
  bool read_some() {
    std::array<char, 16384> buffer{};
    while (!ended_) {
      const long got = read_into(buffer.data(), buffer.size());
      if (got == 0) return true;
      if (got < 0) ended_ = true;
      if (got > 0) received.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return false;
  }

  /// Reads until `text` has come, and takes everything up to its end; the rest stays.
  std::string read_to(const std::string& text) {
    std::size_t found = std::string::npos;
    loop_.until([&] {
      const bool open = read_some();
      found = received.find(text);
      return found != std::string::npos || !open;
    });
    return take(found == std::string::npos ? 0 : found + text.size());
  }

  std::string read_bytes(std::size_t size) {
    loop_.until([&] { return !read_some() || received.size() >= size; });
    return take(std::min(size, received.size()));
  }

  /// Head and body of an answer with Content-Length.
  std::pair<std::string, std::string> read_answer() {
    std::string head = read_to("\r\n\r\n");
    const auto at = head.find("Content-Length: ");
    const std::size_t size = at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    return {head, read_bytes(size)};
  }

  /// The data of the next chunk; the last one is empty; nothing when the connection ended before
  /// it.
  std::optional<std::string> read_chunk() {
    const std::string line = read_to("\r\n");
    if (line.empty()) return std::nullopt;
    const std::size_t size = std::stoul(line, nullptr, 16);
    std::string data = read_bytes(size + 2);
    if (data.size() != size + 2) return std::nullopt;
    data.resize(size);
    return data;
  }

  bool sees_end() {
    return loop_.until([&] { return !read_some(); });
  }
  /// The connection ended with RST.
  bool was_reset() const { return reset_; }

  void hang_up() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  std::string received;

 private:
  bool waiting(int outcome) {
    const int saved = errno;
    const int error = SSL_get_error(ssl_.get(), outcome);
    if (error == SSL_ERROR_SYSCALL && saved == ECONNRESET) reset_ = true;
    ERR_clear_error();
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
  }

  // Bytes moved, 0 for "not now", -1 for the end.
  long write_some(std::string_view bytes) {
    errno = 0;
    if (!ssl_) {
      const long sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      return sent < 0 && errno == EAGAIN ? 0 : sent;
    }
    const int sent = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    return sent > 0 ? sent : waiting(sent) ? 0 : -1;
  }

  long read_into(char* into, std::size_t size) {
    errno = 0;
    if (!ssl_) {
      const long got = ::recv(fd_, into, size, 0);
      if (got < 0 && errno == EAGAIN) return 0;
      reset_ = reset_ || (got < 0 && errno == ECONNRESET);
      return got > 0 ? got : -1;
    }
    const int got = SSL_read(ssl_.get(), into, static_cast<int>(size));
    return got > 0 ? got : waiting(got) ? 0 : -1;
  }

  std::string take(std::size_t size) {
    std::string taken = received.substr(0, size);
    received.erase(0, size);
    return taken;
  }

  Loop& loop_;
  int fd_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
  bool ended_ = false;
  bool reset_ = false;
};

/// What a test makes a stream say, and what became of the stream.
struct Script {
  using State = cluster::WatchStream::State;
  std::deque<cluster::WatchStream::Piece> pieces;
  std::optional<cluster::Instant> deadline;
  std::function<void()> ready;
  bool idle = false;
  bool destroyed = false;
  std::size_t asked = 0;

  void say(State state, const std::string& text = {}) {
    pieces.push_back({state, std::make_shared<const std::string>(text)});
    if (std::exchange(idle, false) && ready) ready();
  }
};

class ScriptedStream final : public cluster::WatchStream {
 public:
  explicit ScriptedStream(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  ~ScriptedStream() override { script_->destroyed = true; }
  Piece next(cluster::Instant now) override {
    ++script_->asked;
    if (script_->pieces.empty() && script_->deadline && now >= *script_->deadline) {
      return {State::ended, nullptr};
    }
    if (script_->pieces.empty()) {
      script_->idle = true;
      return {State::idle, nullptr};
    }
    Piece piece = std::move(script_->pieces.front());
    script_->pieces.pop_front();
    return piece;
  }
  std::optional<cluster::Instant> deadline() const override { return script_->deadline; }
  void on_ready(std::function<void()> ready) override { script_->ready = std::move(ready); }

 private:
  std::shared_ptr<Script> script_;
};

/// An identity costs milliseconds: one for all tests of a program.
inline const Identity& test_identity() {
  static const Identity identity = std::get<Identity>(make_identity(std::time(nullptr) - 60));
  return identity;
}

inline cluster::Instant real_now() {
  static const auto start = std::chrono::steady_clock::now();
  return cluster::Instant(std::chrono::steady_clock::now() - start);
}

/// A server on a free port of 127.0.0.1. GET /watch/NAME opens the stream of that name; every other
/// target is answered with its method, itself and the request's body; ?delay_ms= is thought over
/// first.
class TestServer {
 public:
  explicit TestServer(const Limits& limits = {})
      : server(
            loop.context, test_identity(), real_now,
            [this](cluster::Instant now, const wire::Caller& caller, cluster::Request request) {
              callers.emplace_back(caller.connection, caller.user_agent);
              if (pending) return wire::Exchange(std::exchange(pending, nullptr));
              auto response = answer(now, std::move(request));
              if (!fault) return wire::Exchange(now, std::move(response));
              wire::Decision decision{std::make_shared<const fault::Fault>(*fault),
                                      scenario::Draws(1, fault->name, ++fault_index)};
              if (fault->action.no_answer) return wire::Exchange::without_answer(now, decision);
              return wire::Exchange(now, std::move(response), std::move(decision));
            },
            limits) {
    port = std::get<std::uint16_t>(server.listen("127.0.0.1", 0));
  }

  std::shared_ptr<Script> script(const std::string& name) {
    auto& found = scripts_[name];
    if (!found) found = std::make_shared<Script>();
    return found;
  }

  /// Connected, and the handshake done.
  std::unique_ptr<Client> client() {
    auto made = std::make_unique<Client>(loop, port);
    EXPECT_TRUE(made->handshake());
    return made;
  }

  /// A client that has read the head of its watch.
  std::unique_ptr<Client> watch(const std::string& name) {
    auto made = client();
    EXPECT_TRUE(made->send("GET /watch/" + name + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_NE(made->read_to("\r\n\r\n").find("HTTP/1.1 200 OK"), std::string::npos);
    return made;
  }

  Loop loop;
  std::uint16_t port = 0;
  std::vector<cluster::Request> requests;
  std::vector<std::pair<std::uint64_t, std::string>> callers;  // connection and user agent
  std::optional<fault::Fault> fault;                           // meets every request
  std::uint64_t fault_index = 0;
  std::unique_ptr<wire::PendingAnswer> pending;  // answers the next request
  std::function<void()> before_answer;
  cluster::Headers extra_headers;
  std::string big_body = std::string(8U << 20U, 'x');
  ApiServer server;

 private:
  cluster::Response answer(cluster::Instant, cluster::Request request) {
    if (before_answer) before_answer();
    requests.push_back(request);
    cluster::Response response;
    response.headers = {{"Content-Type", "application/json"}};
    for (const auto& header : extra_headers) response.headers.push_back(header);
    if (request.target.rfind("/watch/", 0) == 0) {
      response.stream = std::make_unique<ScriptedStream>(script(request.target.substr(7)));
      if (cluster::find_header(request.headers, "Upgrade")) response.status = 101;
      return response;
    }
    const auto delay = request.target.find("delay_ms=");
    if (delay != std::string::npos) {
      response.delay = std::chrono::milliseconds(std::stoi(request.target.substr(delay + 9)));
    }
    response.body = std::make_shared<const std::string>(
        request.target == "/big" ? big_body
                                 : request.method + " " + request.target + " " + request.body);
    return response;
  }

  std::map<std::string, std::shared_ptr<Script>> scripts_;
};

inline std::string get(const std::string& target, const std::string& more = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
}

}  // namespace fakeapi::server::testing_tools
