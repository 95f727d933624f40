// Requests to one API server, one after the other over a connection that is kept.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "fakeapi/client/access.hpp"
#include "fakeapi/client/credentials.hpp"
#include "fakeapi/client/follow.hpp"

namespace fakeapi::client {

/// Thrown by the coroutines below where there is no answer, or no end of one.
struct Failed {
  Failure::Kind kind;
  std::string message;
};

struct Head {
  int status = 0;
  std::string retry_after;
};

class Caller {
 public:
  /// All of them outlive this.
  Caller(boost::asio::io_context& loop, const Access& access, Credentials& credentials);
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  /// Sends a GET and reads the head of its answer, within `limit`.
  boost::asio::awaitable<Head> ask(std::string target, std::chrono::seconds limit);
  /// The answer may take so long from now on.
  void allow(std::chrono::seconds limit);
  /// The next piece of the body, as it comes; "" only where the body is at its end.
  boost::asio::awaitable<std::string> piece();
  bool at_end() const;
  /// All of the rest of the body.
  boost::asio::awaitable<std::string> whole_body();
  /// The answer is read, or will not be: the connection is kept where that is possible.
  void finish();

 private:
  struct Connection;

  boost::asio::awaitable<std::unique_ptr<Connection>> connect();
  boost::asio::awaitable<void> connect_socket(Connection& connection);
  boost::asio::awaitable<void> handshake(Connection& connection);
  std::string request_text(const std::string& target);
  Failed broken(const char* how, const std::string& why) const;

  boost::asio::io_context& loop_;
  const Access& access_;
  Credentials& credentials_;
  std::unique_ptr<Connection> connection_;  // null: none is open
};

}  // namespace fakeapi::client
