// The client side of the bench: one TLS connection to a server on loopback, without a check of its
// certificate, as what is measured is the server.
#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

namespace bench {

/// "https://127.0.0.1:PORT", as a server prints it; 0 when there is none.
inline std::uint16_t port_of(std::string_view text) {
  constexpr std::string_view prefix = "https://127.0.0.1:";
  const std::size_t at = text.find(prefix);
  if (at == std::string_view::npos) return 0;
  return static_cast<std::uint16_t>(std::stoul(std::string(text.substr(at + prefix.size(), 5))));
}

inline SSL_CTX* make_client_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);  // there may be ten thousand
  SSL_CTX_set_read_ahead(context, 1);
  return context;
}

/// Does not block after connect(): what has to wait is called again after wait_readable().
class TlsClient {
 public:
  /// A receive buffer of 0 bytes is the kernel's choice.
  TlsClient(SSL_CTX* context, std::uint16_t port, int receive_buffer_bytes = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), ssl_(SSL_new(context), &SSL_free) {
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer_bytes > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    failed_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0;
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
    SSL_set_fd(ssl_.get(), fd_);
    SSL_set_connect_state(ssl_.get());
  }
  ~TlsClient() {
    ssl_.reset();
    ::close(fd_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  int fd() const { return fd_; }
  /// The connection is over, whoever ended it.
  bool failed() const { return failed_; }
  bool has_pending() const { return SSL_has_pending(ssl_.get()) == 1; }

  void wait_readable() const {
    pollfd one{fd_, POLLIN, 0};
    ::poll(&one, 1, 10'000);
  }

  /// True when it is done.
  bool try_handshake() { return judge(SSL_do_handshake(ssl_.get())); }
  bool handshake() {
    while (!failed_ && !try_handshake()) wait_readable();
    return !failed_;
  }

  bool send(std::string_view text) {
    std::size_t sent = 0;
    return !failed_ && judge(SSL_write_ex(ssl_.get(), text.data(), text.size(), &sent));
  }

  /// What is there; empty when that is nothing. Valid until the next call, of any connection.
  std::string_view try_read() {
    static std::string bytes(16384, '\0');
    std::size_t got = 0;
    if (failed_ || !judge(SSL_read_ex(ssl_.get(), bytes.data(), bytes.size(), &got))) return {};
    return std::string_view(bytes).substr(0, got);
  }
  std::string_view read() {
    std::string_view bytes = try_read();
    for (; bytes.empty() && !failed_; bytes = try_read()) wait_readable();
    return bytes;
  }

 private:
  bool judge(int outcome) {
    if (outcome == 1) return true;
    const int error = SSL_get_error(ssl_.get(), outcome);
    failed_ = failed_ || (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE);
    return false;
  }

  int fd_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  bool failed_ = false;
};

}  // namespace bench
