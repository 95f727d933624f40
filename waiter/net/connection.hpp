// One connection to the API server, which carries one request after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <poll.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "waiter/net/tls.hpp"

namespace waiter::net {

struct Connection {
  Connection(boost::asio::io_context& loop, TlsContext context)
      : tls(std::move(context)), stream(loop, *tls) {}
  void close() {
    boost::system::error_code ignored;
    stream.next_layer().close(ignored);
  }
  /// The peer has ended it, or keepalive has found it dead. Bytes that nobody has read yet are no
  /// sign: after the handshake a server may send session tickets.
  bool is_over() {
    pollfd one{stream.next_layer().native_handle(), POLLRDHUP, 0};
    return ::poll(&one, 1, 0) == 1;
  }
  TlsContext tls;
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream;
  boost::beast::flat_buffer buffer;
  bool used = false;             // has answered a request before
  std::uint64_t credential = 0;  // whose certificate it was opened with; 0: of no plugin
};
using ConnectionPtr = std::shared_ptr<Connection>;

}  // namespace waiter::net
