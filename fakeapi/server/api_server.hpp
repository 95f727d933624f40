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
#include "fakeapi/scenario/fault/fault.hpp"
#include "fakeapi/server/identity.hpp"
#include "fakeapi/server/limits.hpp"
#include "fakeapi/server/socket.hpp"
#include "fakeapi/wire/exchange.hpp"

namespace boost::asio {
class io_context;
}

namespace fakeapi::server {

class ApiServer {
 public:
  /// Called on the loop's thread for each request; connections count from 1. It must not throw.
  using Handler = std::function<wire::Exchange(cluster::Instant now, const wire::Caller& caller,
                                               cluster::Request request)>;
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
  /// already is left alone. The connection `spared` is not reset: its answer is still to be sent.
  std::optional<ListenError> set_up(bool up, std::uint64_t spared = 0);

  /// Refuses new connections and leaves those that are open alone, until told otherwise. The error
  /// is that of set_up().
  std::optional<ListenError> set_refusing(bool refusing);

  /// Connections that come from now on are shown this certificate; those that are open go on. The
  /// error is a text for people.
  std::optional<std::string> set_identity(const Identity& identity);

  /// The server shows another certificate to the connections that `on_connect` chooses for it. The
  /// error is a text for people.
  std::optional<std::string> set_flawed_identity(fault::ConnectFault flaw,
                                                 const Identity& identity);

  /// Resets all open connections and goes on accepting: what a load balancer's restart looks like.
  void cut_connections();

  /// Ends the connections that are chosen, with RST or in order, and goes on accepting. The value
  /// is how many there were.
  enum class Cut { reset, in_order };
  std::size_t cut_connections(Cut how, const std::function<bool(const wire::Caller&)>& chosen);

  /// Ends every stream and connection in order and stops listening. Cancelled waits leave the
  /// io_context with its next turn; nothing else is left there.
  void stop();

  std::size_t connection_count() const;
  std::size_t stream_count() const;

  /// Asked for each connection that has come, if there is anybody to ask.
  std::function<fault::ConnectFault(cluster::Instant now, std::uint64_t connection)> on_connect;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fakeapi::server
