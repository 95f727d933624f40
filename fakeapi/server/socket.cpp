// What each socket option is there for is said where it is set.
#include "fakeapi/server/socket.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace fakeapi::server {
namespace {

// Ten thousand clients that start together must not see a refused or delayed connect; the kernel
// cuts this to net.core.somaxconn, which is 4096 since Linux 5.4.
constexpr int backlog_connections = 4096;

// What the kernel may hold for one reader that does not read; left alone it takes up to 4 MiB
// (tcp_wmem in tcp(7)), of memory that is no process's, before the server learns of it. The kernel
// doubles the number for its own bookkeeping.
constexpr int send_buffer_bytes = 128 << 10;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

std::optional<Address> parse_address(const std::string& text, std::uint16_t port) {
  Address address;
  auto* four = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (::inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  auto* six = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (::inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return std::nullopt;
}

std::string advice(int code) {
  switch (code) {
    case EADDRINUSE:
      return "; another program listens there: stop it or take another port";
    case EADDRNOTAVAIL:
      return "; no interface of this machine or namespace has this address";
    case EACCES:
      return "; ports below 1024 need CAP_NET_BIND_SERVICE";
    default:
      return "";
  }
}

ListenError failure(int code, const std::string& address, std::uint16_t port) {
  std::string reason = std::generic_category().message(code);
  if (code == EADDRINUSE) reason = "address already in use";
  return {code, "cannot listen on " + endpoint_text(address, port) + ": " + reason + advice(code)};
}

void enable(int fd, int level, int option) {
  const int on = 1;
  ::setsockopt(fd, level, option, &on, sizeof on);
}

}  // namespace

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) ::close(fd_);
}

std::variant<UniqueFd, ListenError> open_listener(const std::string& address, std::uint16_t port) {
  auto bound = parse_address(address, port);
  if (!bound) {
    return ListenError{EINVAL, "cannot listen on " + endpoint_text(address, port) +
                                   ": the address must be numeric, like 127.0.0.1 or ::1"};
  }
  UniqueFd fd(::socket(bound->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return failure(errno, address, port);
  // A server that was taken down comes back on its port although old connections are still in
  // TIME_WAIT.
  enable(fd.get(), SOL_SOCKET, SO_REUSEADDR);
  // 127.0.0.1 and ::, each on the same port, are two listeners.
  if (bound->storage.ss_family == AF_INET6) enable(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  // Inherited by what is accepted (Linux), which saves two calls for each connection. An event must
  // not wait for the acknowledgement of the one before it; a vanished client must not hold its
  // watch for ever.
  enable(fd.get(), IPPROTO_TCP, TCP_NODELAY);
  enable(fd.get(), SOL_SOCKET, SO_KEEPALIVE);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
  if (::bind(fd.get(), bound->get(), bound->size) != 0) return failure(errno, address, port);
  if (::listen(fd.get(), backlog_connections) != 0) return failure(errno, address, port);
  return fd;
}

std::uint16_t local_port(int fd) {
  Address address;
  address.size = sizeof address.storage;
  if (::getsockname(fd, address.get(), &address.size) != 0) return 0;
  if (address.storage.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port);
  }
  return ntohs(reinterpret_cast<sockaddr_in6*>(&address.storage)->sin6_port);
}

UniqueFd accept_connection(int listener, int& error_code) {
  UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  error_code = fd.valid() ? 0 : errno;
  return fd;
}

void reset_on_close(int fd) {
  // A linger time of zero makes close() send RST and drop what is unsent (socket(7), SO_LINGER).
  const linger no_goodbye{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &no_goodbye, sizeof no_goodbye);
}

void acknowledge_at_once(int fd) { enable(fd, IPPROTO_TCP, TCP_QUICKACK); }

std::string endpoint_text(const std::string& address, std::uint16_t port) {
  const bool six = address.find(':') != std::string::npos;
  return (six ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

}  // namespace fakeapi::server
