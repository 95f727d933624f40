#include "waiter/net/socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace waiter::net {
namespace {

using boost::asio::ip::tcp;
using keep_idle = boost::asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
using keep_interval = boost::asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
using keep_count = boost::asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;

}  // namespace

void open_socket(tcp::socket& socket, const tcp& protocol, boost::system::error_code& failed) {
  socket.open(protocol, failed);
  if (failed) return;
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  boost::system::error_code ignored;  // a socket without these options still works
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(boost::asio::socket_base::keep_alive(true), ignored);
  socket.set_option(keep_idle(15), ignored);
  socket.set_option(keep_interval(5), ignored);
  socket.set_option(keep_count(3), ignored);
}

}  // namespace waiter::net
