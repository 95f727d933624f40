// The HTTPS front of fakeapi: HTTP/1.1 over TLS, on one thread, for any Kubernetes client. It knows
// nothing of Kubernetes: each request is a value given to a handler, and what the handler returns
// is put on the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/cluster/message.hpp"
#include "fakeapi/server/identity.hpp"
#include "fakeapi/server/limits.hpp"
#include "fakeapi/server/socket.hpp"
#include "fakeapi/wire/exchange.hpp"

namespace boost::asio {
class io_context;
}

namespace fakeapi::server {

/// One request and how it was answered, for a log.
struct RequestRecord {
  std::uint64_t connection = 0;  // counts from 1; requests of one number came over one connection
  std::string method;
  std::string target;
  std::string user_agent;
  int status = 0;
};

class ApiServer {
 public:
  /// Called on the loop's thread for each request. It must not throw.
  using Handler = std::function<wire::Exchange(cluster::Instant now, cluster::Request)>;
  /// The cluster's time, which is expected to run at the pace of real time.
  using ClockNow = std::function<cluster::Instant()>;

  /// The io_context must outlive this, and be run by one thread. An identity that cannot be used is
  /// reported by listen(). The handler may call set_up(), cut_connections() and stop(), and must
  /// not destroy this.
  ApiServer(boost::asio::io_context& context, const Identity& identity, ClockNow clock,
            Handler handler, const Limits& limits = {});
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  /// Binds and starts accepting; port 0 takes a free one. The value is the port. May be called for
  /// several addresses.
  std::variant<std::uint16_t, ListenError> listen(const std::string& address, std::uint16_t port);

  /// Down: connections are refused, and all open ones are reset (RST). Up: listens on the same
  /// addresses and ports again; the error is the first address that could not be had. What is so
  /// already is left alone.
  std::optional<ListenError> set_up(bool up);

  /// Resets all open connections and goes on accepting: what a load balancer's restart looks like.
  void cut_connections();

  /// Ends every stream and connection in order and stops listening. Cancelled waits leave the
  /// io_context with its next turn; nothing else is left there.
  void stop();

  std::size_t connection_count() const;
  std::size_t stream_count() const;

  /// Called for each request when its status is known. Not for what never became a request.
  std::function<void(const RequestRecord&)> on_request;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fakeapi::server
