// Sockets as the operating system gives them: an owned descriptor, and the few calls that must be
// made by hand because Asio's own do not set close-on-exec, which a server that starts other
// programs cannot do without.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace fakeapi::server {

/// Owns one descriptor; -1 is none.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~UniqueFd();

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// Why nothing listens: `code` is an errno value, `message` names the address and what can be done.
struct ListenError {
  int code = 0;
  std::string message;
};

/// A listening TCP socket, non-blocking and close-on-exec. `address` is numeric, IPv4 or IPv6; port
/// 0 takes a free one. What it accepts inherits TCP_NODELAY and SO_KEEPALIVE.
std::variant<UniqueFd, ListenError> open_listener(const std::string& address, std::uint16_t port);

/// The port that the socket is bound to.
std::uint16_t local_port(int fd);

/// Accepts one connection, non-blocking and close-on-exec. On failure nothing is valid and
/// `error_code` is errno.
UniqueFd accept_connection(int listener, int& error_code);

/// The peer will see a reset (RST), not an orderly end, when this descriptor is closed.
void reset_on_close(int fd);

/// Sends the acknowledgement that the kernel holds back. A server without session tickets says
/// nothing after the handshake, and a client with Nagle's algorithm on holds its first request back
/// until that acknowledgement: 40 ms.
void acknowledge_at_once(int fd);

/// "127.0.0.1:6443", "[::1]:6443".
std::string endpoint_text(const std::string& address, std::uint16_t port);

}  // namespace fakeapi::server
