// Takes connections from a listening socket and hands them on, one by one.
#pragma once

#include <functional>
#include <memory>

#include "fakeapi/server/socket.hpp"

namespace boost::asio {
class io_context;
}

namespace fakeapi::server {

class Acceptor {
 public:
  using OnAccept = std::function<void(UniqueFd)>;

  Acceptor(boost::asio::io_context& context, UniqueFd listener, OnAccept on_accept);
  /// Closes the socket: from now on the kernel refuses connections, and resets those that were not
  /// accepted yet. `on_accept` is not called again; it may be what destroys this.
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace fakeapi::server
