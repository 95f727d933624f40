// How every TCP socket of the engine is opened.
#pragma once

#include <boost/asio/ip/tcp.hpp>

namespace waiter::net {

/// Close-on-exec (a child must not inherit an authenticated connection; Asio does not set it), no
/// Nagle delay, and keepalive probes, which find a peer that vanished without a word: 15 s idle,
/// then 3 probes 5 s apart.
void open_socket(boost::asio::ip::tcp::socket& socket, const boost::asio::ip::tcp& protocol,
                 boost::system::error_code& failed);

}  // namespace waiter::net
