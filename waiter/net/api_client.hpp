// Sends the session's requests over TLS and reports heads, bytes and ends. HTTP/1.1 with
// keep-alive: the connection of a list is used again for its watch. It decides nothing but which
// connection to use.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "waiter/net/cluster_access.hpp"
#include "waiter/session/message.hpp"

namespace boost::asio {
class io_context;
}

namespace waiter::net {

/// Called from the event loop, never from inside send() or cancel().
struct Answers {
  std::function<void(session::RequestId, const session::Head&)> on_head;
  std::function<void(session::RequestId, std::string_view)> on_body;
  std::function<void(session::RequestId, const session::End&)>
      on_end;  // once for each request, unless it is cancelled
};

class ApiClient {
 public:
  ApiClient(boost::asio::io_context& loop, ClusterAccess access, Answers answers);
  ~ApiClient();
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  void send(const session::SendRequest& request);
  void cancel(session::RequestId id);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace waiter::net
